import type { SeededRandom } from '../../../fuzz/random.ts'
import type { ApiObject } from '../../../helpers/api-object.ts'

/** The kinds that are followed. */
export const KINDS = ['Namespace', 'Service', 'EndpointSlice', 'Pod'] as const
export type Kind = (typeof KINDS)[number]

// Few names and few addresses, so that objects meet often.
export const NAMESPACES = ['default', 'shop', '__proto__'] as const
export const SERVICE_NAMES = ['web', 'db', 'constructor'] as const
const SLICE_NAMES = ['one', 'two', 'three'] as const
const POD_NAMES = ['pod-1', 'pod-2'] as const
export const ADDRESSES = ['10.1.0.1', '10.1.0.2', '10.1.7.3', 'fd00:1::1', 'fd00:2::1'] as const

const PLACES: Readonly<Record<Kind, readonly string[]>> = {
  Namespace: NAMESPACES,
  Service: SERVICE_NAMES,
  EndpointSlice: SLICE_NAMES,
  Pod: POD_NAMES,
}

/** An object of the kind as the API server has it, without a resourceVersion. */
export function randomObject(random: SeededRandom, kind: Kind): ApiObject {
  const name = random.pick(PLACES[kind])
  if (kind === 'Namespace')
    return { apiVersion: 'v1', kind, metadata: { name, labels: randomLabels(random) } }
  const namespace = random.pick(NAMESPACES)
  const metadata = { name, namespace, labels: randomLabels(random) }
  if (kind === 'Service') return { apiVersion: 'v1', kind, metadata, spec: serviceSpec(random), status: {} }
  if (kind === 'Pod') return { apiVersion: 'v1', kind, metadata, spec: {}, status: podStatus(random) }
  return { ...sliceFields(random, metadata), apiVersion: 'discovery.k8s.io/v1', kind }
}

function randomLabels(random: SeededRandom): Record<string, string> {
  return random.chance(3) ? { tier: random.pick(['front', 'back']) } : {}
}

function serviceSpec(random: SeededRandom): object {
  const ports = [{ name: random.pick(['', 'http']), port: random.pick([80, 8080]), protocol: 'TCP' }]
  if (random.chance(5)) return { type: 'ExternalName', externalName: random.pick(['a.example', 'b.example']) }
  const isHeadless = random.chance(2)
  const clusterIP = isHeadless ? 'None' : `10.96.0.${1 + random.below(9)}`
  return {
    type: 'ClusterIP',
    clusterIP,
    clusterIPs: [clusterIP],
    ports,
    publishNotReadyAddresses: random.chance(4),
  }
}

function sliceFields(
  random: SeededRandom,
  metadata: ApiObject['metadata'],
): Pick<ApiObject, 'metadata'> & Readonly<Record<string, unknown>> {
  const serviceName = random.chance(8) ? {} : { 'kubernetes.io/service-name': random.pick(SERVICE_NAMES) }
  const endpoints = Array.from({ length: random.below(4) }, () => ({
    addresses: [random.pick(ADDRESSES.slice(0, 3))],
    conditions: { ready: random.chance(3) ? random.chance(2) : undefined },
    hostname: random.chance(3) ? random.pick(['pod-a', 'pod-b']) : undefined,
  }))
  return {
    metadata: { ...metadata, labels: { ...metadata.labels, ...serviceName } },
    addressType: 'IPv4',
    ports: [{ name: random.pick(['', 'http']), port: 80, protocol: 'TCP' }],
    endpoints,
  }
}

function podStatus(random: SeededRandom): object {
  return { phase: random.chance(6) ? 'Pending' : 'Running', podIPs: [{ ip: random.pick(ADDRESSES) }] }
}
