import type { Endpoint, EndpointPort, EndpointSlice, Labels } from '../objects.ts'
import { type Family, familyOf } from './ip-family.ts'
import { MANAGED_BY, SERVICE_NAME, SKIP_MIRROR } from './labels.ts'
import type { EndpointsDraft, SubsetAddress } from './read-endpoints.ts'
import type { ServiceDraft } from './read-service.ts'
import type { SliceNames } from './slice-names.ts'
import { cut, portsKey } from './slice-parts.ts'

/** The controller's default for --mirroring-max-endpoints-per-subset, which bounds a slice as well. */
export const ADDRESSES_PER_SUBSET_MAX = 1000

export const LEADER_ANNOTATION = 'control-plane.alpha.kubernetes.io/leader'

/** What mirroring reads of an Endpoints object. */
export type MirroredEndpoints = Pick<EndpointsDraft, 'namespace' | 'name' | 'key' | 'labels' | 'subsets'>

/** Why the mirroring controller leaves an Endpoints object alone. */
export type MirrorExclusion = 'skip-mirror' | 'leader' | 'no service' | 'selector'

const FAMILIES: readonly Family[] = ['IPv4', 'IPv6']

export function mirrorExclusion(
  endpoints: EndpointsDraft,
  service: ServiceDraft | undefined,
): MirrorExclusion | undefined {
  if (endpoints.labels[SKIP_MIRROR] === 'true') return 'skip-mirror'
  if (Object.hasOwn(endpoints.annotations, LEADER_ANNOTATION)) return 'leader'
  if (service === undefined) return 'no service'
  return Object.keys(service.selector).length > 0 ? 'selector' : undefined
}

/**
 * The EndpointSlices that mirror an Endpoints object, as the EndpointSliceMirroring controller makes them: one for
 * each set of ports and family, with up to 1,000 addresses of each subset, ready ones first.
 */
export function mirrorEndpoints(endpoints: MirroredEndpoints, names: SliceNames): EndpointSlice[] {
  const { namespace, name } = endpoints
  const labels = sliceLabels(endpoints)
  return [...groupByPorts(endpoints)].flatMap(([key, { ports, addresses }]) =>
    FAMILIES.flatMap((family) => {
      const ofFamily = addresses.filter(({ addresses: [address] }) => familyOf(address) === family)
      return cut<Endpoint>(ofFamily, ADDRESSES_PER_SUBSET_MAX).map((part, index): EndpointSlice => {
        const sliceName = names.take(endpoints, `mirror ${endpoints.key} ${family} ${key} ${index}`)
        return {
          kind: 'EndpointSlice',
          namespace,
          name: sliceName,
          labels,
          serviceName: name,
          addressType: family,
          ports,
          endpoints: part,
        }
      })
    }),
  )
}

interface PortGroup {
  readonly ports: readonly EndpointPort[]
  readonly addresses: SubsetAddress[]
}

function groupByPorts({ subsets }: MirroredEndpoints): Map<string, PortGroup> {
  const groups = new Map<string, PortGroup>()
  for (const { ports, addresses } of subsets) {
    const key = portsKey(ports)
    const group = groups.get(key) ?? { ports, addresses: [] }
    group.addresses.push(...addresses.slice(0, ADDRESSES_PER_SUBSET_MAX))
    groups.set(key, group)
  }
  return groups
}

function sliceLabels({ name, labels }: MirroredEndpoints): Labels {
  return { ...labels, [SERVICE_NAME]: name, [MANAGED_BY]: 'endpointslicemirroring-controller.k8s.io' }
}
