import type { IpAddress } from '../../wire/rdata.ts'
import type { Pod, Service } from '../objects.ts'
import {
  type AddressRequest,
  type Allocations,
  allocateAddresses,
  allocationKey,
} from './address-allocator.ts'
import { type Family, familyOf } from './ip-family.ts'
import { named } from './problem.ts'
import type { PodDraft } from './read-pod.ts'
import type { ServiceDraft } from './read-service.ts'
import type { ClusterPod } from './workload-controller.ts'

/** A Service or Pod that has its addresses, with what it was made of. */
export interface Built<Draft, Made> {
  readonly draft: Draft
  readonly made: Made
}

export type BuiltService = Built<ServiceDraft, Service>
export type BuiltPod = Built<ClusterPod, Pod>

export interface Addressed {
  readonly services: readonly BuiltService[]
  readonly pods: readonly BuiltPod[]
  readonly allocations: Allocations
}

const FAMILIES: readonly Family[] = ['IPv4', 'IPv6']

/** Gives every Service its cluster IPs and every Pod its addresses, of both families unless its status gives some. */
export function assignAddresses(
  services: readonly ServiceDraft[],
  pods: readonly ClusterPod[],
  previous: Allocations,
): Addressed {
  const requests = [...services.flatMap(serviceRequests), ...pods.flatMap(podRequests)]
  const allocations = allocateAddresses(requests, givenAddresses(services, pods), previous)
  const allocated = (object: string, families: readonly Family[]): IpAddress[] =>
    families.flatMap((family) => allocations.get(allocationKey(object, family))?.address ?? [])
  return {
    services: services.map((draft) => ({ draft, made: makeService(draft, allocated) })),
    pods: pods.map((draft) => ({ draft, made: makePod(draft, allocated) })),
    allocations,
  }
}

/** `Service shop/web`: how messages and allocations name a Service. */
export function serviceId({ namespace, name }: ServiceDraft): string {
  return named({ kind: 'Service', namespace, name })
}

export function podId({ namespace, name }: PodDraft): string {
  return named({ kind: 'Pod', namespace, name })
}

function givenAddresses(
  services: readonly ServiceDraft[],
  pods: readonly PodDraft[],
): ReadonlyMap<IpAddress, string> {
  const given = new Map<IpAddress, string>()
  for (const service of services) {
    for (const address of service.givenIPs) given.set(address, serviceId(service))
  }
  for (const pod of pods) {
    for (const address of pod.givenIPs) given.set(address, podId(pod))
  }
  return given
}

function serviceRequests(service: ServiceDraft): AddressRequest[] {
  if (service.type !== 'ClusterIP') return []
  const given = new Set(service.givenIPs.map(familyOf))
  const object = serviceId(service)
  return service.families
    .filter((family) => !given.has(family))
    .map((family) => ({ object, kind: 'Service', family }))
}

function podRequests(pod: PodDraft): AddressRequest[] {
  if (pod.givenIPs.length > 0) return []
  const object = podId(pod)
  return FAMILIES.map((family) => ({ object, kind: 'Pod', family }))
}

type Allocated = (object: string, families: readonly Family[]) => IpAddress[]

function makeService(draft: ServiceDraft, allocated: Allocated): Service {
  return {
    kind: 'Service',
    namespace: draft.namespace,
    name: draft.name,
    labels: draft.labels,
    type: draft.type,
    clusterIPs:
      draft.type === 'ClusterIP' ? [...draft.givenIPs, ...allocated(serviceId(draft), draft.families)] : [],
    externalName: draft.externalName,
    ports: draft.ports.map(({ name, protocol, port }) => ({ name, protocol, port })),
    publishNotReadyAddresses: draft.publishNotReadyAddresses,
  }
}

function makePod(draft: PodDraft, allocated: Allocated): Pod {
  return {
    kind: 'Pod',
    namespace: draft.namespace,
    name: draft.name,
    labels: draft.labels,
    podIPs: draft.givenIPs.length > 0 ? draft.givenIPs : allocated(podId(draft), FAMILIES),
    alive: !draft.isTerminal && !draft.isTerminating && !draft.isLost,
  }
}
