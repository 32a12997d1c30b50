import { lowerCase, parentName } from '../wire/name.ts'
import type { DomainName } from '../wire/name.ts'
import type { ResourceRecord } from '../wire/record.ts'
import { RrType } from '../wire/rrtype.ts'
import { MAX_CNAME_LINKS } from '../zone/cname-chain.ts'
import type { Question } from '../zone/responder.ts'
import type { RRset } from '../zone/rrset.ts'
import { collectRRsets, DnssecType } from './collect-rrsets.ts'
import type { CollectedRRset, RRsetsByOwner } from './collect-rrsets.ts'
import { scrubAuthority } from './scrub-authority.ts'

/** The sections of an upstream's reply that are looked at; additional records never are. */
export interface UpstreamSections {
  readonly answer: readonly ResourceRecord[]
  readonly authority: readonly ResourceRecord[]
}

/**
 * What is left of an upstream's reply. `continueAt`: the chain enters a zone served here at this name, and the rest of
 * it must come from there. `endless`: the chain loops or is too long; `answer` is the chain so far. `invalid`: the answer
 * contradicts itself and none of it counts. `text` says why.
 */
export type Scrubbed =
  | {
      readonly kind: 'kept'
      readonly answer: readonly RRset[]
      readonly authority: readonly RRset[]
      readonly continueAt: DomainName | undefined
    }
  | { readonly kind: 'endless'; readonly answer: readonly RRset[]; readonly text: string }
  | { readonly kind: 'invalid'; readonly text: string }

/**
 * Cuts an upstream's reply to what was asked for (RFC 5452 section 6; docs/differences.md 15 and 33). The answer keeps
 * the CNAME chain from the qname on, the DNAMEs that made it, the data at its end, and their signatures; the authority
 * section keeps the SOA of a negative answer, NSEC, NSEC3 and their signatures. Whatever else an upstream says is not
 * believed. Owners on the chain are spelled as they were asked for.
 */
export function scrub(
  question: Question,
  sections: UpstreamSections,
  servedHere: (lowerName: DomainName) => boolean,
): Scrubbed {
  const rrsets = collectRRsets(sections.answer)
  const answer: RRset[] = []
  const passed = new Set<DomainName>()
  for (let name = question.qname; ;) {
    const lowerName = lowerCase(name)
    passed.add(lowerName)
    const here = rrsets.get(lowerName) ?? []
    const conflict = conflictAt(name, here)
    if (conflict !== undefined) return { kind: 'invalid', text: conflict }
    const target = cnameToFollow(here, question.qtype)
    if (target !== undefined && passed.size > MAX_CNAME_LINKS) {
      return endless(answer, `has more than ${MAX_CNAME_LINKS} links`)
    }
    const link = spelled(name, wanted(here, question.qtype))
    answer.push(...dnameAbove(rrsets, lowerName, here), ...link)
    if (target === undefined) {
      const authority = scrubAuthority(sections.authority, lowerName, hasData(link))
      return { kind: 'kept', answer, authority, continueAt: undefined }
    }
    if (passed.has(lowerCase(target))) return endless(answer, `comes back to ${target}`)
    if (servedHere(lowerCase(target))) return { kind: 'kept', answer, authority: [], continueAt: target }
    name = target
  }
}

/** Two CNAMEs, or a CNAME beside other data, at one owner (RFC 2181 section 10.1, RFC 4034 section 2.5). */
function conflictAt(name: DomainName, here: readonly CollectedRRset[]): string | undefined {
  const cname = here.find((rrset) => rrset.rrtype === RrType.CNAME)
  if (cname === undefined) return undefined
  const targets = new Set(
    cname.rdatas.map((rdata) => (rdata.kind === 'CNAME' ? lowerCase(rdata.target) : '')),
  )
  if (targets.size > 1) return `${name} has two CNAME records`
  return here.some((rrset) => !ALLOWED_BESIDE_CNAME.has(rrset.rrtype))
    ? `${name} has a CNAME beside other data`
    : undefined
}

const ALLOWED_BESIDE_CNAME: ReadonlySet<number> = new Set([
  RrType.CNAME,
  DnssecType.RRSIG,
  DnssecType.NSEC,
  DnssecType.KEY,
])

/** The CNAME or else the type asked, each with its signatures; everything at the owner for ANY. */
function wanted(here: readonly CollectedRRset[], qtype: number): readonly CollectedRRset[] {
  if (qtype === RrType.ANY) return here
  const cname = here.some((rrset) => rrset.rrtype === RrType.CNAME)
  const rrtype = cname ? RrType.CNAME : qtype
  return here.filter((rrset) => rrset.rrtype === rrtype || rrset.rrtype === qtype || rrset.covered === rrtype)
}

/** One CNAME record even where the upstream sent it twice (RFC 2181 section 5). */
function spelled(owner: DomainName, rrsets: readonly CollectedRRset[]): readonly RRset[] {
  return rrsets.map(({ rrtype, ttlSeconds, rdatas }) => {
    const kept = rrtype === RrType.CNAME ? rdatas.slice(0, 1) : rdatas
    return { owner, rrtype, ttlSeconds, rdatas: kept }
  })
}

/** At a name that is a CNAME every type but CNAME itself is chased; ANY stops there. */
function cnameToFollow(here: readonly CollectedRRset[], qtype: number): DomainName | undefined {
  if (qtype === RrType.CNAME || qtype === RrType.ANY) return undefined
  const rdata = here.find((rrset) => rrset.rrtype === RrType.CNAME)?.rdatas[0]
  return rdata?.kind === 'CNAME' ? rdata.target : undefined
}

/** The DNAME that a CNAME was made from stands at an ancestor of its owner (RFC 6672 section 3.1): the nearest one. */
function dnameAbove(
  rrsets: RRsetsByOwner,
  lowerName: DomainName,
  here: readonly CollectedRRset[],
): readonly RRset[] {
  if (!here.some((rrset) => rrset.rrtype === RrType.CNAME)) return []
  for (let name = parentName(lowerName); name !== undefined; name = parentName(name)) {
    const there = rrsets.get(name) ?? []
    const dname = there.find((rrset) => rrset.rrtype === DnssecType.DNAME)
    if (dname === undefined) continue
    return spelled(
      dname.owner,
      there.filter((rrset) => rrset === dname || rrset.covered === DnssecType.DNAME),
    )
  }
  return []
}

function hasData(rrsets: readonly RRset[]): boolean {
  return rrsets.some((rrset) => rrset.rrtype !== DnssecType.RRSIG)
}

function endless(answer: readonly RRset[], text: string): Scrubbed {
  return { kind: 'endless', answer, text: `the CNAME chain ${text}` }
}
