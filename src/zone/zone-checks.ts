import { type DomainName, ROOT, isSubdomain, lowerCase, parentName } from '../wire/name.ts'
import type { Rdata } from '../wire/rdata.ts'
import { RrType, rrTypeToText } from '../wire/rrtype.ts'
import { endsStep, type Steps } from './steps.ts'
import { wildcardBelow, type Zone, type ZoneNode, type ZoneRRset } from './zone.ts'
import { quoted, type ZoneProblems } from './zone-file/zone-problem.ts'

/** What the checks need of a zone that may not be one yet. */
interface Checked extends Pick<Zone, 'origin' | 'nodes'> {
  /** Where problems stand that belong to no line. */
  readonly file: string
}

/** DNSSEC types that may stand beside a CNAME and at a zone cut (RFC 4035 2.5). */
const RRSIG = 46
const NSEC = 47
const BESIDE_CNAME: ReadonlySet<number> = new Set<number>([RrType.CNAME, RRSIG, NSEC])
const AT_CUT: ReadonlySet<number> = new Set<number>([
  RrType.NS,
  RrType.DS,
  RrType.A,
  RrType.AAAA,
  RRSIG,
  NSEC,
])
const BELOW_CUT: ReadonlySet<number> = new Set<number>([RrType.A, RrType.AAAA])

/**
 * Checks what makes names of a zone unreachable or answers wrong. Errors: SOA, CNAME, DNAME, wildcards that no answer is
 * defined for. Warnings: what other servers load too, and serve without the names in question.
 */
export function* checkZone(zone: Checked, problems: ZoneProblems): Steps<void> {
  checkApex(zone, problems)
  let index = 0
  for (const node of zone.nodes.values()) {
    if (endsStep(index++)) yield
    if (node.rrsets.size === 0) continue
    checkSoa(node, zone, problems)
    checkCut(node, problems)
    checkCname(node, problems)
    checkDname(node, zone, problems)
    checkWildcard(node, problems)
    checkTargets(node, zone, problems)
  }
}

function checkApex({ origin, nodes, file }: Checked, problems: ZoneProblems): void {
  // Where lines could not be read, what is missing may be among them.
  if (problems.hasErrors) return
  const apex = nodes.get(origin)?.rrsets
  const position = { file, line: 1, column: 1 }
  if (apex?.has(RrType.SOA) !== true) {
    const message = `the zone ${quoted(origin)} has no SOA record: write "${origin} SOA ns hostmaster 1 7200 1800 86400 300"`
    problems.error('SLICEDNS_ZONE_SOA', position, message)
  }
  if (apex?.has(RrType.NS) === true) return
  const message = `the zone ${quoted(origin)} has no NS record (RFC 1035 5.2): write "${origin} NS ns"`
  problems.warning('SLICEDNS_ZONE_NS', position, message)
}

function checkSoa({ name, rrsets }: ZoneNode, { origin }: Checked, problems: ZoneProblems): void {
  const soa = rrsets.get(RrType.SOA)
  if (soa === undefined) return
  if (name !== origin) {
    const message = `a SOA record stands at ${quoted(name)}, which is not the zone ${quoted(origin)}: remove it, or serve the file as that zone`
    problems.error('SLICEDNS_ZONE_SOA', soa.position, message)
  } else if (soa.rdatas.length > 1) {
    problems.error('SLICEDNS_ZONE_SOA', soa.position, 'the zone has several SOA records: keep one')
  }
}

function checkCname({ name, rrsets }: ZoneNode, problems: ZoneProblems): void {
  const cname = rrsets.get(RrType.CNAME)
  if (cname === undefined) return
  if (cname.rdatas.length > 1) {
    const message = `${quoted(name)} has several CNAME records: keep one (RFC 2181 10.1)`
    problems.error('SLICEDNS_ZONE_CNAME', cname.position, message)
  }
  const other = [...rrsets.values()].find(({ rrtype }) => !BESIDE_CNAME.has(rrtype))
  if (other === undefined) return
  const message = `${quoted(name)} is an alias and also has ${rrTypeToText(other.rrtype)} data: keep one or the other (RFC 2181 10.1)`
  problems.error('SLICEDNS_ZONE_CNAME', cname.position, message)
}

