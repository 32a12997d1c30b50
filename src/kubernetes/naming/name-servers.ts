import { nameFromLabels } from '../../wire/name.ts'
import type { IpAddress } from '../../wire/rdata.ts'
import { RrType } from '../../wire/rrtype.ts'
import type { EndpointSlice } from '../objects.ts'
import { isLinkLocal, isLoopback } from '../special-address.ts'
import { addressRRsets, collectAddresses } from './address-rdatas.ts'
import { endpointLabel } from './endpoint-label.ts'
import type { AskedZone, NamingContext } from './naming-context.ts'
import type { AddressRdatas, NodeData } from './node.ts'
import { isReverseName } from './reverse-range.ts'
import { isReady } from './service-endpoints.ts'
import { serviceLabels } from './srv-data.ts'

/**
 * The NS RRset of a zone with its glue: the Services that have this server as a ready endpoint, else `ns.dns` below the
 * zone (differences.md 7). Names of Services stand in the primary zone where the zone asked for is a reverse one, which
 * has no such names.
 */
export function nsData({ zone, origin }: AskedZone, context: NamingContext): NodeData {
  const { primaryZone, ttlSeconds } = context.options
  const servers = servicesOfThisServer(context)
  const below = isReverseName(zone) && servers.length > 0 ? primaryZone : origin
  const ownServer = { labels: ['ns', 'dns'], addresses: collectAddresses(ownAddresses(context)) }
  const hosts = (servers.length > 0 ? servers : [ownServer]).flatMap(({ labels, addresses }) => {
    const target = nameFromLabels(labels, below)
    return target === undefined ? [] : [{ target, addresses }]
  })
  return {
    rrtype: RrType.NS,
    rdatas: () => hosts.map(({ target }) => ({ kind: 'NS', target })),
    additional: () => hosts.flatMap(({ target, addresses }) => addressRRsets(target, addresses, ttlSeconds)),
  }
}

/** What `ns.dns` below a zone holds: the addresses of all name servers. */
export function nameServerAddresses(context: NamingContext): AddressRdatas {
  const servers = servicesOfThisServer(context)
  if (servers.length === 0) return collectAddresses(ownAddresses(context))
  return {
    a: servers.flatMap(({ addresses }) => addresses.a),
    aaaa: servers.flatMap(({ addresses }) => addresses.aaaa),
  }
}

interface NameServer {
  /** Relative to the zone, leftmost first. */
  readonly labels: readonly string[]
  readonly addresses: AddressRdatas
}

/** A ClusterIP Service is one name server; a headless one is as many as the slice has ready endpoints. */
function servicesOfThisServer(context: NamingContext): readonly NameServer[] {
  const servers = new Map<string, NameServer>()
  if (!context.options.endpoints) return []
  for (const address of ownAddresses(context)) {
    for (const slice of context.store.slicesAt(address)) {
      for (const server of serversOfSlice(slice, address, context))
        servers.set(server.labels.join('.'), server)
    }
  }
  return [...servers.entries()]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, server]) => server)
}

function serversOfSlice(slice: EndpointSlice, own: IpAddress, context: NamingContext): readonly NameServer[] {
  const view = context.view(slice.namespace, slice.serviceName)
  const service = view?.entry.service
  if (view === undefined || service === undefined) return []
  const ready = slice.endpoints.filter((endpoint) => isReady(endpoint, view.entry))
  if (!ready.some(({ addresses }) => addresses.some((address) => address === own))) return []
  if (service.type === 'ClusterIP' && service.clusterIPs.length > 0) {
    return [{ labels: serviceLabels(service), addresses: collectAddresses(service.clusterIPs) }]
  }
  if (service.type !== 'Headless') return []
  const labels = ready.flatMap((endpoint) =>
    endpoint.addresses.map((address) => endpointLabel(endpoint, address, context.options)),
  )
  return labels.flatMap((label) => {
    const named = view.endpoints.byLabel.get(label)
    return named === undefined
      ? []
      : [{ labels: [label, ...serviceLabels(service)], addresses: named.addresses }]
  })
}

/** Never link-local ones; loopback only where there is no other. */
function ownAddresses(context: NamingContext): readonly IpAddress[] {
  const reachable = context.options.ownAddresses().filter((address) => !isLinkLocal(address))
  const remote = reachable.filter((address) => !isLoopback(address))
  return remote.length > 0 ? remote : reachable
}
