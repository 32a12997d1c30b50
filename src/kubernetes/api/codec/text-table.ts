import { octetAt } from '../../../wire/octets.ts'

/** A power of two. Two texts that fall on one slot take turns: nothing breaks, one of them is made anew. */
const SLOTS = 8_192

/** Longer ones are hardly met twice. */
const KEPT_LENGTH_MAX = 64

/**
 * Gives equal texts as the same string, from octets without making one first. Keeps the last `SLOTS` short ones, so it does not
 * grow. (Namespaces, Services, zones and names of ports come back by the thousand; making each costs twice the time.)
 */
export class TextTable {
  readonly #slots: string[] = []

  constructor() {
    // Holes cost nothing to make: 2 µs in place of 340 for as many empty texts.
    this.#slots.length = SLOTS
  }

  /** The text of UTF-8 octets. */
  fromOctets(octets: Buffer, start: number, end: number): string {
    const length = end - start
    if (length === 0) return ''
    if (length > KEPT_LENGTH_MAX) return octets.toString('utf8', start, end)
    let hash = length
    let all = 0
    for (let at = start; at < end; at++) {
      const octet = octetAt(octets, at)
      all |= octet
      hash = Math.imul(hash ^ octet, 0x01000193)
    }
    if (all > 0x7f) return octets.toString('utf8', start, end)
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1)
    const kept = this.#slots[slot]
    if (kept !== undefined && isText(kept, octets, start, length)) return kept
    const text = octets.toString('latin1', start, end)
    this.#slots[slot] = text
    return text
  }

  /** The string that was given before for the same text, where it is still kept. */
  same(text: string): string {
    const { length } = text
    if (length === 0 || length > KEPT_LENGTH_MAX) return text
    let hash = length
    for (let at = 0; at < length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1)
    const kept = this.#slots[slot]
    if (kept === text) return kept
    this.#slots[slot] = text
    return text
  }
}

/** Whether the octets are that text, which is ASCII. */
export function isText(text: string, octets: Buffer, start: number, length: number): boolean {
  if (text.length !== length) return false
  for (let index = 0; index < length; index++) {
    if (text.charCodeAt(index) !== octetAt(octets, start + index)) return false
  }
  return true
}
