import type { Pause } from '../../pause.ts'
import type { ApiItem } from '../api-event.ts'
import type { ReflectorOptions, ReflectorSink, ReflectorStatus } from '../reflector-types.ts'
import { KnownObjects } from './known-objects.ts'
import { Quarantine } from './quarantine.ts'

/** Below this a small cluster that is torn down looks the same (differences.md 29). */
const GUARDED_COUNT = 100

export type ReflectedObjectsOptions = Pick<
  ReflectorOptions,
  'sink' | 'guardsMassDelete' | 'resource' | 'labelSelector' | 'fieldSelector'
>

/** What has been told to the sink, and what a list changes of it, in place. */
export class ReflectedObjects {
  readonly #sink: ReflectorSink
  readonly #guardsMassDelete: boolean
  /** Every cluster has namespaces, and a list without one denies every name there is. */
  readonly #isNeverEmpty: boolean
  readonly #known = new KnownObjects()
  readonly #quarantine: Quarantine
  #held: ReflectorStatus['held']

  constructor(options: ReflectedObjectsOptions) {
    const { sink, guardsMassDelete, resource, labelSelector, fieldSelector } = options
    this.#sink = sink
    this.#isNeverEmpty = resource.kind === 'Namespace' && labelSelector === '' && fieldSelector === ''
    this.#guardsMassDelete = guardsMassDelete
    this.#quarantine = new Quarantine(() => sink.statusChanged())
  }

  get count(): number {
    return this.#known.count
  }

  get held(): ReflectorStatus['held'] {
    return this.#held
  }

  get quarantined(): ReadonlyMap<string, string> {
    return this.#quarantine.sentences
  }

  apply(item: ApiItem): void {
    const { namespace, name, problems } = item
    if (problems.length > 0) this.#quarantine.put(namespace, name, problems)
    else this.#quarantine.delete(namespace, name)
    // What was known of an object that cannot be read stays, and it is there.
    const isKnown = item.object !== undefined || this.#known.has(namespace, name)
    if (isKnown) this.#known.see(namespace, name)
    if (item.object !== undefined) this.#sink.apply(item)
  }

  remove({ namespace, name }: ApiItem): void {
    this.#quarantine.delete(namespace, name)
    this.#known.delete(namespace, name)
    this.#sink.remove({ namespace, name })
  }

  /** All that is applied from now on is part of a list that may become complete. */
  beginList(): void {
    this.#known.beginList()
    this.#quarantine.beginList()
  }

  /** Removes what the list did not hold, or holds it all where that would be too much. Says whether it was done. */
  async completeList(slices: Pause): Promise<'adopted' | 'held'> {
    const removed = this.#known.unseenCount
    const known = this.#known.count
    const isEmpty = removed > 0 && removed === known
    const isMassDelete = (known > GUARDED_COUNT && removed * 2 > known) || (isEmpty && this.#isNeverEmpty)
    if (this.#guardsMassDelete && isMassDelete && this.#held === undefined) {
      this.#held = { removed, known }
      this.#sink.statusChanged()
      return 'held'
    }
    for (const reference of this.#known.unseen()) {
      this.#known.delete(reference.namespace, reference.name)
      this.#sink.remove(reference)
      const waiting = slices()
      if (waiting !== undefined) await waiting
    }
    this.#quarantine.completeList()
    if (this.#held === undefined) return 'adopted'
    this.#held = undefined
    this.#sink.statusChanged()
    return 'adopted'
  }
}
