import { type DomainName, isSubdomain, lowerCase, parentName } from '../wire/name.ts'
import { rdataToText } from '../wire/rdata-text.ts'
import type { Rdata } from '../wire/rdata.ts'
import { RrType } from '../wire/rrtype.ts'
import { endsStep, type Steps } from './steps.ts'
import type { Zone, ZoneNode, ZoneRRset } from './zone.ts'
import { checkZone } from './zone-checks.ts'
import { quoted, type ZoneProblems } from './zone-file/zone-problem.ts'
import type { ZoneRecord } from './zone-file/zone-record.ts'

/**
 * Makes a zone of its records (RFC 1034 4.2), in any order; equal records count once. Undefined where the problems, those
 * found before counted in, hold an error.
 */
export function* createZone(
  records: readonly ZoneRecord[],
  { origin, file }: { readonly origin: DomainName; readonly file: string },
  problems: ZoneProblems,
): Steps<Zone | undefined> {
  const apex = lowerCase(origin)
  const builder = new ZoneBuilder(apex, problems)
  for (const [index, record] of records.entries()) {
    if (endsStep(index)) yield
    builder.add(record)
  }
  const nodes = yield* builder.finish()
  yield* checkZone({ origin: apex, nodes, file }, problems)
  const soa = nodes.get(apex)?.rrsets.get(RrType.SOA)
  const [rdata] = soa?.rdatas ?? []
  if (problems.hasErrors || soa === undefined || rdata?.kind !== 'SOA') return undefined
  return { origin: apex, nodes, negativeSoa: { ...soa, ttlSeconds: Math.min(soa.ttlSeconds, rdata.minimum) } }
}

/** An RRset while records are added. */
interface GrowingRRset extends ZoneRRset {
  ttlSeconds: number
  readonly rdatas: Rdata[]
  /** The texts of the rdatas, from the second one on. */
  texts: Set<string> | undefined
}

interface GrowingNode extends ZoneNode {
  readonly rrsets: Map<number, GrowingRRset>
  cut: GrowingNode | undefined
}

class ZoneBuilder {
  readonly #origin: DomainName
  readonly #problems: ZoneProblems
  readonly #nodes = new Map<DomainName, GrowingNode>()

  constructor(origin: DomainName, problems: ZoneProblems) {
    this.#origin = origin
    this.#problems = problems
  }

  add(record: ZoneRecord): void {
    const name = lowerCase(record.owner)
    if (!isSubdomain(name, this.#origin)) {
      const message = `${quoted(record.owner)} is not in zone ${quoted(this.#origin)}: remove it, or mend $ORIGIN or a final dot`
      this.#problems.error('SLICEDNS_ZONE_OUT_OF_ZONE', record.position, message)
      return
    }
    const { rrsets } = this.#node(name)
    const rrset = rrsets.get(record.rrtype)
    if (rrset !== undefined) return this.#addTo(rrset, record)
    const { owner, rrtype, ttlSeconds, rdata, position } = record
    rrsets.set(rrtype, { owner, rrtype, ttlSeconds, rdatas: [rdata], position, texts: undefined })
  }

  /** Adds empty non-terminals and says of each node which cut it is below. */
  *finish(): Steps<ReadonlyMap<DomainName, ZoneNode>> {
    // Ancestors first: what is shorter in labels is shorter in characters. Sorting all at once would be one long step.
    const byLength: (GrowingNode[] | undefined)[] = []
    let index = 0
    for (const node of this.#nodes.values()) {
      if (endsStep(index++)) yield
      this.#addAncestors(node)
      const alike = byLength[node.name.length]
      if (alike === undefined) byLength[node.name.length] = [node]
      else alike.push(node)
    }
    for (const alike of byLength) {
      for (const node of alike ?? []) {
        if (endsStep(index++)) yield
        this.#findCut(node)
      }
    }
    return this.#nodes
  }

  #findCut(node: GrowingNode): void {
    const above = node.name === this.#origin ? undefined : this.#parentOf(node)
    const isCut = above !== undefined && node.rrsets.has(RrType.NS)
    node.cut = above?.cut ?? (isCut ? node : undefined)
  }

  #node(name: DomainName): GrowingNode {
    let node = this.#nodes.get(name)
    if (node === undefined) {
      node = { name, rrsets: new Map(), cut: undefined }
      this.#nodes.set(name, node)
    }
    return node
  }

  #parentOf({ name }: ZoneNode): GrowingNode | undefined {
    const parent = parentName(name)
    return parent === undefined ? undefined : this.#nodes.get(parent)
  }

  #addAncestors({ name }: ZoneNode): void {
    if (name === this.#origin) return
    for (let at = parentName(name); at !== undefined && !this.#nodes.has(at); at = parentName(at)) {
      this.#node(at)
      if (at === this.#origin) return
    }
  }

  #addTo(rrset: GrowingRRset, { rrtype, ttlSeconds, rdata, position }: ZoneRecord): void {
    rrset.texts ??= new Set(rrset.rdatas.map(rdataToText))
    const text = rdataToText(rdata)
    if (rrset.texts.has(text)) return
    rrset.texts.add(text)
    rrset.rdatas.push(rdata)
    if (ttlSeconds === rrset.ttlSeconds) return
    rrset.ttlSeconds = Math.min(ttlSeconds, rrset.ttlSeconds)
    // A SOA has no equals: two of them are reported as such.
    if (rrtype === RrType.SOA) return
    const message = `the records of one name and type have different TTLs: ${rrset.ttlSeconds} counts for all (RFC 2181 5.2)`
    this.#problems.warning('SLICEDNS_ZONE_TTL_DIFFERS', position, message)
  }
}
