import { ClusterStore } from '../kubernetes/cluster-store.ts'
import { createPause } from '../kubernetes/pause.ts'
import type { Source } from '../kubernetes/source.ts'
import type { ClusterIdentity } from '../plugins/plugin.ts'
import { unionKey, unionOf } from './cluster-union.ts'
import { indexAddresses } from './index-addresses.ts'
import type { Lease } from './shared-values.ts'
import { SharedValues } from './shared-values.ts'

const INDEX_PIECE_MS = 5

/** Makes the source that a cluster's objects come from, for the store that it will tell. */
export type SourceFactory = (identity: ClusterIdentity, store: ClusterStore) => Source

/** A cluster's objects and where they come from. */
interface Cluster {
  readonly isLive: boolean
  readonly store: ClusterStore
  readonly source: Source
}

/** The clusters of the process, by identity: configurations come and go and borrow them, the data stays. */
export class Clusters {
  readonly #createSource: SourceFactory
  readonly #nowSeconds: () => number
  readonly #shared = new SharedValues<Cluster>(({ source }) => source.stop())

  constructor(createSource: SourceFactory, nowSeconds: () => number) {
    this.#createSource = createSource
    this.#nowSeconds = nowSeconds
  }

  stores(): readonly ClusterStore[] {
    return this.#shared.values().map(({ store }) => store)
  }

  /** For one configuration. */
  borrow(): BorrowedClusters {
    return new BorrowedClusters(this.#shared.lease(), (identity) => {
      const store = new ClusterStore({ nowSeconds: this.#nowSeconds, matches: identity.selector })
      return { store, source: this.#createSource(identity, store), isLive: identity.api !== undefined }
    })
  }
}

/** The clusters of one configuration. */
export class BorrowedClusters {
  readonly #lease: Lease<Cluster>
  readonly #create: (identity: ClusterIdentity) => Cluster
  /** Those that no configuration had before. */
  readonly #new: Cluster[] = []
  /** What its blocks need together, by `unionKey`. */
  readonly #announced = new Map<string, ClusterIdentity>()

  constructor(lease: Lease<Cluster>, create: (identity: ClusterIdentity) => Cluster) {
    this.#lease = lease
    this.#create = create
  }

  /** Says that a block will ask for it, before any does. Throws a ConfigError where another one contradicts it. */
  announce(identity: ClusterIdentity): void {
    const key = unionKey(identity)
    const announced = this.#announced.get(key)
    this.#announced.set(key, announced === undefined ? identity : unionOf(announced, identity))
  }

  /** The store of that cluster, made at the first asking: it has what all that were announced need of it. */
  store(identity: ClusterIdentity): ClusterStore {
    const union = this.#announced.get(unionKey(identity)) ?? identity
    // When the log says that something is late is no part of it: the first to ask decides.
    const api = union.api && { ...union.api, startupTimeoutMs: undefined }
    const key = JSON.stringify([union.folders, union.selectorText, api])
    const create = (): Cluster => {
      const made = this.#create(union)
      this.#new.push(made)
      return made
    }
    return this.#lease.get(key, create).store
  }

  /** Whether one of those that are new is followed through its API server. */
  get needNetwork(): boolean {
    return this.#new.some(({ isLive }) => isLive)
  }

  /** Fills those that are new. Resolves when their objects are known; rejects where one cannot be read at all. */
  async startNew(): Promise<void> {
    await Promise.all(this.#new.splice(0).map(readAndIndex))
  }

  /** Gives them back: those that no other configuration borrows stop. */
  async end(): Promise<void> {
    await this.#lease.end()
  }
}

async function readAndIndex({ store, source }: Cluster): Promise<void> {
  await source.start(store)
  void indexAddresses(store, createPause(INDEX_PIECE_MS))
}
