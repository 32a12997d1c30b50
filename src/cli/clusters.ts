import { ClusterStore } from '../kubernetes/cluster-store.ts'
import type { Source } from '../kubernetes/source.ts'
import type { ClusterIdentity } from '../plugins/plugin.ts'

/** Makes the source that a cluster's objects come from. */
export type SourceFactory = (identity: ClusterIdentity) => Source

interface Cluster {
  readonly store: ClusterStore
  readonly source: Source
  started: Promise<void> | undefined
}

/** The clusters of the process, by identity: configurations come and go and borrow them, the data stays. */
export class Clusters {
  readonly #clusters = new Map<string, Cluster>()
  readonly #createSource: SourceFactory
  readonly #nowSeconds: () => number

  constructor(createSource: SourceFactory, nowSeconds: () => number) {
    this.#createSource = createSource
    this.#nowSeconds = nowSeconds
  }

  /** The store of that cluster, made and filled at the first asking. */
  store(identity: ClusterIdentity): ClusterStore {
    const key = JSON.stringify([identity.folders, identity.selectorText])
    const known = this.#clusters.get(key)
    if (known !== undefined) return known.store
    const store = new ClusterStore({ nowSeconds: this.#nowSeconds, matches: identity.selector })
    this.#clusters.set(key, { store, source: this.#createSource(identity), started: undefined })
    return store
  }

  stores(): readonly ClusterStore[] {
    return [...this.#clusters.values()].map(({ store }) => store)
  }

  /** Resolves when every cluster's objects are known; rejects where one cannot be read at all. */
  async start(): Promise<void> {
    await Promise.all(
      [...this.#clusters.values()].map(
        (cluster) => (cluster.started ??= cluster.source.start(cluster.store)),
      ),
    )
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#clusters.values()].map(({ source }) => source.stop()))
  }
}
