import { addressKey } from '../address-index.ts'
import { type DomainName, isSubdomain, lowerCase, nameFromLabels } from '../../wire/name.ts'
import type { IpAddress } from '../../wire/rdata.ts'
import { reverseName } from '../../wire/reverse-name.ts'
import type { ServiceEntry } from '../service-entry.ts'
import type { NamingContext } from './naming-context.ts'
import { ptrTargets } from './reverse-names.ts'
import { isReverseName } from './reverse-range.ts'
import { isReady } from './service-endpoints.ts'
import type { ServiceView } from './service-view.ts'
import { serviceLabels } from './srv-data.ts'
import { ZONE_ANCHOR, ZONE_DIRECTIVES } from './zonal-names.ts'

/** Every owner name that a Service and its slices give rise to, in lower case and in every zone. */
export function namesOfService(entry: ServiceEntry, context: NamingContext): readonly DomainName[] {
  const view = context.isExposed(entry.namespace) ? context.viewOf(entry) : undefined
  if (view === undefined) return []
  const own = serviceLabels(entry)
  const relative =
    view.own.kind === 'absence'
      ? []
      : [
          [],
          ...[...view.endpointLabels(), ...view.portNodes.keys(), ...zonalKeys(view)].map((key) =>
            key.split('.'),
          ),
        ]
  const { zones } = context.options
  const forward = zones
    .filter((zone) => !isReverseName(zone))
    .flatMap((zone) => relative.flatMap((labels) => nameFromLabels([...labels, ...own], zone) ?? []))
  const reverse = [...addressesOf(entry)]
    .filter((address) => ptrTargets(address, context).length > 0)
    .map((address) => reverseName(address))
    .filter((name) => zones.some((zone) => isSubdomain(name, zone)))
  return [...new Set([...forward.map(lowerCase), ...reverse])]
}

/** Names below `_zone` have no end, as any zone may be asked for: these are of the zones that endpoints are in. */
function zonalKeys({ zones }: ServiceView): readonly string[] {
  if (zones === undefined) return []
  const parents = ZONE_DIRECTIVES.map((directive) => `${directive}.${ZONE_ANCHOR}`)
  const below = [...zones.keys()].flatMap((zone) => parents.map((parent) => `${zone}.${parent}`))
  return [ZONE_ANCHOR, ...parents, ...below]
}

/** Cluster IPs and ready endpoint addresses: those that may have a PTR. */
function addressesOf(entry: ServiceEntry): Iterable<IpAddress> {
  const distinct = new Map<string | number, IpAddress>()
  for (const address of entry.service?.clusterIPs ?? []) distinct.set(addressKey(address), address)
  for (const { endpoints } of entry.slices) {
    for (const endpoint of endpoints) {
      if (!isReady(endpoint, entry)) continue
      for (const address of endpoint.addresses) {
        if (typeof address !== 'string') distinct.set(addressKey(address), address)
      }
    }
  }
  return distinct.values()
}
