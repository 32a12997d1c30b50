import type { ClusterSink } from '../source.ts'
import { NAMESPACES } from './api-resource.ts'
import type { ApiWatch, Feed, Following, Reflect } from './feed.ts'
import { whyRefused } from './feed.ts'

export interface NamespaceFeedOptions {
  /** The only one that is wanted; undefined for all. */
  readonly namespace: string | undefined
  /** As kubectl takes it; empty for none. */
  readonly labelSelector: string
  readonly reflect: Reflect
  readonly sink: ClusterSink
}

/**
 * Namespaces. Where they may not be read, each namespace that a Service is in stands for itself: it must exist, and the others hold
 * no names. With a selector nobody could say which of them are meant: then they have to be readable.
 */
export class NamespaceFeed implements Feed {
  readonly kind = 'Namespace'
  readonly #options: NamespaceFeedOptions
  readonly #reflector: Following
  readonly #told = new Set<string>()
  /** Of Services, until namespaces have been told. */
  readonly #seen = new Set<string>()
  #standsIn = false

  constructor(options: NamespaceFeedOptions) {
    const { namespace, labelSelector, reflect, sink } = options
    this.#options = options
    const fieldSelector = namespace === undefined ? '' : `metadata.name=${namespace}`
    this.#reflector = reflect(
      { resource: NAMESPACES, namespace: undefined, labelSelector, fieldSelector },
      {
        apply: ({ name, object }) => {
          this.#told.add(name)
          if (object?.kind === 'Namespace') sink.apply(object)
        },
        remove: ({ name }) => {
          this.#told.delete(name)
          sink.remove({ kind: 'Namespace', namespace: '', name })
        },
        synced: () => this.#endStandIn(),
        statusChanged: () => this.#standInIfRefused(),
      },
    )
  }

  /** Says that a Service is in this namespace. */
  see(namespace: string): void {
    if (this.#seen.has(namespace) || this.#reflector.status.hasSynced) return
    this.#seen.add(namespace)
    if (this.#standsIn) this.#standIn(namespace)
  }

  start(): void {
    this.#reflector.start()
  }

  stop(): void {
    this.#reflector.stop()
  }

  get isSettled(): boolean {
    return this.#reflector.status.hasSynced || this.#standsIn
  }

  get whyUnavailable(): string | undefined {
    return whyRefused(this.#reflector.status)
  }

  get watches(): readonly ApiWatch[] {
    const { namespace } = this.#options
    return [{ resource: NAMESPACES, namespace, status: this.#reflector.status }]
  }

  #standInIfRefused(): void {
    if (this.#standsIn || this.whyUnavailable === undefined || this.#options.labelSelector !== '') return
    this.#standsIn = true
    for (const namespace of this.#seen) this.#standIn(namespace)
  }

  #standIn(name: string): void {
    this.#options.sink.apply({ kind: 'Namespace', name, labels: {} })
  }

  /** From now on the API server says which there are. */
  #endStandIn(): void {
    const those = this.#standsIn ? [...this.#seen].filter((name) => !this.#told.has(name)) : []
    this.#standsIn = false
    this.#seen.clear()
    for (const name of those) this.#options.sink.remove({ kind: 'Namespace', namespace: '', name })
  }
}
