/** A part of a text: `text.slice(start, end)`. */
export interface TextRange {
  readonly start: number
  readonly end: number
}

/**
 * The documents of a YAML stream (YAML 1.2.2 section 9.2), each with its markers, directives and comments, so that every
 * range is a YAML stream of its own. Ranges without a document are left out: comments only, or nothing.
 *
 * `---` and `...` at the start of a line, followed by white space, are markers wherever they stand: within a block scalar they
 * would be indented, and within quotes they are forbidden. So no YAML needs to be understood to find them.
 */
export function splitDocuments(text: string): TextRange[] {
  const ranges: TextRange[] = []
  let start = 0
  // Whether the document that starts at `start` has begun: comments and directives before `---` belong to what follows.
  let begun = false
  for (const match of text.matchAll(marker)) {
    const line = match.index + (match[1] ?? '').length
    begun ||= findContent(text, start, line) === 'content'
    if (match[2] === '---') {
      if (begun) ranges.push({ start, end: line })
      // A byte order mark starts a stream of its own: the comments before it belong to no document.
      const isNewStream = text[line] === '\uFEFF' && findContent(text, start, line) === undefined
      if (begun || isNewStream) start = line
      begun = true
      continue
    }
    const end = endOfLine(text, line)
    if (begun || findContent(text, start, line) || findContent(text, line + 3, end))
      ranges.push({ start, end })
    start = end
    begun = false
  }
  if (begun || findContent(text, start, text.length)) ranges.push({ start, end: text.length })
  return ranges
}

/** Group 1: the line break before the marker; group 2: the marker. A byte order mark may stand between (section 5.2). */
const marker = /(^|[\n\r])\uFEFF?(---|\.\.\.)(?=[ \t\r\n]|$)/g

/** Whether there is more than blank lines and comments: directives only, or a document's content. */
function findContent(text: string, start: number, end: number): 'content' | 'directives' | undefined {
  const visible = /[^ \t\r\n\uFEFF]/g
  let found: 'directives' | undefined
  for (let at = start; at < end;) {
    visible.lastIndex = at
    const first = visible.exec(text)
    if (first === null || first.index >= end) return found
    if (isDirective(text, first.index)) found = 'directives'
    else if (first[0] !== '#') return 'content'
    at = endOfLine(text, first.index)
  }
  return found
}

function isDirective(text: string, offset: number): boolean {
  return text[offset] === '%' && (offset === 0 || '\n\r\uFEFF'.includes(text[offset - 1] ?? ''))
}

function endOfLine(text: string, offset: number): number {
  const lineBreak = /\r\n|\n|\r/g
  lineBreak.lastIndex = offset
  const found = lineBreak.exec(text)
  return found === null ? text.length : found.index + found[0].length
}

/**
 * The values of a JSON text that holds several, as `jq -c '.items[]'` writes them. Empty where the brackets do not match: then it is
 * no JSON.
 */
export function splitJsonValues(text: string, range: TextRange): TextRange[] {
  const ranges: TextRange[] = []
  const token = /["{}[\]]|[^\s{}[\]"]+/g
  token.lastIndex = range.start
  let depth = 0
  let start = range.start
  for (let found = token.exec(text); found !== null && found.index < range.end; found = token.exec(text)) {
    const isOpening = found[0] === '{' || found[0] === '['
    if (depth === 0 && !isOpening) return []
    if (depth === 0) start = found.index
    if (found[0] === '"') token.lastIndex = endOfString(text, token.lastIndex)
    if (isOpening) depth++
    else if (found[0] === '}' || found[0] === ']') depth--
    if (depth === 0) ranges.push({ start, end: token.lastIndex })
  }
  return depth === 0 ? ranges : []
}

/** Behind the quote that ends the JSON string whose contents start there. */
function endOfString(text: string, start: number): number {
  // One character at a time: a pattern for the whole string overflows the stack of the matcher on a long one.
  const special = /["\\]/g
  special.lastIndex = start
  for (let found = special.exec(text); found !== null; found = special.exec(text)) {
    if (found[0] === '"') return special.lastIndex
    special.lastIndex++
  }
  return text.length
}
