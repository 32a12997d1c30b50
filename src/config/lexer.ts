import { ConfigError } from './config-error.ts'
import type { Position } from './corefile.ts'

/** A word of a Corefile. */
export interface Token {
  /** Without the quotes; environment variables still stand as references. */
  readonly text: string
  /** True where it was written in quotes: then it is never a brace, an `import` or a comment. */
  readonly quoted: boolean
  /** True for the first word of a line. */
  readonly startsLine: boolean
  readonly position: Position
}

/** More words than any configuration has; keeps memory bounded. */
export const MAX_TOKENS = 1_000_000

/**
 * The words of a Corefile, as CoreDNS divides them: white space separates; a word that starts with `"` reaches to the
 * next `"`, over line ends too, and `\"` in it is a quote; `#` outside quotes comments out the rest of the line, in the
 * middle of a word too (corefile(5)). No other character is special: a brace is a brace only as a word by itself, and a
 * backslash at the end of a line is a word.
 * Throws a ConfigError at a quote that is never closed, and above MAX_TOKENS words.
 */
export function lex(text: string, file: string): readonly Token[] {
  const tokens: Token[] = []
  const cursor = { text, file, index: 0, line: 1, lineStart: 0 }
  let startsLine = true
  for (;;) {
    startsLine = skipBlank(cursor) || startsLine
    if (cursor.index >= text.length) return tokens
    const position = positionOf(cursor)
    if (tokens.length >= MAX_TOKENS) {
      throw new ConfigError({
        code: 'SLICEDNS_CONFIG_TOO_LARGE',
        message: `more than ${MAX_TOKENS} words in one file`,
        position,
      })
    }
    const isQuoted = text.charAt(cursor.index) === '"'
    const word = isQuoted ? readQuoted(cursor, position) : readBare(cursor)
    tokens.push({ text: word, quoted: isQuoted, startsLine, position })
    startsLine = false
  }
}

interface Cursor {
  readonly text: string
  readonly file: string
  index: number
  line: number
  /** Where the current line begins in the text. */
  lineStart: number
}

function positionOf({ file, index, line, lineStart }: Cursor): Position {
  return { file, line, column: index - lineStart + 1 }
}

/** Skips white space and comments; true where a line ended. */
function skipBlank(cursor: Cursor): boolean {
  const { text } = cursor
  let lineEnded = false
  for (let inComment = false; cursor.index < text.length; cursor.index++) {
    const character = text.charAt(cursor.index)
    if (character === '\n') {
      endLine(cursor)
      lineEnded = true
      inComment = false
    } else if (character === '#') {
      inComment = true
    } else if (!inComment && !isSpace(character)) break
  }
  return lineEnded
}

function readBare(cursor: Cursor): string {
  const start = cursor.index
  for (; cursor.index < cursor.text.length; cursor.index++) {
    const character = cursor.text.charAt(cursor.index)
    if (character === '#' || isSpace(character)) break
  }
  return cursor.text.slice(start, cursor.index)
}

function readQuoted(cursor: Cursor, opened: Position): string {
  const { text } = cursor
  const parts: string[] = []
  let start = ++cursor.index
  for (; cursor.index < text.length; cursor.index++) {
    const character = text.charAt(cursor.index)
    if (character === '"') {
      parts.push(text.slice(start, cursor.index++))
      return parts.join('')
    }
    if (character === '\n') endLine(cursor)
    if (character !== '\\') continue
    if (text.charAt(cursor.index + 1) === '"') {
      parts.push(text.slice(start, cursor.index))
      start = cursor.index + 1
    }
    cursor.index++
    if (text.charAt(cursor.index) === '\n') endLine(cursor)
  }
  throw new ConfigError({
    code: 'SLICEDNS_CONFIG_OPEN_QUOTE',
    message: 'this quote is never closed',
    position: opened,
    hint: 'end the word with " (inside it, a quote is \\")',
  })
}

/** The cursor stands on the line end. */
function endLine(cursor: Cursor): void {
  cursor.line++
  cursor.lineStart = cursor.index + 1
}

/** White space as Unicode has it, and the byte order mark. */
function isSpace(character: string): boolean {
  if (character === ' ' || character === '\n' || character === '\t' || character === '\r') return true
  if (character > ' ' && character < '\u0080') return false
  return /[\s\u0085]/.test(character)
}
