import type { ApiItem } from '../../../../src/kubernetes/api/api-event.ts'
import type { ReflectorSink } from '../../../../src/kubernetes/api/reflector-types.ts'
import type { ClusterStore } from '../../../../src/kubernetes/cluster-store.ts'
import type { ModelCluster, Snapshot } from './model-cluster.ts'
import type { Kind } from './random-object.ts'

interface Applied {
  readonly resourceVersion: string
  /** Of the model, when it was applied. */
  readonly step: number
}

/** Passes on to the store what the reflector of one kind tells, and watches that nothing is denied that is there. */
export class Witness implements ReflectorSink {
  readonly #kind: Kind
  readonly #cluster: ModelCluster
  readonly #store: ClusterStore
  readonly #applied = new Map<string, Applied>()
  readonly #accuse: (fault: string) => void
  #list: { readonly snapshot: Snapshot; readonly step: number } | undefined
  #isOver = false

  constructor(kind: Kind, { cluster, store, accuse }: WitnessOptions) {
    this.#kind = kind
    this.#cluster = cluster
    this.#store = store
    this.#accuse = (fault) => accuse(`${kind}: ${fault}`)
  }

  /** The reflector was told to stop. */
  end(): void {
    this.#isOver = true
  }

  /** A list was begun of these objects. */
  beginList(snapshot: Snapshot): void {
    this.#list = { snapshot, step: this.#cluster.step }
  }

  apply({ namespace, name, resourceVersion, object }: ApiItem): void {
    if (this.#isOver) this.#accuse('told after the stop')
    if (object === undefined || object.kind === 'Endpoints') {
      this.#accuse(`${namespace}/${name} is told without an object`)
      return
    }
    this.#applied.set(`${namespace}/${name}`, { resourceVersion, step: this.#cluster.step })
    this.#store.apply(object)
  }

  /** What was told and is there without a break since before it was told is not gone. */
  remove({ namespace, name }: { readonly namespace: string; readonly name: string }): void {
    if (this.#isOver) this.#accuse('told after the stop')
    const key = `${namespace}/${name}`
    const applied = this.#applied.get(key)
    const existence = this.#cluster.existence(this.#kind, key)
    const isThere =
      applied !== undefined &&
      existence !== undefined &&
      applied.step >= existence.sinceStep &&
      existence.resourceVersions.has(applied.resourceVersion)
    if (isThere) this.#accuse(`${key} was removed, and never left`)
    this.#applied.delete(key)
    this.#store.remove({ kind: this.#kind, namespace, name })
  }

  /** What the list held, and is there without a break since, is known from now on. */
  synced(): void {
    const { snapshot = new Map<string, never>(), step = 0 } = this.#list ?? {}
    for (const key of snapshot.keys()) {
      const existence = this.#cluster.existence(this.#kind, key)
      if (existence === undefined || existence.sinceStep > step) continue
      if (!this.#applied.has(key)) this.#accuse(`${key} is not known after a complete list`)
    }
  }

  statusChanged(): void {}
}

export interface WitnessOptions {
  readonly cluster: ModelCluster
  readonly store: ClusterStore
  readonly accuse: (fault: string) => void
}
