import { type DomainName, nameFromLabels } from '../../wire/name.ts'
import type { Rdata } from '../../wire/rdata.ts'
import { RrType } from '../../wire/rrtype.ts'
import type { RRset } from '../../zone/rrset.ts'
import type { Service } from '../objects.ts'
import { addressRRsets, collectAddresses } from './address-rdatas.ts'
import type { AddressRdatas, NodeData } from './node.ts'
import type { NamedEndpoint, NumberedPort } from './slice-endpoints.ts'

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

/** Where the SRV records of a ClusterIP Service lead: to itself. */
export function clusterIPTarget(service: Service, ports: readonly number[]): readonly SrvTarget[] {
  const addresses = collectAddresses(service.clusterIPs)
  return [{ labels: serviceLabels(service), addresses, ports: [...new Set(ports)] }]
}

/** Where those of a headless Service lead: to its endpoints, for the ports that `isWanted` leaves. */
export function endpointTargets(
  service: Service,
  endpoints: Iterable<NamedEndpoint>,
  isWanted: (port: NumberedPort) => boolean = () => true,
): readonly SrvTarget[] {
  const below = serviceLabels(service)
  return [...endpoints].map(({ label, addresses, ports }) => ({
    labels: [label, ...below],
    addresses,
    ports: [...new Set(ports.filter((port) => isWanted(port)).map(({ port }) => port))],
  }))
}

/**
 * The SRV RRset (RFC 2782) of these targets, of which one at least has a port, with their addresses as glue. Priority 0,
 * weight 100 shared out and at least 1 (differences.md 16). Composed when first asked for, since most questions are for
 * addresses, and kept for the last spelling of the zone.
 */
export function srvData(targets: () => readonly SrvTarget[], ttlSeconds: number): NodeData {
  let last: Composed | undefined
  const composedFor = (origin: DomainName) => {
    if (last?.origin !== origin) last = compose(targets(), origin, ttlSeconds)
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
    // No such name can be asked for where the zone's own is very long.
    if (target === undefined || ports.length === 0) continue
    for (const port of ports) rdatas.push({ kind: 'SRV', priority: 0, weight, port, target })
    additional.push(...addressRRsets(target, addresses, ttlSeconds))
  }
  return { origin, rdatas, additional }
}
