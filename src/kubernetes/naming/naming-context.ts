import type { DomainName } from '../../wire/name.ts'
import type { RRset } from '../../zone/rrset.ts'
import type { ClusterStore } from '../cluster-store.ts'
import type { ServiceEntry } from '../service-entry.ts'
import type { NamingOptions } from './naming-options.ts'
import { ServiceView } from './service-view.ts'

/** What every kind of name needs: the options, the data, and views of it that are kept while the data is. */
export class NamingContext {
  readonly options: NamingOptions
  readonly store: ClusterStore
  /** Of the last negative answer, with the serial it was made at: between two changes most are in the same zone. */
  lastNegativeSoa: { readonly serial: number; readonly rrset: RRset } | undefined
  readonly #views = new WeakMap<ServiceEntry, ServiceView>()

  constructor(options: NamingOptions, store: ClusterStore) {
    this.options = options
    this.store = store
  }

  viewOf(entry: ServiceEntry): ServiceView {
    let view = this.#views.get(entry)
    if (view === undefined) {
      view = new ServiceView(entry, this.options)
      this.#views.set(entry, view)
    }
    return view
  }

  /** The view of a Service, or of slices without one; undefined where neither is known or the namespace has no names. */
  view(namespace: string, service: string): ServiceView | undefined {
    const entry = this.isExposed(namespace) ? this.store.entry(namespace, service) : undefined
    return entry && this.viewOf(entry)
  }

  /**
   * Whether names of a namespace are served: it exists and is among the chosen ones. Before the first sync a namespace
   * that something is known of counts as existing, unless its labels matter.
   */
  isExposed(name: string): boolean {
    const { options, store } = this
    const { namespaces, namespaceLabels } = options
    if (namespaces?.has(name) === false) return false
    const namespace = store.namespace(name)
    if (namespaceLabels !== undefined) {
      return namespace !== undefined && namespaceLabels.matches(namespace.labels)
    }
    return namespace !== undefined || (!store.hasSynced && store.entriesIn(name).size > 0)
  }

  /** The configured TTL, but for negative answers: no client may remember for long what may exist soon (differences.md 23). */
  get negativeTtlSeconds(): number {
    return Math.min(this.options.ttlSeconds, 5)
  }
}

/** A zone, and how the asker spelled it: RFC 4343 keeps the letter case of a question in what is made from it. */
export interface AskedZone {
  /** Lower case. */
  readonly zone: DomainName
  readonly origin: DomainName
}
