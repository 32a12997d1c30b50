import type { ApiObject } from '../helpers/api-object.ts'
import { keyOf } from '../helpers/api-object.ts'
import { fieldAt, isRecord, listAt, textAt } from './api-fields.ts'
import type { Addresses } from './builders.ts'
import { createAddresses, namespaceObject } from './builders.ts'
import type { GeneratedCluster, Subject } from './objects.ts'
import { makePod, makeService, POD_STATE_NAMES } from './objects.ts'
import type { Random } from './random.ts'
import type { ObjectChange } from './servers.ts'
import { SERVICE_STATES } from './service-states.ts'

/** A Pod that ends keeps its addresses, so it is not made anew: `#terminatePod` says so of one that is there. */
const LIVING_POD_STATES = POD_STATE_NAMES.filter((state) => state !== 'pod-terminating')

/** One change of the cluster. */
export interface Change {
  readonly what: string
  /** What names are to be asked of: as it was before and as it is now. */
  readonly touched: readonly Subject[]
  readonly changes: readonly ObjectChange[]
}

/** Always there, in every cluster. */
const PERMANENT = new Set(['default', 'kube-system'])

/** A cluster whose objects change one by one, as chance has it. */
export class ChangingCluster {
  readonly #random: Random
  readonly #addresses: Addresses
  /** By name. */
  readonly #namespaces: Map<string, ApiObject>
  readonly #subjects = new Map<string, Subject>()

  constructor({ subjects, namespaces }: GeneratedCluster, random: Random) {
    this.#random = random
    this.#addresses = createAddresses(random)
    this.#namespaces = new Map(namespaces.map((name) => [name, namespaceObject(name)]))
    for (const subject of subjects) this.#subjects.set(keyOfSubject(subject), subject)
  }

