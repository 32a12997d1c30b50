/** The middle value; of an even count the mean of the two in the middle. NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right)
  const middle = sorted.length / 2
  const low = sorted[Math.ceil(middle) - 1] ?? Number.NaN
  const high = sorted[Math.floor(middle)] ?? Number.NaN
  return (low + high) / 2
}

/** A Markdown table, its columns padded so that it reads as plain text too. */
export function composeTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => pad(cell, widths[column] ?? 0, column > 0)).join(' | ')} |\n`
  const rule = `|${widths.map((width, column) => '-'.repeat(width + 1) + (column > 0 ? ':' : '-')).join('|')}|\n`
  return line(header) + rule + rows.map(line).join('')
}

/** Puts `body` between the page's `<!-- NAME:begin -->` and `<!-- NAME:end -->`. Throws where they are not there. */
export function replaceSection(page: string, name: string, body: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`]
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`Cannot write the figures: no ${begin} … ${end} in the page`)
  return `${page.slice(0, from + begin.length)}\n${body.trimEnd()}\n${page.slice(to)}`
}

function pad(cell: string, width: number, right: boolean): string {
  return right ? cell.padStart(width) : cell.padEnd(width)
}
