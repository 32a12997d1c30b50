import { rdataToText } from '../../wire/rdata-text.ts'
import { RrType, rrTypeToText } from '../../wire/rrtype.ts'
import { canonicalKey, compareCanonically } from '../canonical-order.ts'
import type { RRset } from '../rrset.ts'
import type { Zone } from '../zone.ts'

/**
 * A zone as a zone file that reads back as the same zone: one record to a line, names absolute, owners in canonical order
 * (RFC 4034 6.1), SOA first.
 */
export function composeZoneFile(zone: Zone): string {
  const rrsets = [...zone.nodes.values()].flatMap((node) => Array.from(node.rrsets.values()))
  return `${composeRecordLines(rrsets).join('\n')}\n`
}

/** The records of RRsets as lines, owners in canonical order, then by type, the SOA in front of others of its owner. */
export function composeRecordLines(rrsets: readonly RRset[]): readonly string[] {
  return rrsets
    .map((rrset) => ({ rrset, key: canonicalKey(rrset.owner), rank: rankOf(rrset.rrtype) }))
    .toSorted((one, other) => compareCanonically(one.key, other.key) || one.rank - other.rank)
    .flatMap(({ rrset }) => linesOf(rrset))
}

function rankOf(rrtype: number): number {
  return rrtype === RrType.SOA ? -1 : rrtype
}

function linesOf({ owner, rrtype, ttlSeconds, rdatas }: RRset): readonly string[] {
  // A dollar at the start of a line would begin a directive.
  const shown = owner.startsWith('$') ? `\\${owner}` : owner
  const head = `${shown} ${ttlSeconds} IN ${rrTypeToText(rrtype)}`
  return rdatas.map((rdata) => `${head} ${rdataToText(rdata)}`)
}
