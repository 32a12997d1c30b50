import { octetAt } from '../../../wire/octets.ts'
import { MalformedStream } from '../api-event.ts'
import { OctetQueue, WHOLE_OCTETS_MAX, tooLarge } from './octet-queue.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const NEWLINE = 0x0a
const FIRST_IN_TEXT = 0x20

/** What an octet outside of texts means; 0 for those that are part of a number or word. */
const OPENS = 1
const CLOSES = 2
const DIVIDES = 3
const SPACE = 4
const ROLES = Uint8Array.from({ length: 256 }, (_, octet) => roleOf(String.fromCharCode(octet)))

function roleOf(character: string): number {
  if ('{['.includes(character)) return OPENS
  if ('}]'.includes(character)) return CLOSES
  if (',:'.includes(character)) return DIVIDES
  return ' \t\r\n'.includes(character) ? SPACE : 0
}

/**
 * Takes JSON (RFC 8259) apart while it arrives, as far as whoever reads it wants: into punctuation marks and whole values. However it
 * is cut into chunks, each octet is looked at once.
 */
export class JsonTokens {
  readonly #queue = new OctetQueue()
  #octets: Buffer = EMPTY
  /** Where what is not used up begins. */
  #offset = 0
  /** Of the value that begins there: how many octets were looked at, and what they left open. */
  #scanned = 0
  #depth = 0
  #isInText = false
  readonly #isByLine: boolean

  /** With `isByLine` no value goes on over the end of a line: a broken one does not swallow what comes after it. */
  constructor({ isByLine = false } = {}) {
    this.#isByLine = isByLine
  }

  /** Adds a chunk. Tokens are taken until there are none; then comes `release`. */
  push(chunk: Uint8Array): void {
    this.#octets = this.#queue.join(chunk)
    this.#offset = 0
  }

  /** Keeps what is not used up and lets go of the chunk. */
  release(): void {
    this.#queue.leave(this.#octets, this.#offset)
    this.#octets = EMPTY
    this.#offset = 0
  }

  /** The next character that is no white space, without taking it; undefined where none has come. */
  peek(): string | undefined {
    const octets = this.#octets
    while (this.#scanned === 0 && this.#offset < octets.length) {
      if (octetAt(ROLES, octetAt(octets, this.#offset)) !== SPACE) break
      this.#offset++
    }
    if (this.#offset === octets.length) return undefined
    return String.fromCharCode(octetAt(octets, this.#offset))
  }

  /** Takes the character that `peek` gave. */
  take(): void {
    this.#offset++
  }

  /** The value that begins with what `peek` gave; undefined where not all of it has come. Throws `MalformedStream`. */
  takeValue(): { readonly value: unknown } | undefined {
    const end = this.#valueEnd()
    if (end === undefined) return undefined
    const text = this.#octets.toString('utf8', this.#offset, end)
    this.#offset = end
    try {
      return { value: JSON.parse(text) as unknown }
    } catch (error) {
      throw new MalformedStream('the octets are not JSON', { cause: error })
    }
  }

  /** Where the value ends that begins at the offset. */
  #valueEnd(): number | undefined {
    const octets = this.#octets
    const { length } = octets
    let at = this.#offset + this.#scanned
    let depth = this.#depth
    let isInText = this.#isInText
    while (at < length) {
      const octet = octetAt(octets, at)
      if (isInText) {
        // What is escaped may be in the next chunk: then `at` is beyond this one and goes on from there.
        at += octet === BACKSLASH ? 2 : 1
        if (octet !== QUOTE) {
          if (octet < FIRST_IN_TEXT) throw new MalformedStream('a text goes on over the end of a line')
          continue
        }
        isInText = false
        if (depth === 0) return this.#found(at)
        continue
      }
      const role = octetAt(ROLES, octet)
      // A number or word ends before what follows it.
      if (depth === 0 && role >= CLOSES) return this.#found(at)
      at++
      if (octet === NEWLINE && this.#isByLine) throw new MalformedStream('a line ends within an event')
      if (role === OPENS) depth++
      else if (role === CLOSES && --depth === 0) return this.#found(at)
      else if (octet === QUOTE) isInText = true
    }
    this.#scanned = at - this.#offset
    this.#depth = depth
    this.#isInText = isInText
    if (this.#scanned > WHOLE_OCTETS_MAX) throw tooLarge()
    return undefined
  }

  #found(end: number): number {
    this.#scanned = 0
    this.#depth = 0
    this.#isInText = false
    return end
  }
}

const EMPTY = Buffer.alloc(0)
