import { ExtendedErrorCode } from '../wire/extended-error.ts'
import { asDomainName, type DomainName, isSubdomain, lowerCase } from '../wire/name.ts'
import { RrType, rrTypeToText } from '../wire/rrtype.ts'
import { additionalAddresses } from './additional-addresses.ts'
import { MAX_CNAME_LINKS } from './cname-chain.ts'
import { findNode } from './find-node.ts'
import type { Question } from './responder.ts'
import type { RRset } from './rrset.ts'
import { substituteDname } from './substitute-dname.ts'
import type { ZoneAnswer } from './zone-answer.ts'
import type { Zone, ZoneNode, ZoneRRset } from './zone.ts'

/**
 * What a zone says to a question of class IN (RFC 1034 4.3.2, RFC 2308, RFC 4592, RFC 6672). `lowerName` is the question's
 * name in lower case and in the zone. ANY gets one RRset (RFC 8482 4.1). The owner is as asked, later names as the records
 * have them. Never throws.
 */
export function lookup(
  zone: Zone,
  { qname, qtype }: Pick<Question, 'qname' | 'qtype'>,
  lowerName: DomainName,
): ZoneAnswer {
  const chain = new Chain(zone, qtype)
  let name = qname
  let lower = lowerName
  for (;;) {
    const step = chain.step(name, lower)
    if (typeof step !== 'string') return step
    name = step
    lower = lowerCase(step)
  }
}

/** One question on its way along aliases: `answer` has what was followed so far. */
class Chain {
  readonly #zone: Zone
  readonly #qtype: number
  readonly #answer: RRset[] = []
  readonly #passed = new Set<DomainName>()
  #wildcard: DomainName | undefined

  constructor(zone: Zone, qtype: number) {
    this.#zone = zone
    this.#qtype = qtype
  }

  /** The answer, or the name that the chain goes on with. */
  step(name: DomainName, lower: DomainName): ZoneAnswer | DomainName {
    const found = isSubdomain(lower, this.#zone.origin) ? findNode(this.#zone, lower, this.#qtype) : undefined
    if (found === undefined) return this.#leave(name)
    if (found.kind === 'cut') return this.#refer(found.node)
    if (found.kind === 'dname') return this.#substitute(found.dname, name, lower)
    if (found.kind !== 'none') return this.#pick(found.node, name, lower)
    const text = `zone ${this.#zone.origin} has no name ${lower}: what exists above it is ${found.closestEncloser.name}`
    return this.#deny('nxdomain', name, text)
  }

  #pick(node: ZoneNode, name: DomainName, lower: DomainName): ZoneAnswer | DomainName {
    if (node.name !== lower) this.#wildcard = node.name
    const cname = node.rrsets.get(RrType.CNAME)
    const rrset = this.#qtype === RrType.ANY ? anyOf(node) : node.rrsets.get(this.#qtype)
    if (rrset !== undefined) {
      this.#answer.push(owned(rrset, name))
      const additional = additionalAddresses(
        this.#zone,
        { ...rrset, owner: name },
        rrset.rrtype === RrType.NS,
      )
      return this.#end('positive', { additional, text: describe(node, lower) })
    }
    if (cname !== undefined) return this.#follow(owned(cname, name), lower)
    return this.#deny('nodata', name, `${describe(node, lower)}: ${absence(node, this.#qtype)}`)
  }

