import type { DomainName } from './name.ts'

/**
 * Reads a DNS message or a part of it, front to back. A read past `end` gives 0 and sets `overrun`: callers check once
 * per record, not once per field. The octets are never copied; `subarray` gives views.
 */
export class OctetReader {
  readonly octets: Uint8Array
  /** Where the next read starts. */
  offset: number
  /** Reads stop here: the length of the message, or the end of the rdata being read. */
  end: number
  overrun = false
  /** The names that pointers led to so far, by offset; created with the first one. */
  pointedNames: Map<number, DomainName> | undefined = undefined

  constructor(octets: Uint8Array, offset = 0) {
    this.octets = octets
    this.offset = offset
    this.end = octets.length
  }

  uint8(): number {
    const at = this.offset
    if (!this.advance(1)) return 0
    return this.octets[at]!
  }

  uint16(): number {
    const at = this.offset
    if (!this.advance(2)) return 0
    return readUint16(this.octets, at)
  }

  uint32(): number {
    const at = this.offset
    if (!this.advance(4)) return 0
    return readUint32(this.octets, at)
  }

  /** An IPv6 address. */
  uint128(): bigint {
    const at = this.offset
    if (!this.advance(16)) return 0n
    const high = (BigInt(readUint32(this.octets, at)) << 32n) | BigInt(readUint32(this.octets, at + 4))
    const low = (BigInt(readUint32(this.octets, at + 8)) << 32n) | BigInt(readUint32(this.octets, at + 12))
    return (high << 64n) | low
  }

  /** A character-string of RFC 1035 3.3: one length octet and that many octets. */
  characterString(): string {
    return this.latin1(this.uint8())
  }

  /** The next `size` octets as one UTF-16 unit each (latin1). */
  latin1(size: number): string {
    const at = this.offset
    return this.advance(size) ? latin1FromOctets(this.octets, at, at + size) : ''
  }

  /** A view of the next `size` octets. */
  subarray(size: number): Uint8Array {
    const at = this.offset
    return this.advance(size) ? this.octets.subarray(at, at + size) : EMPTY
  }

  /** Steps over `size` octets; false (and `overrun`) where there are not that many. */
  advance(size: number): boolean {
    if (this.offset + size > this.end) {
      this.overrun = true
      return false
    }
    this.offset += size
    return true
  }
}

const EMPTY = new Uint8Array(0)

/** The octet at `offset`; the caller has checked that there is one. */
export function octetAt(octets: Uint8Array, offset: number): number {
  return octets[offset]!
}

/** The element at `index` of a table; the caller has checked that there is one. */
export function elementAt(table: Uint16Array, index: number): number {
  return table[index]!
}

export function readUint16(octets: Uint8Array, offset: number): number {
  return (octets[offset]! << 8) | octets[offset + 1]!
}

function readUint32(octets: Uint8Array, offset: number): number {
  return readUint16(octets, offset) * 0x10000 + readUint16(octets, offset + 2)
}

export function writeUint16(octets: Uint8Array, offset: number, value: number): void {
  octets[offset] = value >>> 8
  octets[offset + 1] = value
}

export function writeUint32(octets: Uint8Array, offset: number, value: number): void {
  writeUint16(octets, offset, value >>> 16)
  writeUint16(octets, offset + 2, value & 0xffff)
}

/** An IPv6 address as 16 octets. */
export function writeUint128(octets: Uint8Array, offset: number, value: bigint): void {
  for (let word = 3, rest = value; word >= 0; word--, rest >>= 32n) {
    writeUint32(octets, offset + word * 4, Number(rest & 0xffff_ffffn))
  }
}

/** Writes one octet per UTF-16 unit of `text` (latin1) and returns the offset after it. */
export function writeLatin1(octets: Uint8Array, offset: number, text: string): number {
  for (let index = 0; index < text.length; index++) octets[offset + index] = text.charCodeAt(index)
  return offset + text.length
}

/** Writes a character-string of RFC 1035 3.3, at most 255 octets, and returns the offset after it. */
export function writeCharacterString(octets: Uint8Array, offset: number, text: string): number {
  octets[offset] = text.length
  return writeLatin1(octets, offset + 1, text)
}

/** The octets from `start` to `end` as one UTF-16 unit each (latin1). */
function latin1FromOctets(octets: Uint8Array, start: number, end: number): string {
  return Buffer.from(octets.buffer, octets.byteOffset + start, end - start).toString('latin1')
}

/** Octets as lower-case hexadecimal digits. */
export function hexFromOctets(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('hex')
}
