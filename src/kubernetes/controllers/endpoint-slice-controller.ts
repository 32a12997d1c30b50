import type { IpAddress } from '../../wire/rdata.ts'
import type { Endpoint, EndpointPort, EndpointSlice, Labels } from '../objects.ts'
import type { BuiltPod, BuiltService } from './address-controller.ts'
import { generatedName } from './generated-name.ts'
import { type Family, familyOf } from './ip-family.ts'
import { HEADLESS, MANAGED_BY, SERVICE_NAME } from './labels.ts'
import type { PodDraft } from './read-pod.ts'
import type { ServiceDraft, TargetedPort } from './read-service.ts'

/** The controller's default for --max-endpoints-per-slice. */
const ENDPOINTS_PER_SLICE_MAX = 100

/** Pods whose ports have the same numbers: named targetPorts can differ from Pod to Pod. */
interface PortGroup {
  readonly ports: readonly EndpointPort[]
  readonly pods: BuiltPod[]
}

/**
 * The EndpointSlices of a Service that selects Pods, as the EndpointSlice controller makes them: for each family of
 * the Service, slices of at most 100 endpoints that have the same ports. `takeName` claims a name for a slice.
 */
export function selectEndpoints(
  { draft: service }: BuiltService,
  selected: readonly BuiltPod[],
  takeName: TakeName,
): EndpointSlice[] {
  const groups = groupByPorts(
    service,
    selected.filter(({ draft }) => !draft.isTerminal),
  )
  const labels = sliceLabels(service)
  return service.families.flatMap((family) =>
    groups.flatMap(({ ports, pods }) => {
      const endpoints = pods.flatMap((pod) => makeEndpoint(service, pod, family) ?? [])
      return cut(endpoints, ENDPOINTS_PER_SLICE_MAX).map((part, index): EndpointSlice => {
        const seed = `${service.namespace}/${service.name} ${family} ${portsKey(ports)} ${index}`
        const name = takeName(service.namespace, service.name, seed)
        return {
          kind: 'EndpointSlice',
          namespace: service.namespace,
          name,
          labels,
          serviceName: service.name,
          addressType: family,
          ports,
          endpoints: part,
        }
      })
    }),
  )
}

export type TakeName = (namespace: string, base: string, seed: string) => string

/** Makes a `TakeName` that avoids the names given, `namespace/name`, and those it gave. */
export function createSliceNames(taken: Set<string>): TakeName {
  return (namespace, base, seed) => {
    const name = generatedName(base, seed, (candidate) => taken.has(`${namespace}/${candidate}`))
    taken.add(`${namespace}/${name}`)
    return name
  }
}

/** Parts of at most `size` items. */
export function cut<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = []
  for (let start = 0; start < items.length; start += size) parts.push(items.slice(start, start + size))
  return parts
}

/** Tells port lists apart. */
export function portsKey(ports: readonly EndpointPort[]): string {
  return ports.map(({ name, protocol, port }) => `${name}:${protocol}:${port ?? ''}`).join(',')
}

function groupByPorts(service: ServiceDraft, pods: readonly BuiltPod[]): Iterable<PortGroup> & PortGroup[] {
  const groups = new Map<string, PortGroup>()
  for (const pod of pods) {
    const ports = service.ports.flatMap((port) => resolvePort(port, pod.draft) ?? [])
    const key = portsKey(ports)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { ports, pods: [pod] })
    else group.pods.push(pod)
  }
  return [...groups.values()]
}

/** The port as this Pod has it; undefined where the Pod has no port of that name, which the controller leaves out. */
export function resolvePort(port: TargetedPort, pod: PodDraft): EndpointPort | undefined {
  const { name, protocol, targetPort } = port
  if (typeof targetPort === 'number') return { name, protocol, port: targetPort }
  const found = pod.containerPorts.find((own) => own.name === targetPort && own.protocol === protocol)
  return found === undefined ? undefined : { name, protocol, port: found.containerPort }
}

function makeEndpoint(
  service: ServiceDraft,
  { draft, made }: BuiltPod,
  family: Family,
): Endpoint | undefined {
  const addresses: readonly IpAddress[] = made.podIPs.filter((address) => familyOf(address) === family)
  if (addresses.length === 0) return undefined
  return {
    addresses,
    hostname: draft.subdomain === service.name ? draft.hostname : '',
    ready: service.publishNotReadyAddresses || (draft.isReady && !draft.isTerminating),
    podName: draft.name,
    topologyZone: '',
  }
}

function sliceLabels({ name, labels, type }: ServiceDraft): Labels {
  return {
    ...labels,
    ...(type === 'Headless' ? { [HEADLESS]: '' } : {}),
    [SERVICE_NAME]: name,
    [MANAGED_BY]: 'endpointslice-controller.k8s.io',
  }
}
