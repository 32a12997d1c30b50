import { HEADER_OCTETS } from './header.ts'
import { MAX_LABEL_OCTETS, MAX_NAME_OCTETS, ROOT, asDomainName, countOctets, escapeLabel } from './name.ts'
import { octetAt, readUint16, writeLatin1 } from './octets.ts'
import type { DomainName } from './name.ts'
import type { OctetReader } from './octets.ts'

/** A name of 255 octets has at most 127 labels; honest compression needs at most one pointer per label. */
const MAX_POINTERS = 127
/** The two bits that make a pointer of an offset (RFC 1035 4.1.4). */
export const POINTER = 0xc000

/**
 * Parses the name at the reader's offset and steps behind it (RFC 1035 3.1, 4.1.4).
 *
 *     name    = *label ( %x00 / pointer )
 *     label   = length (1-63), that many octets
 *     pointer = 0b11, 14 bits: an earlier offset in the message
 *
 * A pointer leads strictly backwards, to before the octets that it ends (RFC 9267 section 2), so no loop is possible.
 * What it leads to is parsed once per message, so the time is in proportion to the octets. Undefined when malformed: label
 * type 0b01 or 0b10, more than 255 octets, a pointer forward or into the header, or an end in the middle.
 *
 * @param depth how many pointers led here
 */
export function parseName(reader: OctetReader, depth = 0): DomainName | undefined {
  const { octets, end, offset: start } = reader
  let at = start
  let size = 0
  for (;;) {
    if (at >= end) return undefined
    const length = octetAt(octets, at++)
    if (length === 0) {
      reader.offset = at
      if (at - start > MAX_NAME_OCTETS) return undefined
      return size === 0 ? ROOT : asDomainName(SCRATCH.toString('latin1', 0, size))
    }
    if (length >= POINTER >>> 8) break
    if (length > MAX_LABEL_OCTETS || at + length > end || at + length - start >= MAX_NAME_OCTETS)
      return undefined
    size = appendLabel(octets, at, length, size)
    at += length
  }
  if (at >= end) return undefined
  const labels = SCRATCH.toString('latin1', 0, size)
  const target = readUint16(octets, at - 1) - POINTER
  const pointed = target < start ? pointedName(reader, target, depth) : undefined
  if (pointed === undefined || at - 1 - start + countOctets(pointed) > MAX_NAME_OCTETS) return undefined
  reader.offset = at + 1
  return pointed === ROOT && size > 0 ? asDomainName(labels) : asDomainName(labels + pointed)
}

/**
 * Composes a name without compression at `offset` and returns the offset after it. The caller has made sure that
 * `countOctets(name)` octets are free.
 */
export function composeName(name: DomainName, octets: Uint8Array, offset: number): number {
  let lengthAt = offset
  let out = offset + 1
  for (let index = name === ROOT ? 1 : 0; index < name.length; index++) {
    const code = name.charCodeAt(index)
    if (code === 0x2e) {
      octets[lengthAt] = out - lengthAt - 1
      lengthAt = out++
    } else if (code !== 0x5c) {
      octets[out++] = code
    } else {
      const first = name.charCodeAt(++index)
      const isNumber = first >= 0x30 && first <= 0x39
      octets[out++] = isNumber ? Number(name.slice(index, index + 3)) : first
      if (isNumber) index += 2
    }
  }
  octets[lengthAt] = 0
  return out
}

/** The name at `target`, an offset in front of everything parsed of the present name. */
function pointedName(reader: OctetReader, target: number, depth: number): DomainName | undefined {
  const names = (reader.pointedNames ??= new Map())
  const known = names.get(target)
  if (known !== undefined) return known
  if (target < HEADER_OCTETS || depth >= MAX_POINTERS) return undefined
  const { end } = reader
  reader.offset = target
  reader.end = reader.octets.length
  const name = parseName(reader, depth + 1)
  reader.end = end
  if (name !== undefined) names.set(target, name)
  return name
}

/** The presentation form of the name being parsed: 255 octets, each at most `\DDD`. Used up before the next one is begun. */
const SCRATCH = Buffer.alloc(MAX_NAME_OCTETS * 4)

/** 1 for each octet that stands for itself in presentation format. */
const IS_PLAIN = Uint8Array.from({ length: 256 }, (_, octet) =>
  escapeLabel(String.fromCharCode(octet)).length === 1 ? 1 : 0,
)

/** Appends a label and its dot to SCRATCH, which holds `size` characters; returns the new size. */
function appendLabel(octets: Uint8Array, start: number, length: number, size: number): number {
  let out = size
  for (let at = start; at < start + length; at++) {
    const octet = octetAt(octets, at)
    if (octetAt(IS_PLAIN, octet) === 1) SCRATCH[out++] = octet
    else out = writeLatin1(SCRATCH, out, escapeLabel(String.fromCharCode(octet)))
  }
  SCRATCH[out++] = 0x2e
  return out
}
