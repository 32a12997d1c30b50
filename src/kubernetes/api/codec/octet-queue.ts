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
  #room: Buffer = EMPTY
  #leftOctets = 0
  /** Whether what `join` gave stands in the room. */
  #isInRoom = false

  get isEmpty(): boolean {
    return this.#leftOctets === 0
  }

  /** What was left, then the chunk: the chunk itself where nothing was. Good until `leave`, which must follow. */
  join(chunk: Uint8Array): Buffer {
    this.#isInRoom = this.#leftOctets > 0
    if (!this.#isInRoom) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    const total = this.#leftOctets + chunk.length
    if (total > this.#room.length) this.#resize(Math.max(2 * this.#room.length, total))
    this.#room.set(chunk, this.#leftOctets)
    return this.#room.subarray(0, total)
  }

  /** Keeps the octets from `offset` on of what `join` gave, for the next time. */
  leave(octets: Buffer, offset: number): void {
    this.#leftOctets = octets.length - offset
    if (!this.#isInRoom) {
      if (this.#leftOctets > this.#room.length) this.#room = Buffer.allocUnsafeSlow(this.#leftOctets)
      octets.copy(this.#room, 0, offset)
      return
    }
    if (offset > 0) this.#room.copyWithin(0, offset, octets.length)
    if (this.#room.length > KEPT_OCTETS && this.#leftOctets <= KEPT_OCTETS) this.#resize(this.#leftOctets)
  }

  #resize(sizeOctets: number): void {
    const room = Buffer.allocUnsafeSlow(sizeOctets)
    this.#room.copy(room)
    this.#room = room
  }
}

const EMPTY = Buffer.alloc(0)

export function tooLarge(): MalformedStream {
  return new MalformedStream(`an object has more than ${WHOLE_OCTETS_MAX} octets`)
}
