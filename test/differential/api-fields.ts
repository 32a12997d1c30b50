import type { ApiObject } from '../helpers/api-object.ts'

/** Fields of API objects as the differential test reads them: everything absent is empty. */
export interface RawPort {
  readonly name: string
  readonly protocol: string
  readonly port: number | undefined
}

export interface RawEndpoint {
  readonly addresses: readonly string[]
  readonly hostname: string
  readonly podName: string
  readonly ready: boolean
}

/** The value at a path of fields; undefined where there is none. */
export function fieldAt(value: unknown, ...path: readonly string[]): unknown {
  let current = value
  for (const field of path) current = isRecord(current) ? current[field] : undefined
  return current
}

export function textAt(value: unknown, ...path: readonly string[]): string {
  const found = fieldAt(value, ...path)
  return typeof found === 'string' ? found : ''
}

export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = fieldAt(value, ...path)
  return Array.isArray(found) ? found : []
}

/** Ports of a Service, or of an EndpointSlice. */
export function portsIn(value: unknown): readonly RawPort[] {
  const list = textAt(value, 'kind') === 'Service' ? listAt(value, 'spec', 'ports') : listAt(value, 'ports')
  return list.map((port) => {
    const number = fieldAt(port, 'port')
    return {
      name: textAt(port, 'name'),
      protocol: textAt(port, 'protocol').toLowerCase() || 'tcp',
      port: typeof number === 'number' ? number : undefined,
    }
  })
}

/** Ports of all Services and slices. */
export function portsOf(objects: readonly ApiObject[]): readonly RawPort[] {
  return objects.flatMap((object) => portsIn(object))
}

export function endpointsIn(slice: unknown): readonly RawEndpoint[] {
  return listAt(slice, 'endpoints').map((endpoint) => ({
    addresses: listAt(endpoint, 'addresses').filter((address) => typeof address === 'string'),
    hostname: textAt(endpoint, 'hostname'),
    podName: textAt(endpoint, 'targetRef', 'name'),
    ready: fieldAt(endpoint, 'conditions', 'ready') !== false,
  }))
}

/** Endpoints of all slices. */
export function endpointsOf(objects: readonly ApiObject[]): readonly RawEndpoint[] {
  return objects.flatMap((object) => endpointsIn(object))
}

export function clusterIPsOf(service: unknown): readonly string[] {
  return listAt(service, 'spec', 'clusterIPs')
    .filter((address) => typeof address === 'string')
    .filter((address) => address !== 'None')
}

export function podIPsOf(pod: unknown): readonly string[] {
  return listAt(pod, 'status', 'podIPs').map((entry) => textAt(entry, 'ip'))
}

/** Cluster IPs, endpoint addresses and Pod addresses, in that order. */
export function addressesIn(objects: readonly ApiObject[]): readonly string[] {
  return [
    ...objects.flatMap(clusterIPsOf),
    ...endpointsOf(objects).flatMap(({ addresses }) => addresses),
    ...objects.flatMap(podIPsOf),
  ]
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