function checkDname({ name, rrsets }: ZoneNode, zone: Checked, problems: ZoneProblems): void {
  const dname = rrsets.get(RrType.DNAME)
  if (dname !== undefined && dname.rdatas.length > 1) {
    const message = `${quoted(name)} has several DNAME records: keep one (RFC 6672 2.4)`
    problems.error('SLICEDNS_ZONE_DNAME', dname.position, message)
  }
  if (dname !== undefined && rrsets.has(RrType.NS) && name !== zone.origin) {
    const message = `${quoted(name)} has DNAME and NS records: a delegation's DNAME belongs into the zone below (RFC 6672 2.3)`
    problems.error('SLICEDNS_ZONE_DNAME', dname.position, message)
  }
  const above = dnameAbove(name, zone)
  const [first] = rrsets.values()
  if (above === undefined || first === undefined) return
  const message = `${quoted(name)} is below the DNAME at ${quoted(above)}, which takes its place: remove one of them (RFC 6672 2.4)`
  problems.error('SLICEDNS_ZONE_DNAME', first.position, message)
}

function dnameAbove(name: DomainName, { origin, nodes }: Checked): DomainName | undefined {
  for (let at = name; at !== origin;) {
    const above = parentName(at)
    if (above === undefined) return undefined
    if (nodes.get(above)?.rrsets.has(RrType.DNAME) === true) return above
    at = above
  }
  return undefined
}

function checkWildcard({ name, rrsets }: ZoneNode, problems: ZoneProblems): void {
  if (!name.startsWith('*.')) return
  for (const rrtype of [RrType.NS, RrType.DNAME]) {
    const rrset = rrsets.get(rrtype)
    if (rrset === undefined) continue
    const type = rrTypeToText(rrtype)
    const message = `the wildcard ${quoted(name)} has ${type} records, for which no answer is defined (RFC 4592 4.2, 4.4): write them at the names that need them`
    problems.error('SLICEDNS_ZONE_WILDCARD', rrset.position, message)
  }
}

/** What other than glue stands at or below a zone cut is never answered. */
function checkCut(node: ZoneNode, problems: ZoneProblems): void {
  if (node.cut === undefined) return
  const allowed = node.cut === node ? AT_CUT : BELOW_CUT
  for (const { rrtype, position } of node.rrsets.values()) {
    if (allowed.has(rrtype)) continue
    const message = `${rrTypeToText(rrtype)} data at ${quoted(node.name)} is never answered, because ${quoted(node.cut.name)} is delegated: move it into that zone`
    problems.warning('SLICEDNS_ZONE_OCCLUDED', position, message)
  }
}

/** Servers without an address that could be found, and servers that are aliases (RFC 2181 10.3). */
function checkTargets(node: ZoneNode, zone: Checked, problems: ZoneProblems): void {
  if (problems.hasErrors || (node.cut !== undefined && node.cut !== node)) return
  for (const rrset of node.rrsets.values()) {
    for (const rdata of rrset.rdatas) {
      const target = serverOf(rdata)
      if (target !== undefined) checkTarget(rrset, lowerCase(target), zone, problems)
    }
  }
}

function checkTarget(rrset: ZoneRRset, target: DomainName, zone: Checked, problems: ZoneProblems): void {
  if (!isSubdomain(target, zone.origin)) return
  const there = zone.nodes.get(target)
  const type = rrTypeToText(rrset.rrtype)
  if (there?.cut === undefined && there?.rrsets.has(RrType.CNAME) === true) {
    const message = `the ${type} record leads to ${quoted(target)}, which is an alias: name its target instead (RFC 2181 10.3)`
    problems.warning('SLICEDNS_ZONE_TARGET_ALIAS', rrset.position, message)
    return
  }
  // A zone that names itself as its server means that nobody shall ask it from outside (RFC 6303 section 3).
  if (rrset.rrtype !== RrType.NS || target === zone.origin) return
  if (hasAddress(there) || isServedElsewhere(rrset.owner, target, zone)) return
  const message = `the server ${quoted(target)} has no address in this zone, so nobody finds it: add an A or AAAA record`
  problems.warning('SLICEDNS_ZONE_GLUE', rrset.position, message)
}

function hasAddress(node: ZoneNode | undefined): boolean {
  return node?.rrsets.has(RrType.A) === true || node?.rrsets.has(RrType.AAAA) === true
}

/** Whether another delegation than that of `owner`, or a wildcard or DNAME, tells the address of a server. */
function isServedElsewhere(owner: DomainName, target: DomainName, { origin, nodes }: Checked): boolean {
  for (let at: DomainName | undefined = target; at !== undefined; at = parentName(at)) {
    const node = nodes.get(at)
    if (node === undefined) continue
    if (node.cut !== undefined) return node.cut.name !== lowerCase(owner)
    const isSynthesized = node.rrsets.has(RrType.DNAME) || nodes.has(wildcardBelow(at))
    return at !== target && isSynthesized
  }
  return origin === ROOT
}

/** The host that a record tells to connect to. */
function serverOf(rdata: Rdata): DomainName | undefined {
  if (rdata.kind === 'NS' || rdata.kind === 'SRV') return rdata.target
  return rdata.kind === 'MX' ? rdata.exchange : undefined
}