  /** Goes on with a CNAME's target, unless the chain has come back to a name or has become too long. */
  #follow(cname: RRset, lower: DomainName): ZoneAnswer | DomainName {
    const [rdata] = cname.rdatas
    this.#passed.add(lower)
    this.#answer.push(cname)
    const target = rdata?.kind === 'CNAME' ? rdata.target : cname.owner
    if (this.#passed.has(lowerCase(target))) {
      return this.#end('failure', { text: `the chain of CNAMEs comes back to ${target}` })
    }
    if (this.#passed.size > MAX_CNAME_LINKS) {
      return this.#end('failure', { text: `the chain of CNAMEs has more than ${MAX_CNAME_LINKS} links` })
    }
    return target
  }

  /** Makes a CNAME from the DNAME; both are in the answer (RFC 6672 3.1). */
  #substitute(dname: ZoneRRset, name: DomainName, lower: DomainName): ZoneAnswer | DomainName {
    const [rdata] = dname.rdatas
    if (!this.#answer.includes(dname)) this.#answer.push(dname)
    const made =
      rdata?.kind === 'DNAME'
        ? substituteDname(name, { owner: dname.owner, target: rdata.target })
        : undefined
    if (made === undefined) {
      return this.#end('yxdomain', {
        text: `the DNAME at ${dname.owner} makes the name longer than 255 octets`,
      })
    }
    const cname: RRset = {
      owner: name,
      rrtype: RrType.CNAME,
      ttlSeconds: dname.ttlSeconds,
      rdatas: [{ kind: 'CNAME', target: made }],
    }
    if (this.#qtype !== RrType.CNAME && this.#qtype !== RrType.ANY) return this.#follow(cname, lower)
    this.#answer.push(cname)
    return this.#end('positive', { text: `${lower} is made from the DNAME at ${dname.owner}` })
  }

  #refer(cut: ZoneNode): ZoneAnswer {
    const ns = cut.rrsets.get(RrType.NS)
    const authority = ns === undefined ? [] : [ns]
    const additional = ns === undefined ? [] : additionalAddresses(this.#zone, ns, true)
    return this.#end('referral', { authority, additional, text: `${cut.name} is delegated to other servers` })
  }

  #leave(target: DomainName): ZoneAnswer {
    const text = `the chain of CNAMEs leaves zone ${this.#zone.origin} for ${target}`
    return { ...this.#end('cname', { text }), target }
  }

  #deny(kind: 'nodata' | 'nxdomain', name: DomainName, text: string): ZoneAnswer {
    const { origin, negativeSoa } = this.#zone
    // The zone's name in the letter case that was asked, so that it compresses.
    const owner = asDomainName(name.slice(name.length - origin.length))
    return this.#end(kind, { authority: [{ ...negativeSoa, owner }], text })
  }

  #end(
    kind: ZoneAnswer['kind'],
    { authority = [], additional = [], text }: Partial<ZoneAnswer> & { readonly text: string },
  ): ZoneAnswer {
    const reason = { code: ExtendedErrorCode.OTHER, text }
    return { kind, answer: this.#answer, authority, additional, reason, wildcard: this.#wildcard }
  }
}

/** The order in which ANY looks for its one RRset (RFC 8482 4.1); types that are not here come after, lowest first. */
const ANY_ORDER: readonly number[] = [
  RrType.CNAME,
  RrType.A,
  RrType.AAAA,
  RrType.SRV,
  RrType.TXT,
  RrType.PTR,
  RrType.NS,
  RrType.SOA,
]

function anyOf({ rrsets }: ZoneNode): ZoneRRset | undefined {
  const preferred = ANY_ORDER.find((rrtype) => rrsets.has(rrtype))
  const rrtype = preferred ?? [...rrsets.keys()].toSorted((one, other) => one - other)[0]
  return rrtype === undefined ? undefined : rrsets.get(rrtype)
}

function owned(rrset: ZoneRRset, owner: DomainName): RRset {
  return { owner, rrtype: rrset.rrtype, ttlSeconds: rrset.ttlSeconds, rdatas: rrset.rdatas }
}

function describe(node: ZoneNode, lower: DomainName): string {
  return node.name === lower ? lower : `${lower} is answered by ${node.name}`
}

function absence({ rrsets }: ZoneNode, qtype: number): string {
  if (rrsets.size === 0) return 'it exists only because names below it do'
  return qtype === RrType.ANY ? 'no record' : `no ${rrTypeToText(qtype)} record`
}
