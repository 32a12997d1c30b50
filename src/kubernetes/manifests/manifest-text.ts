import { isUtf8 } from 'node:buffer'
import type { ManifestPosition } from './manifest.ts'

/** The text of one manifest file, and where its lines start. */
export class ManifestText {
  readonly file: string
  readonly text: string
  #lineStarts: readonly number[] | undefined

  /** `file` as it is shown to the user; `-` is standard input. */
  constructor(file: string, text: string) {
    this.file = file
    this.text = text
  }

  /** The line and column of an offset in the text; columns count UTF-16 units, as editors do. */
  position(offset: number): ManifestPosition {
    this.#lineStarts ??= findLineStarts(this.text)
    const line = lastAtMost(this.#lineStarts, offset)
    return { file: this.file, line: line + 1, column: offset - (this.#lineStarts[line] ?? 0) + 1 }
  }
}

/** Why octets are no manifest text: what is wrong, how to mend it, and where. */
export interface UndecodableText {
  readonly message: string
  readonly line: number
  readonly column: number
}

/** The octets of a file as text. A byte order mark is taken off; line breaks stay as they are. */
export function decodeManifestText(octets: Uint8Array): string | UndecodableText {
  if (startsWithUtf16Mark(octets)) {
    return { message: 'the file is UTF-16: save it as UTF-8', line: 1, column: 1 }
  }
  if (!isUtf8(octets)) return findUndecodable(octets)
  const text = new TextDecoder().decode(octets)
  const nul = text.indexOf('\0')
  if (nul < 0) return text
  const { line, column } = new ManifestText('', text).position(nul)
  const message =
    'a NUL character: this is no text, or it is UTF-16 without a byte order mark: save it as UTF-8'
  return { message, line, column }
}

function startsWithUtf16Mark(octets: Uint8Array): boolean {
  return (octets[0] === 0xff && octets[1] === 0xfe) || (octets[0] === 0xfe && octets[1] === 0xff)
}

/** 0x0A is never part of a longer UTF-8 sequence, so every line can be judged alone. */
function findUndecodable(octets: Uint8Array): UndecodableText {
  let line = 1
  let start = 0
  for (;;) {
    const newline = octets.indexOf(0x0a, start)
    const end = newline < 0 ? octets.length : newline
    const lineOctets = octets.subarray(start, end)
    if (newline < 0 || !isUtf8(lineOctets)) {
      const column = new TextDecoder().decode(lineOctets).indexOf('\ufffd') + 1
      return { message: 'not UTF-8 text: save the file as UTF-8', line, column: Math.max(column, 1) }
    }
    start = newline + 1
    line++
  }
}

/** YAML 1.2.2 section 5.4: a line ends with CR LF, LF or CR. */
function findLineStarts(text: string): number[] {
  const starts = [0]
  for (const lineBreak of text.matchAll(/\r\n|\n|\r/g)) starts.push(lineBreak.index + lineBreak[0].length)
  return starts
}

/** The index of the last of the ascending numbers that is not above `limit`; 0 where there is none. */
function lastAtMost(ascending: readonly number[], limit: number): number {
  let low = 0
  let high = ascending.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((ascending[middle] ?? Infinity) <= limit) low = middle
    else high = middle - 1
  }
  return low
}
