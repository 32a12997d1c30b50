import type { Family, Series } from './family.ts'
import type { Histogram } from './histogram.ts'

/** The media type of what `composeExposition` gives. */
export const EXPOSITION_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** Metrics as Prometheus reads them (exposition formats, text format 0.0.4), by name. Those without a value are left out. */
export function composeExposition(families: readonly Family[]): string {
  const lines: string[] = []
  for (const family of families.toSorted((a, b) => (a.spec.name < b.spec.name ? -1 : 1))) {
    const { name, help } = family.spec
    const samples = [...family.series()].flatMap((series) => samplesOf(family, series))
    if (samples.length === 0) continue
    lines.push(`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${family.type}`, ...samples)
  }
  return `${lines.join('\n')}\n`
}

function samplesOf({ spec }: Family, { labelValues, value }: Series): readonly string[] {
  const labels = (spec.labels ?? []).map((label, index) => labelText(label, labelValues[index] ?? ''))
  return typeof value === 'number'
    ? [`${spec.name}${braced(labels)} ${numberText(value)}`]
    : histogramSamples(spec.name, labels, value)
}

/** Buckets are added up, as the format wants them. */
function histogramSamples(name: string, labels: readonly string[], histogram: Histogram): readonly string[] {
  let count = 0
  const buckets = Array.from(histogram.counts, (inBucket, index) => {
    count += inBucket
    const bound = labelText('le', numberText(histogram.upperBounds[index] ?? Infinity))
    return `${name}_bucket${braced([...labels, bound])} ${numberText(count)}`
  })
  return [
    ...buckets,
    `${name}_sum${braced(labels)} ${numberText(histogram.sum)}`,
    `${name}_count${braced(labels)} ${numberText(count)}`,
  ]
}

function labelText(label: string, value: string): string {
  return `${label}="${escapeLabel(value)}"`
}

function braced(labels: readonly string[]): string {
  return labels.length === 0 ? '' : `{${labels.join(',')}}`
}

/** As Go's and JavaScript's shortest form, which both can read; infinity is `+Inf`. */
function numberText(value: number): string {
  if (value === Infinity) return '+Inf'
  return value === -Infinity ? '-Inf' : String(value)
}

/** A lone half of a surrogate pair has no UTF-8. */
function escapeLabel(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\\"\n]/g, (character) => (character === '\n' ? String.raw`\n` : `\\${character}`))
}

function escapeHelp(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\\\n]/g, (character) => (character === '\n' ? String.raw`\n` : String.raw`\\`))
}
