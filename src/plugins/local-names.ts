import { ExtendedErrorCode } from '../wire/extended-error.ts'
import type { DomainName } from '../wire/name.ts'
import { asDomainName, isSubdomain } from '../wire/name.ts'
import { Rcode } from '../wire/rcode.ts'
import type { Rdata } from '../wire/rdata.ts'
import { RrType, rrTypeToText } from '../wire/rrtype.ts'
import type { Question, Reply } from '../zone/responder.ts'
import type { RRset } from '../zone/rrset.ts'

/** A week: what these names are never changes. */
const TTL_SECONDS = 604_800

const LOCALHOST = asDomainName('localhost.')
const LOOPBACK = asDomainName('127.in-addr.arpa.')
const LOOPBACK_NAME = asDomainName('1.0.0.127.in-addr.arpa.')
const ZONES: readonly DomainName[] = [
  LOCALHOST,
  asDomainName('0.in-addr.arpa.'),
  LOOPBACK,
  asDomainName('255.in-addr.arpa.'),
]

type Records = readonly (readonly [rrtype: number, rdata: Rdata])[]

const ADDRESSES: Records = [
  [RrType.A, { kind: 'A', address: 0x7f00_0001 }],
  [RrType.AAAA, { kind: 'AAAA', address: 1n }],
]
const POINTER: Records = [[RrType.PTR, { kind: 'PTR', target: LOCALHOST }]]
const SOA: Rdata = {
  kind: 'SOA',
  mname: LOCALHOST,
  rname: asDomainName('root.localhost.'),
  serial: 1,
  refresh: 0,
  retry: 0,
  expire: 0,
  minimum: TTL_SECONDS,
}
/** In the order in which ANY looks for one (RFC 8482 4.1). */
const APEX: Records = [
  [RrType.NS, { kind: 'NS', target: LOCALHOST }],
  [RrType.SOA, SOA],
]

/**
 * The host itself: `localhost.` and what is below it (RFC 6761 section 6.3), the reverse names of its address, and those of
 * networks that are none (RFC 6303 section 4.2). Undefined for other names. `hasPrefix`: so is `localhost` in front of any
 * other domain, where search lists of stub resolvers bring it.
 */
export function answerLocalName(
  question: Question,
  lowerName: DomainName,
  hasPrefix: boolean,
): Reply | undefined {
  if (isLocalhostInside(lowerName, hasPrefix)) {
    const zone = isSubdomain(lowerName, LOCALHOST) ? LOCALHOST : lowerName
    return pick(question, zone, ADDRESSES)
  }
  const zone = ZONES.find((origin) => isSubdomain(lowerName, origin))
  if (zone === undefined) return undefined
  if (lowerName === LOCALHOST) return pick(question, zone, [...ADDRESSES, ...APEX])
  if (lowerName === zone) return pick(question, zone, APEX)
  if (lowerName === LOOPBACK_NAME) return pick(question, zone, POINTER)
  // One name, one existence: what has a name below it exists (RFC 8020).
  if (isSubdomain(LOOPBACK_NAME, lowerName)) return pick(question, zone, [])
  return negative(question, zone, Rcode.NXDOMAIN, `${zone} is of this host alone, and has no such name`)
}

/** Below `localhost.`, or with it as first label. */
export function isLocalhostInside(lowerName: DomainName, hasPrefix: boolean): boolean {
  if (lowerName === LOCALHOST) return false
  return isSubdomain(lowerName, LOCALHOST) || (hasPrefix && lowerName.startsWith(LOCALHOST))
}

function pick(question: Question, zone: DomainName, records: Records): Reply {
  const { qname, qtype } = question
  const found = records.find(([rrtype]) => rrtype === qtype || qtype === RrType.ANY)
  if (found === undefined) {
    const what = qtype === RrType.ANY ? 'no records' : `no ${rrTypeToText(qtype)} record`
    return negative(question, zone, Rcode.NOERROR, `a name of this host alone, which has ${what}`)
  }
  const [rrtype, rdata] = found
  return { ...EMPTY, answer: [rrsetOf(qname, rrtype, rdata)] }
}

function negative({ qname }: Question, zone: DomainName, rcode: number, text: string): Reply {
  // The zone's name in the letter case that was asked, so that it compresses.
  const owner = asDomainName(qname.slice(qname.length - zone.length))
  return {
    ...EMPTY,
    rcode,
    authority: [rrsetOf(owner, RrType.SOA, SOA)],
    extendedError: { code: ExtendedErrorCode.OTHER, text },
  }
}

/** Not AA, as CoreDNS has it. */
const EMPTY: Reply = {
  rcode: Rcode.NOERROR,
  authoritativeAnswer: false,
  answer: [],
  authority: [],
  additional: [],
}

function rrsetOf(owner: DomainName, rrtype: number, rdata: Rdata): RRset {
  return { owner, rrtype, ttlSeconds: TTL_SECONDS, rdatas: [rdata] }
}
