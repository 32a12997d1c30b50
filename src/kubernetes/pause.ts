import { setImmediate } from 'node:timers/promises'

/** Waits a turn of the event loop where the work since the last wait took long enough; else costs next to nothing. */
export type Pause = () => Promise<void> | undefined

/** Keeps long work from holding up a serving process: await the returned function after each small piece. */
export function createPause(sliceMs = 10): Pause {
  let startedAt = performance.now()
  return () => {
    if (performance.now() - startedAt < sliceMs) return undefined
    return setImmediate().then(() => {
      startedAt = performance.now()
    })
  }
}
