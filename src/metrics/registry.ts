import { CellFamily } from './family.ts'
import type { Family, MetricSpec, NumberCell, Series } from './family.ts'
import { Histogram } from './histogram.ts'

/**
 * Every metric of the process, in the order in which they were first asked for. Asking again for a metric by its name
 * gives the same one: several server blocks share it, and it outlives a configuration.
 */
export class MetricsRegistry {
  readonly #numbers = new Map<string, CellFamily<NumberCell>>()
  readonly #histograms = new Map<string, CellFamily<Histogram>>()
  readonly #readElsewhere = new Map<string, ReadFamily>()

  /** A number that only grows: `registry.counter(spec).with('udp').value++`. */
  counter(spec: MetricSpec): CellFamily<NumberCell> {
    return this.#number(spec, 'counter')
  }

  /** A number that goes up and down: `registry.gauge(spec).with().value = 7`. */
  gauge(spec: MetricSpec): CellFamily<NumberCell> {
    return this.#number(spec, 'gauge')
  }

  /** Counts values by size: `registry.histogram(spec).with('udp').observe(0.002)`. */
  histogram(spec: MetricSpec & { readonly upperBounds: readonly number[] }): CellFamily<Histogram> {
    const known = this.#histograms.get(spec.name)
    if (known !== undefined) return known
    const made = new CellFamily(spec, 'histogram', () => new Histogram(spec.upperBounds))
    this.#histograms.set(spec.name, made)
    return made
  }

  /**
   * A metric whose values are read somewhere else when it is asked for, by as many readers as there are: of those that give
   * the same label values the last one counts. The function that is returned takes this reader away again.
   */
  read(spec: MetricSpec, type: 'counter' | 'gauge', read: () => Iterable<Series>): () => void {
    const family = this.#readElsewhere.get(spec.name) ?? new ReadFamily(spec, type)
    this.#readElsewhere.set(spec.name, family)
    family.readers.add(read)
    return () => void family.readers.delete(read)
  }

  families(): readonly Family[] {
    return [...this.#numbers.values(), ...this.#histograms.values(), ...this.#readElsewhere.values()]
  }

  #number(spec: MetricSpec, type: 'counter' | 'gauge'): CellFamily<NumberCell> {
    const known = this.#numbers.get(spec.name)
    if (known !== undefined) return known
    const made = new CellFamily<NumberCell>(spec, type, () => ({ value: 0 }))
    this.#numbers.set(spec.name, made)
    return made
  }
}

/** A metric whose values are kept elsewhere. */
class ReadFamily implements Family {
  readonly spec: MetricSpec
  readonly type: Family['type']
  readonly readers = new Set<() => Iterable<Series>>()

  constructor(spec: MetricSpec, type: Family['type']) {
    this.spec = spec
    this.type = type
  }

  series(): Iterable<Series> {
    const byLabels = new Map<string, Series>()
    for (const read of this.readers)
      for (const series of read()) byLabels.set(JSON.stringify(series.labelValues), series)
    return byLabels.values()
  }
}
