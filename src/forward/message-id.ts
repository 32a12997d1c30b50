import { randomFillSync } from 'node:crypto'

/** Ids drawn from the system's generator at a time: one call for 2,048 queries costs little more than one for one. */
const BATCH = 2048

/**
 * Message ids nobody can foretell (RFC 5452 section 9.2): each is 16 fresh bits of the operating system's
 * cryptographic generator, never a counter and never derived from another id.
 */
export function createIdSource(fill: (ids: Uint16Array) => void = randomFillSync): () => number {
  const ids = new Uint16Array(BATCH)
  let next = BATCH
  return () => {
    if (next === BATCH) {
      fill(ids)
      next = 0
    }
    const id = ids[next] ?? 0
    ids[next++] = 0
    return id
  }
}
