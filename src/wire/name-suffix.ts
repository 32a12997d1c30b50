import type { DomainName } from './name.ts'
import { POINTER } from './name-wire.ts'
import { writeUint16 } from './octets.ts'

const DOT = 0x2e

/**
 * Where `suffix` begins in `name`: the index in its text, which is also the offset in its octets, since the dots stand for
 * lengths. -1 where `name` does not end in those labels, letter case included, where `suffix` is the root, and where there are
 * escapes: with those the two are not the same.
 */
export function suffixStart(name: DomainName, suffix: DomainName): number {
  const start = name.length - suffix.length
  if (suffix.length < 2 || !name.endsWith(suffix) || name.includes('\\')) return -1
  return start === 0 || name.charCodeAt(start - 1) === DOT ? start : -1
}

/**
 * Writes the labels of `name` before `start`, an index that `suffixStart` gave, and behind them a pointer to `target`, where
 * the rest of the name stands in the message. Returns the offset after it.
 */
export function composePrefix(
  name: DomainName,
  start: number,
  {
    target,
    octets,
    offset,
  }: { readonly target: number; readonly octets: Uint8Array; readonly offset: number },
): number {
  let lengthAt = offset
  for (let index = 0; index < start; index++) {
    const code = name.charCodeAt(index)
    octets[offset + index + 1] = code
    if (code !== DOT) continue
    octets[lengthAt] = offset + index - lengthAt
    lengthAt = offset + index + 1
  }
  writeUint16(octets, offset + start, POINTER | target)
  return offset + start + 2
}
