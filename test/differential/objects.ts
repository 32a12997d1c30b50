import type { ApiObject } from '../helpers/api-object.ts'
import type { Addresses, Place, PodFields } from './builders.ts'
import { createAddresses, namespaceObject, podObject } from './builders.ts'
import type { Random } from './random.ts'
import { SERVICE_STATES } from './service-states.ts'

/** Something that names are asked of: a Service with what belongs to it, or a Pod. */
export interface Subject {
  readonly kind: 'service' | 'pod'
  /** Which of the generated states it is in. */
  readonly state: string
  readonly namespace: string
  readonly name: string
  readonly objects: readonly ApiObject[]
}

export interface GeneratedCluster {
  readonly namespaces: readonly string[]
  readonly subjects: readonly Subject[]
  /** All of them, the namespaces included. */
  readonly objects: readonly ApiObject[]
}

/** `hidden` is in no `namespaces` option; `gone` is in one, but does not exist. */
export const NAMESPACES = ['default', 'kube-system', 'shop', 'data', 'hidden', 'outside'] as const

/** How many of each state there are: one labelled for the front, one for the back. */
const PER_STATE = 2
const TIERS = ['front', 'back'] as const

const POD_STATES: Readonly<Record<string, (addresses: Addresses) => PodFields>> = {
  'pod-running': (addresses) => ({ podIPs: [addresses.pod4()] }),
  'pod-dual': (addresses) => ({ podIPs: [addresses.pod4(), addresses.pod6()] }),
  'pod-6': (addresses) => ({ podIPs: [addresses.pod6()] }),
  'pod-pending': (addresses) => ({ podIPs: [addresses.pod4()], phase: 'Pending' }),
  'pod-succeeded': (addresses) => ({ podIPs: [addresses.pod4()], phase: 'Succeeded' }),
  'pod-failed': (addresses) => ({ podIPs: [addresses.pod4()], phase: 'Failed' }),
  'pod-unknown': (addresses) => ({ podIPs: [addresses.pod4()], phase: 'Unknown' }),
  'pod-terminating': (addresses) => ({
    podIPs: [addresses.pod4()],
    deletionTimestamp: '2026-01-01T00:00:00Z',
  }),
}

export const POD_STATE_NAMES: readonly string[] = Object.keys(POD_STATES)

/** A cluster that has every kind of object in every state, twice. Equal seeds give equal clusters. */
export function generateCluster(random: Random): GeneratedCluster {
  const addresses = createAddresses(random)
  const subjects: Subject[] = []
  for (let round = 0; round < PER_STATE; round++) {
    const labels = { tier: TIERS[round % TIERS.length] ?? '' }
    const placeFor = (state: string): Place => {
      return { namespace: random.pick(NAMESPACES), name: `${state}-${round}`, labels }
    }
    for (const state of Object.keys(SERVICE_STATES))
      subjects.push(makeService(state, placeFor(state), addresses))
    for (const state of POD_STATE_NAMES) subjects.push(makePod(state, placeFor(state), addresses))
  }
  // A Service that is called like a namespace: `web.shop` must not be caught by it.
  for (const namespace of ['shop', 'outside']) {
    const state = namespace === 'shop' ? 'headless-hostnames' : 'external-name'
    const place = { namespace: 'default', name: namespace, labels: { tier: 'front' } }
    subjects.push({ ...makeService(state, place, addresses), state: `${state}-named-like-namespace` })
  }
  const objects = [...NAMESPACES.map(namespaceObject), ...subjects.flatMap((subject) => subject.objects)]
  return { namespaces: NAMESPACES, subjects, objects }
}

/** A Service of that state. */
export function makeService(state: string, place: Place, addresses: Addresses): Subject {
  const { namespace, name } = place
  return { kind: 'service', state, namespace, name, objects: SERVICE_STATES[state]?.(place, addresses) ?? [] }
}

/** A Pod of that state. */
export function makePod(state: string, place: Place, addresses: Addresses): Subject {
  const { namespace, name } = place
  const fields = POD_STATES[state]?.(addresses) ?? { podIPs: [] }
  return { kind: 'pod', state, namespace, name, objects: [podObject(place, fields)] }
}
