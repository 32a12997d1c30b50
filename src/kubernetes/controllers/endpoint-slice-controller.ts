import type { IpAddress } from '../../wire/rdata.ts'
import type { Endpoint, EndpointPort, EndpointSlice, Labels } from '../objects.ts'
import type { BuiltPod } from './address-controller.ts'
import { type Family, familyOf } from './ip-family.ts'
import { HEADLESS, MANAGED_BY, SERVICE_NAME } from './labels.ts'
import type { PodDraft } from './read-pod.ts'
import type { ServiceDraft, TargetedPort } from './read-service.ts'
import type { SliceNames } from './slice-names.ts'
import { cut, portsKey } from './slice-parts.ts'

/** The controller's default for --max-endpoints-per-slice. */
const MADE_SLICE_ENDPOINTS_MAX = 100

/** Pods whose ports have the same numbers: named targetPorts can differ from Pod to Pod. */
interface PortGroup {
  readonly ports: readonly EndpointPort[]
  readonly pods: BuiltPod[]
}

/**
 * The EndpointSlices of a Service that selects Pods, as the EndpointSlice controller makes them: for each family of
 * the Service, slices of at most 100 endpoints that have the same ports.
 */
export function selectEndpoints(
  service: ServiceDraft,
  selected: readonly BuiltPod[],
  names: SliceNames,
): EndpointSlice[] {
  const { namespace, name: serviceName } = service
  const groups = groupByPorts(
    service,
    selected.filter(({ draft }) => !draft.isTerminal),
  )
  const labels = sliceLabels(service)
  return service.families.flatMap((addressType) =>
    [...groups].flatMap(([key, { ports, pods }]) => {
      const endpoints = pods.flatMap((pod) => makeEndpoint(service, pod, addressType) ?? [])
      return cut(endpoints, MADE_SLICE_ENDPOINTS_MAX).map((part, index): EndpointSlice => {
        const name = names.take(service, `${service.key} ${addressType} ${key} ${index}`)
        return {
          kind: 'EndpointSlice',
          namespace,
          name,
          labels,
          serviceName,
          addressType,
          ports,
          endpoints: part,
        }
      })
    }),
  )
}

/** The port as this Pod has it; undefined where the Pod has no port of that name, which the controller leaves out. */
export function resolvePort(port: TargetedPort, pod: PodDraft): EndpointPort | undefined {
  const { name, protocol, targetPort } = port
  if (typeof targetPort === 'number') return { name, protocol, port: targetPort }
  const found = pod.containerPorts.find((own) => own.name === targetPort && own.protocol === protocol)
  return found === undefined ? undefined : { name, protocol, port: found.containerPort }
}

function groupByPorts(service: ServiceDraft, pods: readonly BuiltPod[]): ReadonlyMap<string, PortGroup> {
  const groups = new Map<string, PortGroup>()
  for (const pod of pods) {
    const ports = service.ports.flatMap((port) => resolvePort(port, pod.draft) ?? [])
    const key = portsKey(ports)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { ports, pods: [pod] })
    else group.pods.push(pod)
  }
  return groups
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
    topologyZone: draft.topologyZone,
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
