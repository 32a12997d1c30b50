import { setTimeout as sleep } from 'node:timers/promises'

export interface WaitOptions {
  readonly limitMs?: number
  readonly everyMs?: number
}

/**
 * Calls until something other than undefined or false comes back, and gives that. Throws an Error that names what was waited for,
 * and the last error of the call, when it takes too long.
 */
export async function waitFor<T>(
  what: string,
  check: () => Promise<T | undefined | false> | T | undefined | false,
  { limitMs = 30_000, everyMs = 50 }: WaitOptions = {},
): Promise<T> {
  const deadline = performance.now() + limitMs
  for (;;) {
    let failure: unknown
    try {
      const found = await check()
      if (found !== undefined && found !== false) return found
    } catch (error) {
      failure = error
    }
    if (performance.now() > deadline) {
      const reason = failure instanceof Error ? `: ${failure.message}` : ''
      throw new Error(`${what}: not within ${limitMs / 1000} s${reason}`, { cause: failure })
    }
    await sleep(everyMs)
  }
}
