import type { IpAddress } from '../../wire/rdata.ts'
import type { Pod, Service } from '../objects.ts'
import { type AddressRequest, type Allocations, allocateAddresses } from './address-allocator.ts'
import { type Family, familyOf } from './ip-family.ts'
import type { PodDraft } from './read-pod.ts'
import type { ServiceDraft } from './read-service.ts'

/** A Service or Pod that has its addresses, with what it was made of. */
interface Built<Draft, Made> {
  readonly draft: Draft
  readonly made: Made
}

type BuiltService = Built<ServiceDraft, Service>
export type BuiltPod = Built<PodDraft, Pod>

export interface Addressed {
  readonly services: readonly BuiltService[]
  readonly pods: readonly BuiltPod[]
  readonly allocations: Allocations
}

const FAMILIES: readonly Family[] = ['IPv4', 'IPv6']

/**
 * Makes a function that gives every Service its cluster IPs and every Pod its addresses, of both families unless
 * its status gives some. What did not change from call to call stays the same value.
 */
export function createAddressController(): (
  services: readonly ServiceDraft[],
  pods: readonly PodDraft[],
) => Addressed {
  let allocations: Allocations = new Map()
  const builtServices = new WeakMap<ServiceDraft, BuiltService>()
  const builtPods = new WeakMap<PodDraft, BuiltPod>()
  return (services, pods) => {
    const requests = [...services.flatMap(serviceRequest), ...pods.flatMap(podRequest)]
    allocations = allocateAddresses(requests, givenAddresses([...services, ...pods]), allocations)
    const addressesOf = ({ id, givenIPs }: ServiceDraft | PodDraft): IpAddress[] => [
      ...givenIPs,
      ...(allocations.get(id) ?? []).flatMap(({ address }) => address ?? []),
    ]
    return {
      services: services.map((draft) => {
        const clusterIPs = draft.type === 'ClusterIP' ? addressesOf(draft) : []
        const before = builtServices.get(draft)
        if (before !== undefined && areSame(before.made.clusterIPs, clusterIPs)) return before
        const built = { draft, made: makeService(draft, clusterIPs) }
        builtServices.set(draft, built)
        return built
      }),
      pods: pods.map((draft) => {
        const podIPs = addressesOf(draft)
        const before = builtPods.get(draft)
        if (before !== undefined && areSame(before.made.podIPs, podIPs)) return before
        const built = { draft, made: makePod(draft, podIPs) }
        builtPods.set(draft, built)
        return built
      }),
      allocations,
    }
  }
}

function givenAddresses(drafts: readonly (ServiceDraft | PodDraft)[]): ReadonlyMap<IpAddress, string> {
  return new Map(drafts.flatMap(({ id, givenIPs }) => givenIPs.map((address) => [address, id] as const)))
}

function serviceRequest({ type, id, families, givenIPs }: ServiceDraft): AddressRequest | [] {
  if (type !== 'ClusterIP') return []
  const given = new Set(givenIPs.map(familyOf))
  return { id, range: 'Service', families: families.filter((family) => !given.has(family)) }
}

function podRequest({ id, givenIPs }: PodDraft): AddressRequest | [] {
  return givenIPs.length > 0 ? [] : { id, range: 'Pod', families: FAMILIES }
}

function areSame(before: readonly IpAddress[], after: readonly IpAddress[]): boolean {
  return before.length === after.length && before.every((address, index) => address === after[index])
}

function makeService(draft: ServiceDraft, clusterIPs: readonly IpAddress[]): Service {
  return {
    kind: 'Service',
    namespace: draft.namespace,
    name: draft.name,
    labels: draft.labels,
    type: draft.type,
    clusterIPs,
    externalName: draft.externalName,
    ports: draft.ports.map(({ name, protocol, port }) => ({ name, protocol, port })),
    publishNotReadyAddresses: draft.publishNotReadyAddresses,
    ...(draft.externalAddresses.length === 0 ? {} : { externalAddresses: draft.externalAddresses }),
  }
}

function makePod(draft: PodDraft, podIPs: readonly IpAddress[]): Pod {
  return {
    kind: 'Pod',
    namespace: draft.namespace,
    name: draft.name,
    labels: draft.labels,
    podIPs,
    alive: !draft.isTerminal && !draft.isTerminating && !draft.isLost,
  }
}
