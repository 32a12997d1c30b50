import { octetAt } from '../../../wire/octets.ts'
import { MalformedStream } from '../api-event.ts'

/** Where a field of protobuf is, though its value may not have come. */
export interface ProtoField {
  readonly number: number
  /** Whether its value is a text or message. */
  readonly isOctets: boolean
  /** Where its value begins, or what follows the length of it. */
  readonly start: number
  /** Of the value. */
  readonly sizeOctets: number
}

/** 64 bits in groups of seven. */
const VARINT_OCTETS_MAX = 10

/** The field that begins at `offset`; undefined where `end` comes too soon to tell. Throws `MalformedStream`. */
export function peekField(octets: Uint8Array, offset: number, end: number): ProtoField | undefined {
  const tagEnd = varintEnd(octets, offset, end)
  if (tagEnd === undefined) return undefined
  const tag = varintValue(octets, offset, tagEnd)
  const number = Math.floor(tag / 8)
  const wireType = tag & 7
  if (wireType === 1) return { number, isOctets: false, start: tagEnd, sizeOctets: 8 }
  if (wireType === 5) return { number, isOctets: false, start: tagEnd, sizeOctets: 4 }
  if (wireType !== 0 && wireType !== 2) throw new MalformedStream(`a field has wire type ${wireType}`)
  const valueEnd = varintEnd(octets, tagEnd, end)
  if (valueEnd === undefined) return undefined
  if (wireType === 0) return { number, isOctets: false, start: tagEnd, sizeOctets: valueEnd - tagEnd }
  return { number, isOctets: true, start: valueEnd, sizeOctets: varintValue(octets, tagEnd, valueEnd) }
}

function varintEnd(octets: Uint8Array, offset: number, end: number): number | undefined {
  for (let at = offset; at < end; at++) {
    if (at - offset === VARINT_OCTETS_MAX) throw new MalformedStream('a number is longer than 64 bits')
    if (octetAt(octets, at) < 0x80) return at + 1
  }
  return undefined
}

function varintValue(octets: Uint8Array, offset: number, end: number): number {
  let value = 0
  for (let at = end - 1; at >= offset; at--) value = value * 128 + (octetAt(octets, at) & 0x7f)
  return value
}
