import type { TextRange } from './documents.ts'

/** A document with a long list, in pieces that can be read one after the other. */
export interface ListPieces {
  /** The document without its items. */
  readonly header: string
  /** Parts of the text, each a YAML document of its own: a sequence of some items. */
  readonly batches: readonly TextRange[]
}

/**
 * Cuts a document such as `kubectl get -A -o yaml` writes: a mapping in block style whose key `items` holds a sequence in block
 * style. Undefined where it is short or not so simple. Reading a list of 10,000 Services in one go would hold up
 * everything else for seconds. Lines are all that is looked at, so a piece may turn out to be no YAML: then the whole is to be read
 * at once.
 */
export function splitListItems(text: string, { start, end }: TextRange): ListPieces | undefined {
  if (end - start < batchLength * 2) return undefined
  const body = text.slice(start, end)
  const key = /(?:^|\n)items:(?:[ \t]+#[^\n]*|[ \t]*\r?)\n/.exec(body)
  // An anchor may be used in another piece.
  if (key === null || /[*&]/.test(body)) return undefined
  const keyStart = key[0].startsWith('\n') ? key.index + 1 : key.index
  const itemsStart = key.index + key[0].length
  const indent = findIndent(body, itemsStart)
  if (indent === undefined) return undefined
  const itemsEnd = endOfItems(body, itemsStart, indent.length)
  const batches = batchesOf(body.slice(0, itemsEnd), itemsStart, indent)
  return {
    header: body.slice(0, keyStart) + body.slice(itemsEnd),
    batches: batches.map((batch) => ({ start: start + batch.start, end: start + batch.end })),
  }
}

/** Some 16 kB of YAML are read in a few milliseconds. */
const batchLength = 16 * 1024

/** The spaces before the first item, where nothing but blank lines and comments stands before it. */
function findIndent(body: string, start: number): string | undefined {
  const line = /([^\n]*)(?:\n|$)/y
  line.lastIndex = start
  while (line.lastIndex < body.length) {
    const content = line.exec(body)?.[1] ?? ''
    if (!/^\s*(?:#|$)/.test(content)) return /^( *)- /.exec(content)?.[1]
  }
  return undefined
}

/** The first line that is indented less, or as much without being an item: comments and blank lines aside. */
function endOfItems(body: string, start: number, indent: number): number {
  const outer = new RegExp(String.raw`\n(?! {${indent}}(?:- | )| *\r?(?:\n|$)| *#)`, 'g')
  outer.lastIndex = start
  const found = outer.exec(body)
  return found === null ? body.length : found.index + 1
}

/** Cuts before items, the text up to its end. */
function batchesOf(items: string, firstStart: number, indent: string): TextRange[] {
  const batches: TextRange[] = []
  for (let start = firstStart; start < items.length;) {
    const next = items.indexOf(`\n${indent}- `, start + batchLength)
    const end = next < 0 ? items.length : next + 1
    batches.push({ start, end })
    start = end
  }
  return batches
}
