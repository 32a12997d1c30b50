import type { ClusterObject } from '../objects.ts'
import type { ClusterSink } from '../source.ts'
import type { ApiWatch, Collection, Feed, Following, Reflect } from './feed.ts'
import { whyRefused } from './feed.ts'

export interface ObjectFeedOptions {
  readonly kind: ClusterObject['kind']
  readonly collection: Collection
  readonly reflect: Reflect
  readonly sink: ClusterSink
  /** False where names can be served without: then it is settled too when it is refused. */
  readonly isRequired: boolean
  /** Told of the namespace of each object. */
  readonly onNamespace?: (namespace: string) => void
}

/** Objects that are told as they come. */
export class ObjectFeed implements Feed {
  readonly kind: ClusterObject['kind']
  readonly #collection: Collection
  readonly #reflector: Following
  readonly #isRequired: boolean

  constructor({ kind, collection, reflect, sink, isRequired, onNamespace }: ObjectFeedOptions) {
    this.kind = kind
    this.#collection = collection
    this.#isRequired = isRequired
    this.#reflector = reflect(collection, {
      apply: ({ namespace, object }) => {
        onNamespace?.(namespace)
        if (object !== undefined && object.kind !== 'Endpoints') sink.apply(object)
      },
      remove: ({ namespace, name }) => sink.remove({ kind, namespace, name }),
    })
  }

  start(): void {
    this.#reflector.start()
  }

  stop(): void {
    this.#reflector.stop()
  }

  get isSettled(): boolean {
    return this.#reflector.status.hasSynced || (!this.#isRequired && this.whyUnavailable !== undefined)
  }

  get whyUnavailable(): string | undefined {
    return whyRefused(this.#reflector.status)
  }

  get watches(): readonly ApiWatch[] {
    const { resource, namespace } = this.#collection
    return [{ resource, namespace, status: this.#reflector.status }]
  }
}
