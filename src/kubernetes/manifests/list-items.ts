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
export function splitListItems(text: string, document: TextRange): ListPieces | undefined {
  const { start, end } = document
  if (end - start < batchLength * 2) return undefined
  const key = findItemsKey(text, document)
  if (key === undefined) return undefined
  const first = /(?:^|\n)( *)- /g
  first.lastIndex = key.end - 1
  const found = first.exec(text)
  const indent = found?.[1]
  if (found === null || indent === undefined || text.slice(key.end, found.index).trim() !== '')
    return undefined
  const items = { start: found.index + 1, end: endOfItems(text, found.index + 1, end, indent.length) }
  // An anchor may be used in another piece.
  if (/[*&]/.test(text.slice(start, end))) return undefined
  return {
    header: text.slice(start, key.start) + text.slice(items.end, end),
    batches: batchesOf(text, items, indent),
  }
}

/** Some 16 kB of YAML are read in a few milliseconds. */
const batchLength = 16 * 1024

/** The line `items:` of the outermost mapping. */
function findItemsKey(text: string, document: TextRange): TextRange | undefined {
  const key = /(?:^|\n)items:[ \t]*\r?\n/g
  key.lastIndex = document.start > 0 ? document.start - 1 : 0
  const found = key.exec(text)
  if (found === null || found.index + found[0].length > document.end) return undefined
  const end = found.index + found[0].length
  return { start: found[0].startsWith('\n') ? found.index + 1 : found.index, end }
}

/** The first line that is indented less, or as much without being an item: comments and blank lines aside. */
function endOfItems(text: string, start: number, end: number, indent: number): number {
  const outer = new RegExp(String.raw`\n(?! {${indent}}(?:- | )| *\r?(?:\n|$)| *#)`, 'g')
  outer.lastIndex = start
  const found = outer.exec(text)
  return found === null || found.index + 1 > end ? end : found.index + 1
}

function batchesOf(text: string, items: TextRange, indent: string): TextRange[] {
  const batches: TextRange[] = []
  const item = `\n${indent}- `
  let start = items.start
  while (start < items.end) {
    const next = text.indexOf(item, start + batchLength)
    const end = next < 0 || next + 1 > items.end ? items.end : next + 1
    batches.push({ start, end })
    start = end
  }
  return batches
}
