import { octetsFromField, stringFromField } from './character-string.ts'
import { ROOT, nameFromRelativeText } from './name.ts'
import { secondsFromText } from './seconds-text.ts'
import type { CharacterString } from './character-string.ts'
import type { DomainName } from './name.ts'

/** Reads fields front to back; a wrong or missing one sets `malformed`, which is looked at once at the end. */
export class FieldReader {
  malformed = false
  private readonly texts: readonly string[]
  private readonly origin: DomainName
  private index = 0

  constructor(texts: readonly string[], origin: DomainName) {
    this.texts = texts
    this.origin = origin
  }

  get remaining(): number {
    return this.texts.length - this.index
  }

  text(): string {
    return this.checked(this.texts[this.index++], '')
  }

  name(): DomainName {
    return this.checked(nameFromRelativeText(this.text(), this.origin), ROOT)
  }

  string(): CharacterString {
    return this.checked(stringFromField(this.text()), '')
  }

  /** A character-string without a limit, one UTF-16 unit for each octet. */
  octets(): string {
    return this.checked(octetsFromField(this.text()), '')
  }

  /** All that is left, hexadecimal digits that may be split by spaces: one octet or more. */
  hex(): Uint8Array {
    let hex = this.text()
    while (this.remaining > 0) hex += this.text()
    const isHex = hex.length % 2 === 0 && /^[0-9a-f]+$/i.test(hex)
    return this.checked(isHex ? Uint8Array.from(Buffer.from(hex, 'hex')) : undefined, EMPTY)
  }

  /** All fields that are left, as they are. */
  rest(): readonly string[] {
    const rest = this.texts.slice(this.index)
    this.index = this.texts.length
    return rest
  }

  uint8(): number {
    return this.number(0xff)
  }

  uint16(): number {
    return this.number(0xffff)
  }

  uint32(): number {
    return this.number(0xffff_ffff)
  }

  seconds(): number {
    return this.checked(secondsFromText(this.text(), 0xffff_ffff), 0)
  }

  private number(most: number): number {
    const text = this.text()
    return this.checked(/^\d{1,10}$/.test(text) && Number(text) <= most ? Number(text) : undefined, 0)
  }

  /** The value, or the fallback and a mark where there is none. */
  checked<T>(value: T | undefined, fallback: T): T {
    if (value === undefined) this.malformed = true
    return value ?? fallback
  }
}

const EMPTY = new Uint8Array(0)
