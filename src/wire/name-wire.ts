import { MAX_LABEL_OCTETS, MAX_NAME_OCTETS, ROOT, asDomainName, escapeLabel } from './name.ts'
import { octetAt, writeLatin1 } from './octets.ts'
import type { DomainName } from './name.ts'
import type { OctetReader } from './octets.ts'

/** A name of 255 octets has at most 127 labels; honest compression needs at most one pointer per label. */
const MAX_POINTERS = 127
const HEADER_OCTETS = 12

/**
 * Parses the name at the reader's offset and steps behind it (RFC 1035 3.1, 4.1.4).
 *
 *     name    = *label ( %x00 / pointer )
 *     label   = length (1-63), that many octets
 *     pointer = 0b11, 14 bits: an earlier offset in the message
 *
 * A pointer leads strictly backwards, to before the octets that it ends (RFC 9267 section 2), so no loop is possible;
 * the number of pointers is bounded too. Undefined when malformed: label type 0b01 or 0b10, more than 255 octets, a
 * pointer forward or into the header, or an end in the middle.
 */
export function parseName(reader: OctetReader): DomainName | undefined {
  const octets = reader.octets
  let at = reader.offset
  let end = reader.end
  let next = -1
  let lowest = at
  let pointers = 0
  let nameOctets = 1
  let size = 0
  for (;;) {
    if (at >= end) return undefined
    const length = octetAt(octets, at++)
    if (length === 0) break
    if (length >= 0xc0) {
      if (at >= end || ++pointers > MAX_POINTERS) return undefined
      const target = ((length & 0x3f) << 8) | octetAt(octets, at++)
      if (target >= lowest || target < HEADER_OCTETS) return undefined
      if (next < 0) next = at
      at = lowest = target
      end = octets.length
      continue
    }
    nameOctets += length + 1
    if (length > MAX_LABEL_OCTETS || nameOctets > MAX_NAME_OCTETS || at + length > end) return undefined
    size = appendLabel(octets, at, length, size)
    at += length
  }
  reader.offset = next < 0 ? at : next
  return size === 0 ? ROOT : asDomainName(SCRATCH.toString('latin1', 0, size))
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

/** The presentation form of the name being parsed: 255 octets, each at most `\DDD`. Used within one call only. */
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
