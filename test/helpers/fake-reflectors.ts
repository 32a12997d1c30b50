import type { ApiItem, ApiObject } from '../../src/kubernetes/api/api-event.ts'
import type { Collection, Reflect } from '../../src/kubernetes/api/feed.ts'
import type { ReflectorFailure, ReflectorStatus } from '../../src/kubernetes/api/reflector-types.ts'
import type { ClusterSink } from '../../src/kubernetes/source.ts'

export const IDLE_STATUS: ReflectorStatus = {
  phase: 'listing',
  hasSynced: false,
  objects: 0,
  lastListMs: undefined,
  lastEventMs: undefined,
  watchSinceMs: undefined,
  restarts: 0,
  lists: 0,
  malformedStreams: 0,
  failure: undefined,
  held: undefined,
  quarantined: new Map(),
}

/** A reflector that is told what to tell. */
export interface FakeReflector {
  readonly collection: Collection
  readonly state: 'made' | 'started' | 'stopped'
  apply(object: ApiObject, lastChangeTriggerMs?: number): void
  remove(namespace: string, name: string): void
  sync(atMs?: number): void
  fail(failure: ReflectorFailure): void
}

/** Makes reflectors that do nothing by themselves; `made` has them by the plural of their resource. */
export function fakeReflectors(): { readonly reflect: Reflect; readonly made: Map<string, FakeReflector> } {
  const made = new Map<string, FakeReflector>()
  const reflect: Reflect = (collection, told) => {
    let status = IDLE_STATUS
    let state: FakeReflector['state'] = 'made'
    made.set(collection.resource.plural, {
      collection,
      get state() {
        return state
      },
      apply: (object, lastChangeTriggerMs) => told.apply(itemOf(object, lastChangeTriggerMs)),
      remove: (namespace, name) => told.remove({ namespace, name }),
      sync: (atMs = 1_000) => {
        status = { ...status, hasSynced: true, lastListMs: atMs, failure: undefined }
        told.synced?.()
      },
      fail: (failure) => {
        status = { ...status, failure }
        told.statusChanged?.()
      },
    })
    return {
      get status() {
        return status
      },
      start: () => void (state = 'started'),
      stop: () => void (state = 'stopped'),
    }
  }
  return { reflect, made }
}

export const FORBIDDEN: ReflectorFailure = { status: 403, message: 'forbidden' }

/** Writes down what it is told: `+Service shop/web`, `-Namespace /shop`. */
export function recordingSink(): { readonly sink: ClusterSink; readonly told: string[] } {
  const told: string[] = []
  const known = new Map<string, string>()
  const sink: ClusterSink = {
    apply: (object) => {
      const key = `${object.kind} ${object.kind === 'Namespace' ? '' : object.namespace}/${object.name}`
      const text = JSON.stringify(object, (_, value: unknown) =>
        typeof value === 'bigint' ? value.toString() : value,
      )
      const isNew = known.get(key) !== text
      known.set(key, text)
      if (isNew) told.push(`+${key}`)
      return isNew
    },
    remove: ({ kind, namespace, name }) => {
      known.delete(`${kind} ${namespace}/${name}`)
      told.push(`-${kind} ${namespace}/${name}`)
    },
    markSynced: () => told.push('synced'),
    markUnavailable: (kind, why) => told.push(`${kind} ${why ?? 'available'}`),
    describe: () => {},
  }
  return { sink, told }
}

function itemOf(object: ApiObject, lastChangeTriggerMs: number | undefined): ApiItem {
  const namespace = object.kind === 'Namespace' ? '' : object.namespace
  return { namespace, name: object.name, resourceVersion: '1', object, problems: [], lastChangeTriggerMs }
}
