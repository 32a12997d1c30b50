import { type DomainName, nameFromLabels } from '../../wire/name.ts'
import type { Rdata } from '../../wire/rdata.ts'
import { RrType } from '../../wire/rrtype.ts'
import type { RRset } from '../../zone/rrset.ts'
import type { Service } from '../objects.ts'
import { addressRRsets, collectAddresses } from './address-rdatas.ts'
import type { AddressRdatas, NodeData } from './node.ts'
import type { NumberedPort, ServiceEndpoints } from './service-endpoints.ts'

/** A host that SRV records point to and the ports to be had there. */
export interface SrvTarget {
  /** Relative to the zone, leftmost first. */
  readonly labels: readonly string[]
  readonly addresses: AddressRdatas
  /** Each once. */
  readonly ports: readonly number[]
}

/** A Service's own name below a zone. */
export function serviceLabels({ namespace, name }: Pick<Service, 'namespace' | 'name'>): readonly string[] {
  return [name, namespace, 'svc']
}

/** Where the SRV records of a ClusterIP Service lead: to itself. Without an address there is no target. */
export function clusterIPTarget(service: Service, ports: readonly number[]): readonly SrvTarget[] {
  if (service.clusterIPs.length === 0) return []
  const addresses = collectAddresses(service.clusterIPs)
  return [{ labels: serviceLabels(service), addresses, ports: [...new Set(ports)] }]
}

/** Where those of a headless Service lead: to its endpoints, for the ports that `isWanted` leaves. */
export function endpointTargets(
  service: Service,
  { byLabel }: Pick<ServiceEndpoints, 'byLabel'>,
  isWanted: (port: NumberedPort) => boolean = () => true,
): readonly SrvTarget[] {
  const below = serviceLabels(service)
  return [...byLabel.values()].map(({ label, addresses, ports }) => ({
    labels: [label, ...below],
    addresses,
    ports: [...new Set(ports.filter((port) => isWanted(port)).map(({ port }) => port))],
  }))
}

/**
 * The SRV RRset (RFC 2782) of these targets, with their addresses as glue. Undefined where no target has a port. Priority
 * 0, weight 100 shared out and at least 1 (differences.md 16). Composed when first asked for and kept for the last
 * spelling of the zone.
 */
export function srvData(targets: readonly SrvTarget[], ttlSeconds: number): NodeData | undefined {
  const withPorts = targets.filter(({ ports }) => ports.length > 0)
  if (withPorts.length === 0) return undefined
  let last: Composed | undefined
  const composedFor = (origin: DomainName) => {
    if (last?.origin !== origin) last = compose(withPorts, origin, ttlSeconds)
    return last
  }
  return {
    rrtype: RrType.SRV,
    rdatas: (origin) => composedFor(origin).rdatas,
    additional: (origin) => composedFor(origin).additional,
  }
}

interface Composed {
  readonly origin: DomainName
  readonly rdatas: readonly Rdata[]
  readonly additional: readonly RRset[]
}

function compose(targets: readonly SrvTarget[], origin: DomainName, ttlSeconds: number): Composed {
  const count = targets.reduce((sum, { ports }) => sum + ports.length, 0)
  const weight = Math.max(1, Math.floor(100 / count))
  const rdatas: Rdata[] = []
  const additional: RRset[] = []
  for (const { labels, addresses, ports } of targets) {
    const target = nameFromLabels(labels, origin)
    // A name that cannot exist, in a zone with a very long name.
    if (target === undefined) continue
    for (const port of ports) rdatas.push({ kind: 'SRV', priority: 0, weight, port, target })
    additional.push(...addressRRsets(target, addresses, ttlSeconds))
  }
  return { origin, rdatas, additional }
}
