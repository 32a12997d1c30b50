import { type ApiObject, keyOf, withResourceVersion } from '../../../helpers/api-object.ts'
import { type Kind, KINDS } from './random-object.ts'

/** One write. */
export interface Change {
  readonly revision: number
  readonly kind: Kind
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  /** As it is, or as it was before it was deleted, at this revision. */
  readonly object: ApiObject
  readonly before: ApiObject | undefined
}

/** Objects by namespace/name. */
export type Snapshot = ReadonlyMap<string, ApiObject>

/** How long an object has been there without a break, and the resourceVersions that it has had since. */
interface Existence {
  readonly sinceStep: number
  readonly resourceVersions: Set<string>
}

/** What etcd holds: all objects, how they came to be so, and how far back that is known. */
export class ModelCluster {
  revision = 1
  /** Counts everything that happens, also what the history forgets. */
  step = 0
  /** Nothing before this is known any more. */
  oldest = 1
  readonly #objects = new Map<Kind, Map<string, ApiObject>>(KINDS.map((kind) => [kind, new Map()]))
  #history: Change[] = []
  readonly #existences = new Map<string, Existence>()

  objects(kind: Kind): Map<string, ApiObject> {
    const objects = this.#objects.get(kind)
    if (objects === undefined) throw new RangeError(`Cannot hold a ${kind}`)
    return objects
  }

  existence(kind: Kind, key: string): Existence | undefined {
    return this.#existences.get(`${kind} ${key}`)
  }

  put(object: ApiObject & { readonly kind: string }, kind: Kind): Change {
    const before = this.objects(kind).get(keyOf(object))
    return this.#write({ kind, type: before === undefined ? 'ADDED' : 'MODIFIED', object, before })
  }

  delete(kind: Kind, key: string): Change | undefined {
    const before = this.objects(kind).get(key)
    return before && this.#write({ kind, type: 'DELETED', object: before, before })
  }

  /** All changes of the kind after the revision, in order. */
  since(kind: Kind, revision: number): readonly Change[] {
    return this.#history.filter((change) => change.kind === kind && change.revision > revision)
  }

  /** How it was at a revision that is known. */
  at(kind: Kind, revision: number): Snapshot {
    const objects = new Map(this.objects(kind))
    for (const change of this.since(kind, revision).toReversed()) revert(objects, change)
    return objects
  }

  /** Forgets the history up to this revision. */
  compact(revision: number): void {
    this.oldest = Math.max(this.oldest, revision)
    this.#history = this.#history.filter((change) => change.revision > this.oldest)
  }

  /** Puts back a backup of that revision. What was written since has never been; its revisions are given again. */
  restore(revision: number): void {
    this.step += 1
    for (const change of this.#history.toReversed()) {
      if (change.revision <= revision) continue
      revert(this.objects(change.kind), change)
      this.#record(change.kind, keyOf(change.object), change.before)
    }
    this.#history = this.#history.filter((change) => change.revision <= revision)
    this.revision = revision
  }

  #write({ kind, type, object, before }: Omit<Change, 'revision'>): Change {
    this.step += 1
    this.revision += 1
    const written = withResourceVersion(object, this.revision)
    const change = { revision: this.revision, kind, type, object: written, before }
    const key = keyOf(written)
    if (type === 'DELETED') this.objects(kind).delete(key)
    else this.objects(kind).set(key, written)
    this.#record(kind, key, type === 'DELETED' ? undefined : written)
    this.#history.push(change)
    return change
  }

  #record(kind: Kind, key: string, object: ApiObject | undefined): void {
    const name = `${kind} ${key}`
    if (object === undefined) {
      this.#existences.delete(name)
      return
    }
    const existence = this.#existences.get(name) ?? { sinceStep: this.step, resourceVersions: new Set() }
    existence.resourceVersions.add(String(object.metadata['resourceVersion']))
    this.#existences.set(name, existence)
  }
}

function revert(objects: Map<string, ApiObject>, { object, before }: Change): void {
  if (before === undefined) objects.delete(keyOf(object))
  else objects.set(keyOf(object), before)
}
