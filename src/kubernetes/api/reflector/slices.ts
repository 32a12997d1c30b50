import type { Pause } from '../../pause.ts'

/** Looking at the clock costs about what telling an object does. */
const ITEMS_BETWEEN_LOOKS = 16

/** A pause for after each of many small pieces, that throws where the work was ended meanwhile. */
export function createSlices(pause: Pause, signal: AbortSignal): Pause {
  let items = 0
  return () => {
    signal.throwIfAborted()
    items += 1
    if (items < ITEMS_BETWEEN_LOOKS) return undefined
    items = 0
    return pause()?.then(() => signal.throwIfAborted())
  }
}
