import { countLabels, isSubdomain, lowerCase } from '../wire/name.ts'
import type { DomainName } from '../wire/name.ts'
import type { ResourceRecord } from '../wire/record.ts'
import { RrType } from '../wire/rrtype.ts'
import type { RRset } from '../zone/rrset.ts'
import { collectRRsets, DnssecType } from './collect-rrsets.ts'
import type { CollectedRRset } from './collect-rrsets.ts'

/**
 * What is left of an upstream's authority section: NSEC and NSEC3, for wildcards need them beside an answer too; the SOA
 * where the name at the end of the chain, `lowerName`, is not `answered`; and their signatures.
 */
export function scrubAuthority(
  records: readonly ResourceRecord[],
  lowerName: DomainName,
  answered: boolean,
): readonly RRset[] {
  const rrsets = [...collectRRsets(records).values()].flat()
  const soa = answered ? undefined : nearestSoa(rrsets, lowerName)
  const kept = rrsets.filter(
    (rrset) =>
      rrset === soa ||
      PROOF_TYPES.has(rrset.rrtype) ||
      PROOF_TYPES.has(rrset.covered ?? 0) ||
      (rrset.covered === RrType.SOA && soa !== undefined && lowerCase(soa.owner) === lowerCase(rrset.owner)),
  )
  return kept.map(({ owner, rrtype, ttlSeconds, rdatas }) => ({
    owner,
    rrtype,
    ttlSeconds,
    rdatas: rrtype === RrType.SOA ? rdatas.slice(0, 1) : rdatas,
  }))
}

const PROOF_TYPES: ReadonlySet<number> = new Set([DnssecType.NSEC, DnssecType.NSEC3])

/** A SOA counts only where it is of a zone that holds the name (RFC 2308 section 5). */
function nearestSoa(rrsets: readonly CollectedRRset[], lowerName: DomainName): CollectedRRset | undefined {
  return rrsets
    .filter((rrset) => rrset.rrtype === RrType.SOA && isSubdomain(lowerName, lowerCase(rrset.owner)))
    .toSorted((a, b) => countLabels(b.owner) - countLabels(a.owner))[0]
}
