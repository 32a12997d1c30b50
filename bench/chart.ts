/** One bar of a chart. */
export interface ChartBar {
  readonly label: string
  readonly value: number
}

/** Bars that belong together, such as those of one load. */
export interface ChartGroup {
  readonly title: string
  readonly bars: readonly ChartBar[]
}

const WIDTH = 720
const LABEL_WIDTH = 150
const VALUE_WIDTH = 50
const BAR_HEIGHT = 16
const BAR_GAP = 4
const TITLE_HEIGHT = 30
/** One colour for each place in a group; readable on white and on black. */
const COLORS = ['#2f81f7', '#d29922', '#8b949e', '#57ab5a', '#b083f0']

/** Horizontal bars as an SVG document, all on one scale that begins at 0. */
export function composeChart(title: string, groups: readonly ChartGroup[]): string {
  const largest = Math.max(...groups.flatMap(({ bars }) => bars.map(({ value }) => value)))
  const scale = (WIDTH - LABEL_WIDTH - VALUE_WIDTH) / largest
  let y = TITLE_HEIGHT
  const parts = [text(0, 18, title, 'font-weight="bold"')]
  for (const group of groups) {
    parts.push(text(0, y + 18, group.title, ''))
    y += TITLE_HEIGHT
    for (const [index, { label, value }] of group.bars.entries()) {
      const width = (value * scale).toFixed(1)
      const color = COLORS[index % COLORS.length] ?? ''
      parts.push(
        text(LABEL_WIDTH - 8, y + 12, label, 'text-anchor="end"'),
        `<rect x="${LABEL_WIDTH}" y="${y}" width="${width}" height="${BAR_HEIGHT}" fill="${color}"/>`,
        text(LABEL_WIDTH + value * scale + 6, y + 12, value.toFixed(1), ''),
      )
      y += BAR_HEIGHT + BAR_GAP
    }
  }
  const size = `width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}"`
  const style = 'font-family="sans-serif" font-size="13" fill="#768390"'
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${style}>\n${parts.join('\n')}\n</svg>\n`
}

function text(x: number, y: number, content: string, attributes: string): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<text x="${x.toFixed(1)}" y="${y}" ${attributes}>${escaped}</text>`
}
