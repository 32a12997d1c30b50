import type { ApiObject } from '../helpers/api-object.ts'
import type { Random } from './random.ts'

/** Where an object stands, and its labels beside those of its kind. */
export interface Place {
  readonly namespace: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
}

export interface PortFields {
  readonly name?: string
  readonly port?: number
  readonly protocol?: string
}

export interface EndpointFields {
  readonly addresses: readonly string[]
  readonly conditions?: Readonly<Record<string, boolean>>
  readonly hostname?: string
  readonly podName?: string
  /** The topology zone. */
  readonly zone?: string
}

/** Gives out addresses, each once. */
export interface Addresses {
  readonly cluster4: () => string
  readonly cluster6: () => string
  readonly pod4: () => string
  readonly pod6: () => string
}

export function createAddresses(random: Random): Addresses {
  const taken = new Set<string>()
  const distinct = (make: () => string) => (): string => {
    let address = make()
    while (taken.has(address)) address = make()
    taken.add(address)
    return address
  }
  const octet = (): number => random.integer(1, 254)
  const group = (): string => random.integer(1, 0xffff).toString(16)
  return {
    cluster4: distinct(() => `10.96.${octet()}.${octet()}`),
    cluster6: distinct(() => `fd00:10:96::${group()}`),
    pod4: distinct(() => `10.244.${octet()}.${octet()}`),
    pod6: distinct(() => `fd00:10:244:${group()}::${group()}`),
  }
}

/** Namespaces of an even number of letters belong to team `a`, the others to team `b`. */
export function namespaceObject(name: string): ApiObject {
  const labels = { team: name.length % 2 === 0 ? 'a' : 'b' }
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }
}

/** A Service of the fields of `spec`; never with a selector, so that no controller is needed. */
export function serviceObject(place: Place, spec: Readonly<Record<string, unknown>>): ApiObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: metadataOf(place), spec }
}

export function clusterIPSpec(clusterIPs: readonly string[], ports: readonly PortFields[]) {
  const ipFamilies = clusterIPs.map((address) => (address.includes(':') ? 'IPv6' : 'IPv4'))
  const ipFamilyPolicy = clusterIPs.length > 1 ? 'RequireDualStack' : 'SingleStack'
  return {
    type: 'ClusterIP',
    clusterIP: clusterIPs[0],
    clusterIPs,
    ipFamilies,
    ipFamilyPolicy,
    ports: ports.map((port) => ({ protocol: 'TCP', targetPort: 8080, ...port })),
  }
}

export function headlessSpec(
  ports: readonly PortFields[] = [],
  more: Readonly<Record<string, unknown>> = {},
) {
  const targeted = ports.map((port) => ({ protocol: 'TCP', targetPort: 8080, ...port }))
  return { type: 'ClusterIP', clusterIP: 'None', clusterIPs: ['None'], ports: targeted, ...more }
}

export function externalNameSpec(externalName: string, ports: readonly PortFields[] = []) {
  return { type: 'ExternalName', externalName, ports: ports.map((port) => ({ protocol: 'TCP', ...port })) }
}

export interface SliceFields {
  readonly suffix?: string
  /** The Service it is labelled for: the place's name where absent, none where empty. */
  readonly serviceName?: string
  readonly addressType?: 'IPv4' | 'IPv6' | 'FQDN'
  readonly ports?: readonly PortFields[]
  readonly endpoints: readonly EndpointFields[]
}

export function sliceObject(place: Place, fields: SliceFields): ApiObject {
  const { suffix = 'a', serviceName = place.name, addressType = 'IPv4', ports = [], endpoints } = fields
  const label = serviceName === '' ? {} : { 'kubernetes.io/service-name': serviceName }
  const name = `${place.name}-${suffix}`
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: metadataOf({ ...place, name, labels: { ...place.labels, ...label } }),
    addressType,
    ports: ports.map(withProtocol),
    endpoints: endpoints.map((endpoint) => endpointOf(endpoint, place)),
  }
}

export interface PodFields {
  readonly podIPs: readonly string[]
  readonly phase?: string
  readonly deletionTimestamp?: string
}

export function podObject(
  place: Place,
  { podIPs, phase = 'Running', deletionTimestamp }: PodFields,
): ApiObject {
  const terminating = deletionTimestamp === undefined ? {} : { deletionTimestamp }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadataOf(place), ...terminating },
    spec: { containers: [{ name: 'main', image: 'none' }] },
    status: { phase, podIP: podIPs[0], podIPs: podIPs.map((ip) => ({ ip })) },
  }
}

function withProtocol(port: PortFields): PortFields {
  return { protocol: 'TCP', ...port }
}

function metadataOf({ namespace, name, labels }: Place): ApiObject['metadata'] {
  return { namespace, name, labels }
}

function endpointOf({ podName, ...endpoint }: EndpointFields, { namespace }: Place) {
  if (podName === undefined) return endpoint
  return { ...endpoint, targetRef: { kind: 'Pod', namespace, name: podName } }
}
