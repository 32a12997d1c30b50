import { setTimeout as wait } from 'node:timers/promises'

/** Resolves when all is known, or when that has taken so long; rejects where it cannot be known before. */
export async function knownOrLate(known: Promise<void>, limitMs: number): Promise<void> {
  const limit = new AbortController()
  const late = wait(limitMs, undefined, { signal: limit.signal, ref: false }).catch(() => {})
  try {
    await Promise.race([known, late])
  } finally {
    limit.abort()
  }
}
