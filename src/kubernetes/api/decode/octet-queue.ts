import { MalformedStream } from '../api-event.ts'

/** An object, or whatever else must be there as a whole, may have as many octets. The API server takes 3 MiB. */
export const WHOLE_OCTETS_MAX = 16 * 1024 * 1024

/** Room for this much is kept for the next time, whatever was needed before. */
const KEPT_OCTETS = 256 * 1024

/**
 * Octets that have come and are not used up yet: what is left of one chunk is put before the next. Room is made for what is there, never
 * for what a length says will come.
 */
export class OctetQueue {
  #room = EMPTY
  #left = 0

  /** What was left, then the chunk: the chunk itself where nothing was. Valid until the next call. */
  join(chunk: Uint8Array): Buffer {
    if (this.#left === 0) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    const total = this.#left + chunk.length
    if (total - chunk.length > WHOLE_OCTETS_MAX) throw tooLarge()
    if (total > this.#room.length) {
      const room = Buffer.allocUnsafeSlow(Math.max(2 * this.#room.length, total))
      this.#room.copy(room, 0, 0, this.#left)
      this.#room = room
    }
    this.#room.set(chunk, this.#left)
    return this.#room.subarray(0, total)
  }

  /** Leaves the octets from `offset` on of what `join` gave, for the next time. */
  leave(octets: Buffer, offset: number): void {
    const left = octets.length - offset
    if (octets.buffer !== this.#room.buffer) {
      if (left > this.#room.length) this.#room = Buffer.allocUnsafeSlow(left)
      octets.copy(this.#room, 0, offset)
    } else if (offset > 0) {
      this.#room.copyWithin(0, offset, octets.length)
      if (this.#room.length > KEPT_OCTETS && left <= KEPT_OCTETS) {
        this.#room = Buffer.from(this.#room.subarray(0, left))
      }
    }
    this.#left = left
  }

  get isEmpty(): boolean {
    return this.#left === 0
  }
}

const EMPTY = Buffer.alloc(0)

export function tooLarge(): MalformedStream {
  return new MalformedStream(`an object has more than ${WHOLE_OCTETS_MAX} octets`)
}
