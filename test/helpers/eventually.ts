import { setTimeout } from 'node:timers/promises'

/** Waits until `check` no longer throws, and gives the milliseconds that took; throws what it throws after `limitMs`. */
export async function eventually(check: () => void, limitMs = 5000): Promise<number> {
  const startedAt = performance.now()
  for (;;) {
    try {
      check()
      return performance.now() - startedAt
    } catch (error) {
      if (performance.now() - startedAt > limitMs) throw error
    }
    await setTimeout(5)
  }
}
