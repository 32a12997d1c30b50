import { lowerCase } from '../wire/name.ts'
import type { DomainName } from '../wire/name.ts'
import type { Rdata } from '../wire/rdata.ts'
import type { ResourceRecord } from '../wire/record.ts'
import { RrClass } from '../wire/rrclass.ts'
import type { RRset } from '../zone/rrset.ts'

/** RR types that a forwarded answer is cut by and that stay opaque otherwise (RFC 6672, RFC 4034, RFC 5155). */
export const DnssecType = { KEY: 25, DNAME: 39, RRSIG: 46, NSEC: 47, NSEC3: 50 } as const

/** An RRset of a message. `covered`: for signatures, the type they sign; those of one owner are a set for each type. */
export interface CollectedRRset extends RRset {
  readonly covered: number | undefined
}

/** The RRsets of one section by owner in lower case. Within an owner they keep the order of the message. */
export type RRsetsByOwner = ReadonlyMap<DomainName, readonly CollectedRRset[]>

/**
 * Gathers the records of a section into RRsets. Where TTLs within one differ, the lowest counts (RFC 2181 section 5.2).
 * Records of a class other than IN are left out.
 */
export function collectRRsets(records: readonly ResourceRecord[]): RRsetsByOwner {
  const byOwner = new Map<DomainName, Map<string, GrowingRRset>>()
  for (const record of records) {
    if (record.rrclass !== RrClass.IN) continue
    const owner = lowerCase(record.owner)
    const covered = record.rrtype === DnssecType.RRSIG ? typeCovered(record.rdata) : undefined
    const key = `${record.rrtype} ${covered ?? ''}`
    const sets = byOwner.get(owner) ?? new Map<string, GrowingRRset>()
    const set = sets.get(key)
    if (set === undefined) {
      const { rrtype, ttlSeconds, rdata } = record
      sets.set(key, { owner: record.owner, rrtype, ttlSeconds, rdatas: [rdata], covered })
      byOwner.set(owner, sets)
      continue
    }
    set.rdatas.push(record.rdata)
    set.ttlSeconds = Math.min(set.ttlSeconds, record.ttlSeconds)
  }
  return new Map([...byOwner].map(([owner, sets]) => [owner, [...sets.values()]]))
}

interface GrowingRRset extends CollectedRRset {
  ttlSeconds: number
  readonly rdatas: Rdata[]
}

/** The first two octets of an RRSIG's rdata (RFC 4034 section 3.1.1). */
function typeCovered(rdata: Rdata): number | undefined {
  if (rdata.kind !== 'OPAQUE' || rdata.octets.length < 2) return undefined
  return ((rdata.octets[0] ?? 0) << 8) | (rdata.octets[1] ?? 0)
}
