import { type DomainName, lowerCase, ROOT } from '../wire/name.ts'
import type { Rdata } from '../wire/rdata.ts'
import { RrType } from '../wire/rrtype.ts'
import type { RRset } from './rrset.ts'
import type { Zone } from './zone.ts'

/**
 * The addresses that the zone holds of the hosts in an RRset (RFC 1034 4.3.2 step 6; RFC 2782, RFC 9460 4.1), each
 * once. `glue`: those below zone cuts too, which only a referral and NS records need.
 */
export function additionalAddresses(zone: Zone, rrset: RRset, isGlue: boolean): readonly RRset[] {
  const hosts = new Set<DomainName>()
  const addresses: RRset[] = []
  for (const rdata of rrset.rdatas) {
    const host = hostOf(rdata, rrset.owner)
    const lower = host === undefined ? undefined : lowerCase(host)
    if (host === undefined || lower === undefined || hosts.has(lower)) continue
    hosts.add(lower)
    const node = zone.nodes.get(lower)
    if (node === undefined || (node.cut !== undefined && !isGlue)) continue
    for (const rrtype of [RrType.A, RrType.AAAA]) {
      const found = node.rrsets.get(rrtype)
      // In the letter case of the record, so that the name compresses onto it.
      if (found !== undefined) addresses.push({ ...found, owner: host })
    }
  }
  return addresses
}

/** The host that a record tells to connect to. */
function hostOf(rdata: Rdata, owner: DomainName): DomainName | undefined {
  if (rdata.kind === 'NS' || rdata.kind === 'SRV') return rdata.target
  if (rdata.kind === 'MX') return rdata.exchange
  if (rdata.kind !== 'SVCB' && rdata.kind !== 'HTTPS') return undefined
  // The root as target of a service is the owner itself; of an alias it is nothing (RFC 9460 2.5).
  if (rdata.target !== ROOT) return rdata.target
  return rdata.priority === 0 ? undefined : owner
}
