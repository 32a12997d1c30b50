import { Histogram } from './histogram.ts'

/** What a metric is called, what it means, and by what it is told apart. */
export interface MetricSpec {
  /** As Prometheus wants it: base units last (`_seconds`, `_bytes`), and `_total` for counters. */
  readonly name: string
  readonly help: string
  /** Names of the labels; every one must take values from a small set that is known beforehand. */
  readonly labels?: readonly string[]
}

/** A number that whoever owns it adds to (a counter) or sets (a gauge): `counter.value++`. */
export interface NumberCell {
  value: number
}

/** One metric with all its label values, as it is read for a scrape. */
export interface Family {
  readonly spec: MetricSpec
  readonly type: 'counter' | 'gauge' | 'histogram'
  series(): Iterable<Series>
}

/** The values of one metric for one combination of label values, in the order of `spec.labels`. */
export interface Series {
  readonly labelValues: readonly string[]
  readonly value: number | Histogram
}

/**
 * The most combinations of label values of one metric. None comes near it: labels take values from the configuration and
 * from lists. It is there so that a mistake cannot fill the memory.
 */
export const MAX_SERIES = 2_000

/** In place of every label value, beyond that. */
const OVERFLOW_VALUE = 'other'

/** A metric whose values are kept here, one for each combination of label values. */
export class CellFamily<Cell extends NumberCell | Histogram> implements Family {
  readonly spec: MetricSpec
  readonly type: Family['type']
  readonly #create: () => Cell
  readonly #cells = new Map<string, { readonly labelValues: readonly string[]; readonly cell: Cell }>()

  constructor(spec: MetricSpec, type: Family['type'], create: () => Cell) {
    this.spec = spec
    this.type = type
    this.#create = create
    if (spec.labels === undefined) this.with()
  }

  /**
   * The cell for these label values, made at the first asking and the same ever after: keep it where it is used often.
   * Beyond MAX_SERIES it is one for all that come later.
   */
  with(...labelValues: readonly string[]): Cell {
    const found = this.#cells.get(keyOf(labelValues))
    if (found !== undefined) return found.cell
    if (this.#cells.size < MAX_SERIES) return this.#add(labelValues)
    const overflow = labelValues.map(() => OVERFLOW_VALUE)
    return this.#cells.get(keyOf(overflow))?.cell ?? this.#add(overflow)
  }

  *series(): Iterable<Series> {
    for (const { labelValues, cell } of this.#cells.values())
      yield { labelValues, value: cell instanceof Histogram ? cell : cell.value }
  }

  #add(labelValues: readonly string[]): Cell {
    const cell = this.#create()
    this.#cells.set(keyOf(labelValues), { labelValues, cell })
    return cell
  }
}

function keyOf(labelValues: readonly string[]): string {
  return JSON.stringify(labelValues)
}
