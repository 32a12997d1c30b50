import type { IpAddress } from '../wire/rdata.ts'

/**
 * Kubernetes objects shrunk to what DNS needs, at the door. Field names are the API's (core/v1, discovery.k8s.io/v1).
 * Nothing deeper sees the raw object. Do not let these grow: there are hundreds of thousands of them.
 */
export type ClusterObject = Service | EndpointSlice | Pod | Namespace

interface Meta {
  readonly namespace: string
  readonly name: string
  readonly labels: Labels
}

export type Labels = Readonly<Record<string, string>>

export type Protocol = 'TCP' | 'UDP' | 'SCTP'

export interface ServicePort {
  /** Empty where the port has no name. */
  readonly name: string
  readonly protocol: Protocol
  readonly port: number
}

export interface Service extends Meta {
  readonly kind: 'Service'
  readonly type: 'ClusterIP' | 'Headless' | 'ExternalName'
  /** All families; empty unless `type` is ClusterIP. */
  readonly clusterIPs: readonly IpAddress[]
  /** As written, empty unless `type` is ExternalName. */
  readonly externalName: string
  readonly ports: readonly ServicePort[]
  readonly publishNotReadyAddresses: boolean
  /** `spec.externalIPs`, then what `status.loadBalancer` says: addresses and host names. Absent where there are none. */
  readonly externalAddresses?: readonly (IpAddress | string)[]
}

export interface EndpointPort {
  /** Empty where the port has no name. */
  readonly name: string
  readonly protocol: Protocol
  /** Undefined where the slice does not say: such a port has no SRV record. */
  readonly port: number | undefined
}

export interface Endpoint {
  /** IP addresses, or host names in a slice of address type FQDN. */
  readonly addresses: readonly IpAddress[] | readonly string[]
  /** Lower case, a valid DNS label; empty where there is none. */
  readonly hostname: string
  /** conditions.ready; absent counts as true. */
  readonly ready: boolean
  /** targetRef.name where targetRef.kind is Pod, else empty. */
  readonly podName: string
  /** The topology zone (the API calls it `zone`), else empty. */
  readonly topologyZone: string
}

export interface EndpointSlice extends Meta {
  readonly kind: 'EndpointSlice'
  /** Label kubernetes.io/service-name; empty where it is missing: such a slice gives no names. */
  readonly serviceName: string
  readonly addressType: 'IPv4' | 'IPv6' | 'FQDN'
  readonly ports: readonly EndpointPort[]
  readonly endpoints: readonly Endpoint[]
}

export interface Pod extends Meta {
  readonly kind: 'Pod'
  /** status.podIPs, all families. */
  readonly podIPs: readonly IpAddress[]
  /** False for Succeeded, Failed and Unknown pods and from the deletionTimestamp on: such a pod has no name. */
  readonly alive: boolean
}

export interface Namespace {
  readonly kind: 'Namespace'
  readonly name: string
  readonly labels: Labels
}

/** Says which object: enough to remove it. `namespace` is empty for a Namespace. */
export interface ObjectReference {
  readonly kind: ClusterObject['kind']
  readonly namespace: string
  readonly name: string
}

export function referenceTo(object: ClusterObject): ObjectReference {
  const namespace = object.kind === 'Namespace' ? '' : object.namespace
  return { kind: object.kind, namespace, name: object.name }
}
