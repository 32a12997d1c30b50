import type { ApiObject } from '../helpers/api-object.ts'

export interface SliceEndpoint {
  readonly addresses: readonly string[]
  readonly conditions?: {
    readonly ready?: boolean
    readonly serving?: boolean
    readonly terminating?: boolean
  }
  readonly hostname?: string
  readonly targetRef?: Readonly<Record<string, string>>
}

const PORT = { name: 'http', protocol: 'TCP', port: 80 }

/** One port, `http` 80; ClusterIP unless the spec says otherwise. */
export function service(namespace: string, name: string, spec: object = {}): ApiObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name },
    spec: { ports: [PORT], ...spec },
  }
}

export function headless(namespace: string, name: string, spec: object = {}): ApiObject {
  return service(namespace, name, { clusterIP: 'None', ...spec })
}

/** A slice by hand for the Service of that name, called `<service>-<suffix>`. */
export function slice(
  namespace: string,
  serviceName: string,
  suffix: string,
  endpoints: readonly SliceEndpoint[],
  addressType = 'IPv4',
): ApiObject {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      namespace,
      name: `${serviceName}-${suffix}`,
      labels: { 'kubernetes.io/service-name': serviceName },
    },
    addressType,
    ports: [PORT],
    endpoints,
  }
}

/** Ready endpoints, one for each address. */
export function readyAt(addresses: readonly string[]): SliceEndpoint[] {
  return addresses.map((address) => ({ addresses: [address], conditions: { ready: true } }))
}

export function pod(namespace: string, name: string, app: string, spec: object = {}): ApiObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, labels: { app } },
    spec: podSpec(spec),
  }
}

/** A Deployment or StatefulSet of Pods with the label `app`. */
export function workload(
  kind: string,
  namespace: string,
  name: string,
  replicas: number,
  spec: object = {},
): ApiObject {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { namespace, name },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: podSpec({}) },
      ...spec,
    },
  }
}

/** Addresses `first`, the one after it and so on, as in `10.20.0.0`. */
export function addressRange(first: string, count: number): string[] {
  const [a = 0, b = 0, c = 0, d = 0] = first.split('.').map(Number)
  const from = ((a * 256 + b) * 256 + c) * 256 + d
  return Array.from({ length: count }, (_, index) => {
    const address = from + index
    return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.')
  })
}

function podSpec(spec: object): object {
  return { containers: [{ name: 'app', image: 'app' }], terminationGracePeriodSeconds: 0, ...spec }
}
