import type { Position } from '../../config/corefile.ts'
import type { ZoneProblems } from './zone-problem.ts'

/** A word of a zone file. */
export interface Token {
  /** Quotes taken off, escapes left in. */
  readonly text: string
  readonly isQuoted: boolean
  /** Whether it follows the token before without a space: the value of `alpn="h2"`. */
  readonly isGlued: boolean
  readonly position: Position
}

/** A directive or a record: one line, or several in parentheses. At least one token. */
export interface Entry {
  readonly tokens: readonly [Token, ...Token[]]
  /** Whether the line begins with a space: the owner is the one before (RFC 1035 5.1). */
  readonly startsBlank: boolean
}

/**
 * The entries of a zone file (RFC 1035 5.1): words at spaces, `"…"` with spaces, `;` up to the end of the line, `(…)`
 * over lines. Undefined for a line without words, and for an entry that cannot be split into words, which is reported.
 */
export function* readEntries(
  text: string,
  file: string,
  problems: ZoneProblems,
): Generator<Entry | undefined, void> {
  const lexer = new Lexer(text, file, problems)
  while (!lexer.isAtEnd) yield lexer.entry()
}

const BYTE_ORDER_MARK = 0xfe_ff
const PLAIN = /(?:[^\s;()"\\]|\\.|\\)+/y
const QUOTED = /"((?:[^"\\\n]|\\.)*)(")?/y

class Lexer {
  readonly #text: string
  readonly #file: string
  readonly #problems: ZoneProblems
  #at: number
  #line = 1
  #lineStart = 0
  #isBroken = false

  constructor(text: string, file: string, problems: ZoneProblems) {
    this.#text = text
    this.#file = file
    this.#problems = problems
    this.#at = this.#lineStart = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length
  }

  /** The next entry; undefined for an empty line and for one that was reported. */
  entry(): Entry | undefined {
    const startsBlank = /[ \t]/.test(this.#text.charAt(this.#at))
    const tokens: Token[] = []
    const open: Position[] = []
    this.#isBroken = false
    let end = -1
    while (!this.isAtEnd) {
      const character = this.#text.charAt(this.#at)
      if (character === '\n') {
        this.#newLine()
        if (open.length === 0) break
      } else if (character === '(' || character === ')') {
        this.#parenthesis(character, open)
      } else if (character === ';') {
        this.#skipComment()
      } else if (/\s/.test(character)) {
        this.#at++
      } else {
        tokens.push(this.#token(this.#at === end))
        end = this.#at
      }
    }
    const [unclosed] = open
    if (unclosed !== undefined) this.#report(unclosed, 'this parenthesis is never closed: add the )')
    const [first, ...rest] = tokens
    return first === undefined || this.#isBroken ? undefined : { tokens: [first, ...rest], startsBlank }
  }

  #token(isGlued: boolean): Token {
    const position = this.#position()
    if (this.#text.charAt(this.#at) !== '"') {
      return { text: this.#match(PLAIN)[0], isQuoted: false, isGlued, position }
    }
    const [, text = '', closing] = this.#match(QUOTED)
    if (closing === undefined) {
      this.#report(
        position,
        'this quote is not closed on its line: add the ", or write \\" for the character',
      )
    }
    return { text, isQuoted: true, isGlued, position }
  }

  #match(pattern: RegExp): readonly [string, ...(string | undefined)[]] {
    pattern.lastIndex = this.#at
    // Each pattern matches at least the character that it was chosen for.
    const [whole = '', ...groups] = pattern.exec(this.#text) ?? []
    this.#at += Math.max(whole.length, 1)
    return [whole, ...groups]
  }

  #parenthesis(character: string, open: Position[]): void {
    if (character === '(') open.push(this.#position())
    else if (open.pop() === undefined) {
      this.#report(this.#position(), 'this ) closes nothing: remove it, or put a ( in front')
    }
    this.#at++
  }

  #skipComment(): void {
    const end = this.#text.indexOf('\n', this.#at)
    this.#at = end === -1 ? this.#text.length : end
  }

  #newLine(): void {
    this.#line++
    this.#lineStart = ++this.#at
  }

  #position(): Position {
    return { file: this.#file, line: this.#line, column: this.#at - this.#lineStart + 1 }
  }

  #report(position: Position, message: string): void {
    this.#isBroken = true
    this.#problems.error('SLICEDNS_ZONE_SYNTAX', position, message)
  }
}
