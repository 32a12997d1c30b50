import type { MetricsRegistry } from './registry.ts'

/** Where metrics are shown that are read when they are asked for. */
export type MetricsReaders = Pick<MetricsRegistry, 'read'>

/** Metrics that are shown together, and end together. */
export class ReaderScope implements MetricsReaders {
  readonly #registry: MetricsReaders
  readonly #removers: (() => void)[] = []

  constructor(registry: MetricsReaders) {
    this.#registry = registry
  }

  read(...metric: Parameters<MetricsReaders['read']>): () => void {
    const remove = this.#registry.read(...metric)
    this.#removers.push(remove)
    return remove
  }

  /** Nothing of it is shown any more. */
  end(): void {
    for (const remove of this.#removers.splice(0)) remove()
  }
}