  /** All objects as they are now. */
  objects(): readonly ApiObject[] {
    return [
      ...this.#namespaces.values(),
      ...[...this.#subjects.values()].flatMap((subject) => subject.objects),
    ]
  }

  next(): Change {
    const roll = this.#random.integer(1, 100)
    if (roll <= 30) return this.#flipReadiness() ?? this.next()
    if (roll <= 50) return this.#changeState()
    if (roll <= 62) return this.#removeOneObject() ?? this.next()
    if (roll <= 74) return this.#remove()
    if (roll <= 88) return this.#add()
    if (roll <= 92) return this.#relabel()
    if (roll <= 95) return this.#terminatePod() ?? this.next()
    if (roll <= 97) return this.#relabelNamespace()
    return this.#toggleNamespace()
  }

  /** Some endpoint becomes ready, or ceases to be. */
  #flipReadiness(): Change | undefined {
    const subject = this.#pick('service')
    const slices = subject.objects.filter((object) => listAt(object, 'endpoints').length > 0)
    if (slices.length === 0) return undefined
    const slice = this.#random.pick(slices)
    const endpoints = listAt(slice, 'endpoints')
    const index = this.#random.integer(0, endpoints.length - 1)
    const ready = fieldAt(endpoints[index], 'conditions', 'ready') === false
    const flipped = endpoints.with(index, withReady(endpoints[index], ready))
    const objects = subject.objects.map((object) =>
      object === slice ? { ...object, endpoints: flipped } : object,
    )
    return this.#replace(
      subject,
      { ...subject, objects },
      `make an endpoint ${ready ? 'ready' : 'not ready'}`,
    )
  }

  /** Same name, other type, ports, addresses: all at once, as `kubectl apply` does. */
  #changeState(): Change {
    const subject = this.#random.chance(0.85) ? this.#pick('service') : this.#pick('pod')
    const place = placeOf(subject)
    const next =
      subject.kind === 'service'
        ? makeService(this.#random.pick(Object.keys(SERVICE_STATES)), place, this.#addresses)
        : makePod(this.#random.pick(LIVING_POD_STATES), place, this.#addresses)
    return this.#replace(subject, next, `turn ${subject.state} into ${next.state}`)
  }

  #removeOneObject(): Change | undefined {
    const subject = this.#pick('service')
    if (subject.objects.length < 2) return undefined
    const gone = this.#random.pick(subject.objects)
    const objects = subject.objects.filter((object) => object !== gone)
    return this.#replace(subject, { ...subject, objects }, `remove ${gone.kind} ${gone.metadata.name} alone`)
  }

  #remove(): Change {
    const subject = this.#pick(this.#random.chance(0.8) ? 'service' : 'pod')
    return this.#replace(subject, { ...subject, objects: [] }, 'remove')
  }

  #add(): Change {
    const namespace = this.#random.pick([...this.#namespaces.keys()])
    const place = { namespace, name: `new-${this.#random.integer(1, 40)}`, labels: { tier: 'front' } }
    const made = this.#random.chance(0.8)
      ? makeService(this.#random.pick(Object.keys(SERVICE_STATES)), place, this.#addresses)
      : makePod(this.#random.pick(LIVING_POD_STATES), place, this.#addresses)
    const before = this.#subjects.get(keyOfSubject(made)) ?? { ...made, objects: [] }
    return this.#replace(before, made, 'add')
  }

  /** One object goes from front to back, or back: the others of its Service stay where they are. */
  #relabel(): Change {
    const subject = this.#pick(this.#random.chance(0.8) ? 'service' : 'pod')
    const object = this.#random.pick(subject.objects)
    const tier = object.metadata.labels?.['tier'] === 'front' ? 'back' : 'front'
    const relabelled = withLabel(object, 'tier', tier)
    const objects = subject.objects.map((one) => (one === object ? relabelled : one))
    return this.#replace(subject, { ...subject, objects }, `label ${object.kind} with tier ${tier}`)
  }

  #relabelNamespace(): Change {
    const [name, object] = this.#random.pick([...this.#namespaces])
    const team = object.metadata.labels?.['team'] === 'a' ? 'b' : 'a'
    const relabelled = withLabel(object, 'team', team)
    this.#namespaces.set(name, relabelled)
    const touched = [...this.#subjects.values()].filter(({ namespace }) => namespace === name)
    return { what: `label namespace ${name} with team ${team}`, touched, changes: [{ put: relabelled }] }
  }

  #terminatePod(): Change | undefined {
    const subject = this.#pick('pod')
    const [pod] = subject.objects
    if (pod?.kind !== 'Pod' || fieldAt(pod, 'metadata', 'deletionTimestamp') !== undefined) return undefined
    const terminating = { ...pod, metadata: { ...pod.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } }
    return this.#replace(subject, { ...subject, objects: [terminating] }, 'begin to delete')
  }

  /** A namespace goes with all that is in it, or comes back empty. */
  #toggleNamespace(): Change {
    const all = ['shop', 'data', 'hidden', 'outside']
    const namespace = this.#random.pick(all.filter((name) => !PERMANENT.has(name)))
    const object = namespaceObject(namespace)
    if (!this.#namespaces.has(namespace)) {
      this.#namespaces.set(namespace, object)
      const touched = [{ kind: 'service' as const, state: 'namespace', namespace, name: 'web', objects: [] }]
      return { what: `add namespace ${namespace}`, touched, changes: [{ put: object }] }
    }
    const inside = [...this.#subjects.values()].filter((subject) => subject.namespace === namespace)
    for (const subject of inside) this.#subjects.delete(keyOfSubject(subject))
    this.#namespaces.delete(namespace)
    const gone = inside.flatMap((subject) => subject.objects.map((one) => ({ delete: one })))
    return { what: `remove namespace ${namespace}`, touched: inside, changes: [...gone, { delete: object }] }
  }

  /** One of that kind; of the other where there is none. */
  #pick(kind: Subject['kind']): Subject {
    const all = [...this.#subjects.values()]
    const ofKind = all.filter((subject) => subject.kind === kind)
    return this.#random.pick(ofKind.length > 0 ? ofKind : all)
  }

  #replace(before: Subject, after: Subject, what: string): Change {
    const kept = new Set(after.objects.map(identity))
    const gone = before.objects.filter((object) => !kept.has(identity(object)))
    const put = after.objects.filter((object) => !before.objects.includes(object))
    const key = keyOfSubject(after)
    if (after.objects.length === 0) this.#subjects.delete(key)
    else this.#subjects.set(key, after)
    return {
      what: `${what}: ${after.kind} ${after.namespace}/${after.name} (${after.state})`,
      touched: before.objects.length > 0 ? [before, after] : [after],
      changes: [...gone.map((object) => ({ delete: object })), ...put.map((object) => ({ put: object }))],
    }
  }
}

function withReady(endpoint: unknown, ready: boolean): unknown {
  return isRecord(endpoint) ? { ...endpoint, conditions: { ready } } : endpoint
}

function withLabel(object: ApiObject, key: string, value: string): ApiObject {
  return { ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, [key]: value } } }
}

function keyOfSubject({ kind, namespace, name }: Subject): string {
  return `${kind} ${namespace}/${name}`
}

function placeOf({ namespace, name, objects }: Subject) {
  const labels = textAt(objects[0], 'metadata', 'labels', 'tier')
  return { namespace, name, labels: { tier: labels === '' ? 'front' : labels } }
}

function identity(object: ApiObject): string {
  return `${object.kind} ${keyOf(object)}`
}
