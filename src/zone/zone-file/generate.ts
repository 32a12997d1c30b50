import type { Token } from './lexer.ts'

/** What a range counts: start, start + step, … up to stop. */
export interface GenerateRange {
  readonly start: number
  readonly stop: number
  readonly step: number
}

/** Values that one $GENERATE may count: a whole /16. */
export const MAX_GENERATED = 65_536

const MAX_NUMBER = 0x7fff_ffff
/** A longer field fits into no name or string. */
const MAX_WIDTH = 255

/** The range that `start-stop` or `start-stop/step` means; a sentence that says what is wrong with it otherwise. */
export function rangeFromText(text: string): GenerateRange | string {
  const match = /^(\d{1,10})-(\d{1,10})(?:\/(\d{1,10}))?$/.exec(text)
  if (match === null) return 'write start-stop or start-stop/step, such as 1-254'
  const [start, stop, step] = [Number(match[1]), Number(match[2]), Number(match[3] ?? '1')]
  if (start > stop) return 'the start is above the stop: swap them'
  if (step === 0 || stop > MAX_NUMBER || step > MAX_NUMBER)
    return `numbers go up to ${MAX_NUMBER}, the step from 1`
  const count = Math.floor((stop - start) / step) + 1
  if (count > MAX_GENERATED)
    return `that is ${count} records: at most ${MAX_GENERATED} are made, split the range`
  return { start, stop, step }
}

/** Makes a word for each value of a range; undefined for values below 0. */
export type Template = (value: number) => string | undefined

/**
 * The template that a word means (BIND 9 ARM, "$GENERATE"): `$` is the value, `${offset,width,base}` the value with
 * `offset` added, padded with zeros to `width`, in base `d`, `o`, `x`, `X`, or as reversed nibbles with dots `n`, `N`;
 * `\$` is the character. Undefined when malformed.
 */
export function templateFromText(text: string): Template | undefined {
  const parts: (string | Template)[] = []
  // An escape other than \$ is left for the reader of names and strings.
  const pattern = /\\\$|\\.|\$\$|\$(\{[^}]*\}?)?|[^\\$]+|\\/gs
  for (const [whole, format] of text.matchAll(pattern)) {
    if (whole === String.raw`\$` || whole === '$$') parts.push('$')
    else if (!whole.startsWith('$')) parts.push(whole)
    else {
      const part = format === undefined ? String : formatFromText(format)
      if (part === undefined) return undefined
      parts.push(part)
    }
  }
  return (value) => fill(parts, value)
}

/** The tokens for one value; undefined where a template goes below 0. */
export function generateTokens(
  tokens: readonly (readonly [Token, Template])[],
  value: number,
): Token[] | undefined {
  const made: Token[] = []
  for (const [token, template] of tokens) {
    const text = template(value)
    if (text === undefined) return undefined
    made.push({ ...token, text })
  }
  return made
}

function fill(parts: readonly (string | Template)[], value: number): string | undefined {
  let text = ''
  for (const part of parts) {
    const piece = typeof part === 'string' ? part : part(value)
    if (piece === undefined) return undefined
    text += piece
  }
  return text
}

/** `{offset[,width[,base]]}`. */
function formatFromText(text: string): Template | undefined {
  const match = /^\{(-?\d{1,10})(?:,(\d{1,3})(?:,([doxXnN]))?)?\}$/.exec(text)
  if (match === null) return undefined
  const offset = Number(match[1])
  const width = Number(match[2] ?? '0')
  const base = match[3] ?? 'd'
  if (width > MAX_WIDTH) return undefined
  return (value) => {
    const number = value + offset
    return number < 0 || number > MAX_NUMBER ? undefined : numberText(number, width, base)
  }
}

function numberText(number: number, width: number, base: string): string {
  if (base === 'n' || base === 'N') return nibbles(number, width, base)
  const digits = number.toString(RADIX.get(base) ?? 10).padStart(width, '0')
  return base === 'X' ? digits.toUpperCase() : digits
}

const RADIX: ReadonlyMap<string, number> = new Map([
  ['o', 8],
  ['x', 16],
  ['X', 16],
])

/** Hexadecimal digits from the lowest on, with dots between; the dots count for the width. */
function nibbles(number: number, width: number, base: string): string {
  const digits = Array.from(number.toString(16)).toReversed()
  while (digits.length * 2 - 1 < width - 1) digits.push('0')
  // An even width ends in a dot, so that what follows is the next label.
  const text = digits.join('.') + (width > digits.length * 2 - 1 ? '.' : '')
  return base === 'N' ? text.toUpperCase() : text
}
