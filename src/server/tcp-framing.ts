import { LENGTH_OCTETS } from '../wire/frame.ts'
import { HEADER_OCTETS } from '../wire/header.ts'

/** What the next two length octets and the message after them turned out to be (RFC 1035 4.2.2). */
export type Frame =
  | { readonly kind: 'message'; readonly octets: Uint8Array }
  /** Not all of it is here. */
  | { readonly kind: 'incomplete' }
  /** A message that no query can be: shorter than a header, or a reply. The stream is of no more use. */
  | { readonly kind: 'garbage' }

const FLAG_QR = 0x80
const INCOMPLETE: Frame = { kind: 'incomplete' }
const GARBAGE: Frame = { kind: 'garbage' }
const EMPTY = new Uint8Array(0)

/**
 * Cuts a client's TCP stream into messages, whatever the pieces it arrives in: one when it is asked for, and no more once
 * there is rubbish, where the reader of wire/frame.ts gives all that come. Holds what has arrived and is not yet taken, never
 * room for what a length octet merely promises.
 */
export class FrameReader {
  #buffer: Uint8Array = EMPTY
  /** What is waiting stands from `#start` to `#end` of the buffer. */
  #start = 0
  #end = 0

  /** Octets that wait to become a message. */
  get waitingOctets(): number {
    return this.#end - this.#start
  }

  /** Takes in a piece of the stream. The piece itself is kept, not copied, where nothing was waiting. */
  push(piece: Uint8Array): void {
    const waiting = this.waitingOctets
    if (waiting === 0) {
      this.#buffer = piece
      this.#start = 0
      this.#end = piece.length
      return
    }
    if (this.#end + piece.length > this.#buffer.length) this.#makeRoom(waiting + piece.length)
    this.#buffer.set(piece, this.#end)
    this.#end += piece.length
  }

  /** Takes the next message off the stream. Its octets stay valid until the next `push`. */
  next(): Frame {
    const waiting = this.waitingOctets
    if (waiting < LENGTH_OCTETS) return INCOMPLETE
    const length = (this.#octet(0) << 8) | this.#octet(1)
    if (length < HEADER_OCTETS) return GARBAGE
    if (waiting > LENGTH_OCTETS + 2 && (this.#octet(LENGTH_OCTETS + 2) & FLAG_QR) !== 0) return GARBAGE
    if (waiting < LENGTH_OCTETS + length) return INCOMPLETE
    const from = this.#start + LENGTH_OCTETS
    const octets = this.#buffer.subarray(from, from + length)
    this.#start = from + length
    if (this.#start === this.#end) this.#buffer = EMPTY
    if (this.#start === this.#end) this.#start = this.#end = 0
    return { kind: 'message', octets }
  }

  #octet(index: number): number {
    return this.#buffer[this.#start + index] ?? 0
  }

  /** Twice what is needed, so that a message in one-octet pieces is copied a few times and not once per piece. */
  #makeRoom(neededOctets: number): void {
    const larger = new Uint8Array(neededOctets * 2)
    larger.set(this.#buffer.subarray(this.#start, this.#end))
    this.#end -= this.#start
    this.#start = 0
    this.#buffer = larger
  }
}
