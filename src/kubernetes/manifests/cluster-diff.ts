import type { ClusterObject, ObjectReference } from '../objects.ts'
import { referenceTo } from '../objects.ts'
import { isMapping } from './manifest-shape.ts'

/** What turns one state of the cluster into another, in the order in which it is to be told. */
export interface ClusterChanges {
  readonly applied: readonly ClusterObject[]
  readonly removed: readonly ObjectReference[]
}

/** Finds what changed between the state told last and the next. */
export class ClusterDiff {
  #told: ReadonlyMap<string, ClusterObject> = new Map()

  /**
   * The changes since the last call. What others refer to comes first and goes last: the slices of a new or changed Service
   * before the Service, new slices before the old ones go, so that no name is missing in between.
   */
  next(objects: readonly ClusterObject[]): ClusterChanges {
    const next = new Map(objects.map((object) => [keyOf(object), object]))
    const applied: ClusterObject[] = []
    for (const [key, object] of next) {
      if (!isSame(this.#told.get(key), object)) applied.push(object)
    }
    const removed: ClusterObject[] = []
    for (const [key, object] of this.#told) {
      if (!next.has(key)) removed.push(object)
    }
    this.#told = next
    return {
      applied: applied.toSorted((a, b) => rank[a.kind] - rank[b.kind]),
      removed: removed.toSorted((a, b) => rank[b.kind] - rank[a.kind]).map(referenceTo),
    }
  }
}

const rank = { Namespace: 0, Pod: 1, EndpointSlice: 2, Service: 3 } as const satisfies Record<
  ClusterObject['kind'],
  number
>

function keyOf(object: ClusterObject): string {
  const { kind, namespace, name } = referenceTo(object)
  return `${kind}/${namespace}/${name}`
}

/** Compares plain values of any depth, bigints among them. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => isSame(item, b[index]))
  }
  if (!isMapping(a) || !isMapping(b)) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]))
}
