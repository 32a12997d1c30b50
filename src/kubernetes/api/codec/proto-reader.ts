import { ipFromText } from '../../../wire/ip-address.ts'
import { octetAt } from '../../../wire/octets.ts'
import type { IpAddress } from '../../../wire/rdata.ts'
import { BrokenObject } from './broken-object.ts'
import { type TextTable, isText } from './text-table.ts'

/** Wire types (protobuf "Encoding"). The two of groups are not among them: Kubernetes has none. */
const VARINT = 0
const I64 = 1
const LEN = 2
const I32 = 5

/** Where some octets are. */
export interface OctetRange {
  start: number
  end: number
}

/** 64 bits in groups of seven. */
const VARINT_OCTETS_MAX = 10

/**
 * Reads one message of protobuf's wire format, field after field, and the messages inside it. Throws `BrokenObject` where the octets
 * are no such message. A field is a tag, `number << 3 | wire type`, and a value: a varint, 4 or 8 octets, or a length and octets.
 */
export class ProtoReader {
  /** Number of the field at hand. */
  field = 0
  #wireType = 0
  readonly #texts: TextTable
  #octets: Buffer = EMPTY
  #offset = 0
  #end = 0

  constructor(texts: TextTable) {
    this.#texts = texts
  }

  /** Reads from `start` to `end` from now on. */
  reset(octets: Buffer, start: number, end: number): void {
    this.#octets = octets
    this.#offset = start
    this.#end = end
  }

  /** Lets go of the octets. */
  release(): void {
    this.reset(EMPTY, 0, 0)
  }

  /** Steps to the next field; false at the end of the message. Each field must then be read or skipped. */
  next(): boolean {
    if (this.#offset === this.#end) return false
    const tag = this.#varint()
    this.#wireType = tag & 7
    this.field = Math.floor(tag / 8)
    if (this.field === 0) throw new BrokenObject('it has a field without a number')
    return true
  }

  /** Steps into the message that the field is, and gives what `leave` needs. */
  enter(): number {
    const outer = this.#end
    const length = this.#length()
    this.#end = this.#offset + length
    return outer
  }

  /** Steps out of a message after its last field. */
  leave(outer: number): void {
    this.#offset = this.#end
    this.#end = outer
  }

  /** Steps through the message that the field is: `take` is given the number of each of its fields, and reads or skips it. */
  message(take: (field: number) => void): void {
    const outer = this.enter()
    while (this.next()) take(this.field)
    this.leave(outer)
  }

  /** What is read. */
  get octets(): Buffer {
    return this.#octets
  }

  /** Where the next field begins. Can be set back: for a field that decides how those before it are read. */
  get offset(): number {
    return this.#offset
  }

  set offset(offset: number) {
    this.#offset = offset
  }

  /** A text that comes back often. */
  text(): string {
    const length = this.#length()
    const start = this.#offset
    this.#offset = start + length
    return this.#texts.fromOctets(this.#octets, start, this.#offset)
  }

  /** Whether the text is this one, which is ASCII. */
  isText(expected: string): boolean {
    const length = this.#length()
    const start = this.#offset
    this.#offset = start + length
    return isText(expected, this.#octets, start, length)
  }

  /** A text of this object alone. */
  ownText(): string {
    const length = this.#length()
    const start = this.#offset
    this.#offset = start + length
    return this.#octets.toString('utf8', start, this.#offset)
  }

  /** An address: an IPv4 or IPv6 address in the form that `ipFromText` takes, else the text. */
  address(): IpAddress | string {
    const length = this.#length()
    const start = this.#offset
    this.#offset = start + length
    const ipv4 = ipv4FromOctets(this.#octets, start, this.#offset)
    if (ipv4 !== undefined) return ipv4
    const text = this.#octets.toString('utf8', start, this.#offset)
    return ipFromText(text) ?? text
  }

  /** An int32: the lower 32 bits of what may be 64, in two's complement. */
  int32(): number {
    if (this.#wireType !== VARINT) throw this.#wrongType()
    const start = this.#offset
    this.#varint()
    let value = 0
    for (let at = Math.min(this.#offset, start + 5) - 1; at >= start; at--) {
      value = (value << 7) | (octetAt(this.#octets, at) & 0x7f)
    }
    return value
  }

  boolean(): boolean {
    return this.int32() !== 0
  }

  /** Says where the octets of the field begin and end; it is read with that. */
  range(range: OctetRange): void {
    const length = this.#length()
    range.start = this.#offset
    this.#offset += length
    range.end = this.#offset
  }

  skip(): void {
    if (this.#wireType === LEN) {
      const length = this.#length()
      this.#offset += length
    } else if (this.#wireType === VARINT) this.#varint()
    else if (this.#wireType === I64) this.#step(8)
    else if (this.#wireType === I32) this.#step(4)
    else throw this.#wrongType()
  }

  /** The length of a text or message, which fits into what is left. */
  #length(): number {
    if (this.#wireType !== LEN) throw this.#wrongType()
    const length = this.#varint()
    if (length > this.#end - this.#offset) throw new BrokenObject('a field is longer than what holds it')
    return length
  }

  #step(size: number): void {
    if (size > this.#end - this.#offset) throw new BrokenObject('it ends inside a field')
    this.#offset += size
  }

  #varint(): number {
    // Nearly all are small.
    if (this.#offset < this.#end) {
      const octet = octetAt(this.#octets, this.#offset)
      if (octet < 0x80) {
        this.#offset += 1
        return octet
      }
    }
    let value = 0
    let factor = 1
    for (let count = 0; count < VARINT_OCTETS_MAX; count++) {
      if (this.#offset >= this.#end) throw new BrokenObject('it ends inside a number')
      const octet = octetAt(this.#octets, this.#offset++)
      if (octet < 0x80) return value + octet * factor
      value += (octet & 0x7f) * factor
      factor *= 128
    }
    throw new BrokenObject('a number is longer than 64 bits')
  }

  #wrongType(): BrokenObject {
    return new BrokenObject(`field ${this.field} has wire type ${this.#wireType}`)
  }
}

const EMPTY = Buffer.alloc(0)

const DOT = 0x2e
const ZERO = 0x30

/** The address where the octets are four decimal numbers as `ipFromText` takes them; undefined for all else. */
function ipv4FromOctets(octets: Buffer, start: number, end: number): number | undefined {
  if (end - start < 7 || end - start > 15) return undefined
  let address = 0
  let part = -1
  let dots = 0
  for (let at = start; at < end; at++) {
    const octet = octetAt(octets, at)
    if (octet === DOT) {
      if (part === -1) return undefined
      address = address * 256 + part
      part = -1
      dots++
      continue
    }
    const digit = octet - ZERO
    // A digit after a zero would be a leading zero.
    if (digit < 0 || digit > 9 || part === 0) return undefined
    part = part === -1 ? digit : part * 10 + digit
    if (part > 255) return undefined
  }
  return dots === 3 && part !== -1 ? address * 256 + part : undefined
}
