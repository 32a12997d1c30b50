import { dump } from 'js-yaml'
import type { ApiObject } from '../test/helpers/api-object.ts'

/** A Service of the made-up cluster and its EndpointSlice. */
export interface BenchService {
  readonly namespace: string
  readonly name: string
  /** Undefined where the Service is headless. */
  readonly clusterIP: string | undefined
  /** The addresses in its slice; without any there is no slice. */
  readonly endpointAddresses: readonly string[]
}

/** A made-up cluster: the same objects go to one server as manifests and to the other through an API server. */
export interface BenchCluster {
  readonly namespaces: readonly string[]
  readonly services: readonly BenchService[]
  readonly objects: readonly ApiObject[]
}

export interface ClusterSize {
  readonly serviceCount: number
  readonly endpointsPerSlice: number
}

const NAMESPACE_COUNT = 10
/** Every tenth Service is headless, the others have a cluster IP. */
const HEADLESS_EVERY = 10
/** 10.96.0.0/12 and 10.128.0.0/9. */
const FIRST_CLUSTER_IP = 0x0a600001
const FIRST_ENDPOINT = 0x0a800001

/**
 * Services with one port `http` 80 and one EndpointSlice each, every address given: 10.96.0.0/12 for Services,
 * 10.128.0.0/9 for endpoints. Equal sizes give equal clusters.
 */
export function makeCluster(size: ClusterSize): BenchCluster {
  const namespaces = Array.from({ length: NAMESPACE_COUNT }, (_, index) => `team-${index}`)
  const services = Array.from({ length: size.serviceCount }, (_, index) => makeService(index, size))
  const objects = [
    ...namespaces.map(namespaceObject),
    ...services.map(serviceObject),
    ...services.flatMap(sliceObjects),
  ]
  return { namespaces, services, objects }
}

/** The objects as one YAML file of many documents. */
export function composeYaml(objects: readonly ApiObject[]): string {
  return objects.map((object) => dump(object)).join('---\n')
}

function makeService(index: number, { endpointsPerSlice }: ClusterSize): BenchService {
  // Not in step with the namespaces, so that each of them has both kinds.
  const headless = Math.floor(index / NAMESPACE_COUNT) % HEADLESS_EVERY === HEADLESS_EVERY - 1
  const firstEndpoint = FIRST_ENDPOINT + index * endpointsPerSlice
  return {
    namespace: `team-${index % NAMESPACE_COUNT}`,
    name: `service-${String(index).padStart(5, '0')}`,
    clusterIP: headless ? undefined : address(FIRST_CLUSTER_IP + index),
    endpointAddresses: Array.from({ length: endpointsPerSlice }, (_, endpoint) =>
      address(firstEndpoint + endpoint),
    ),
  }
}

function namespaceObject(name: string): ApiObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }
}

function serviceObject({ namespace, name, clusterIP = 'None' }: BenchService): ApiObject {
  const ports = [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 8080 }]
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { type: 'ClusterIP', clusterIP, clusterIPs: [clusterIP], ports },
  }
}

function sliceObjects(service: BenchService): ApiObject[] {
  return service.endpointAddresses.length === 0 ? [] : [sliceOf(service)]
}

/** The one EndpointSlice of a Service. */
export function sliceOf({ namespace, name, endpointAddresses }: BenchService): ApiObject {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${name}-0`, namespace, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    ports: [{ name: 'http', protocol: 'TCP', port: 8080 }],
    endpoints: endpointAddresses.map((text) => ({ addresses: [text], conditions: { ready: true } })),
  }
}

/** An IPv4 address as text, from its number. */
function address(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.')
}
