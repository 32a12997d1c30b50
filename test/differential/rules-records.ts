import { RrType } from '../../src/wire/rrtype.ts'
import type { Message } from '../../src/wire/message.ts'
import type { ResourceRecord } from '../../src/wire/record.ts'
import type { Answered, Rule } from './case.ts'
import {
  fieldRule,
  isClassIn,
  isMissing,
  isNodata,
  isPartOf,
  linesOfType,
  NOERROR,
  outcomeRule,
  REFUSED,
  SERVFAIL,
} from './case.ts'
import { linesOf } from './compare.ts'

/** A chain of more is cut behind the link that is too many. */
const MAX_LINKS = 12

const ALIAS_PLACES: ReadonlySet<string> = new Set(['service', 'endpoint', 'zonal'])

/** What names hold: docs/differences.md 7, 8, 12, 13, 16, 17, 21, 22, 23, 25 and 30. */
export const RECORD_RULES: readonly Rule[] = [
  outcomeRule('7', 'the zone has name servers, in any letter case', hasNameServers),
  outcomeRule('7', 'ns.dns has the addresses that are listened on', isOwnAddress),
  outcomeRule('8', 'a PTR names Services that exist, in a namespace that is served', isPtrOfNoService),
  outcomeRule('12', 'slices of host names give one CNAME', isFqdnAlias),
  outcomeRule('12', 'slices of host names give nothing beside slices of addresses', isFqdnBesideAddresses),
  outcomeRule('15', 'what an upstream adds to the answer is not appended to an alias', isAliasWithMore),
  outcomeRule('13', 'an alias is always in the answer, and followed for every type', isChasedAlias),
  fieldRule('16', 'SRV weights share 100 among the records', ['answer.weight'], ({ ours }) =>
    hasEvenWeights(ours),
  ),
  outcomeRule('17', 'a port without a number is no port', isNullPort),
  outcomeRule('21', '_why names explain', isExplanation),
  outcomeRule(
    '22',
    'only class IN is served',
    ({ query, ours }) =>
      !isClassIn(query) &&
      ours.rcode === REFUSED &&
      linesOf(ours.answer).length === 0 &&
      !ours.authoritativeAnswer,
  ),
  outcomeRule('22', 'ANY is the first RRset', isAnyAnswer),
  fieldRule(
    '23',
    'negative answers live 5 seconds at most',
    ['authority.soa.ttl', 'authority.soa.minimum', 'answer.soa.minimum'],
    ({ facts: { profile } }, { ours, theirs, field }) =>
      Number(ours) === Math.min(profile.ttlSeconds, 5) &&
      Number(theirs) === (field.endsWith('ttl') ? Math.min(profile.ttlSeconds, 300) : profile.ttlSeconds),
  ),
  fieldRule(
    '25',
    'the SOA serial is a matter of each server',
    ['authority.soa.serial', 'answer.soa.serial'],
    ({ ours, theirs }) => isOwnSoa(ours) && isOwnSoa(theirs),
  ),
  outcomeRule('30', 'publishNotReadyAddresses is read from the Service', isPublishedNotReady),
]

function isOwnSoa({ authority, answer }: Message): boolean {
  const records = [...authority, ...answer]
  return records.some(
    ({ rdata }) => rdata.kind === 'SOA' && rdata.rname.toLowerCase().startsWith('hostmaster.'),
  )
}

function hasNameServers({ place, query, ours, theirs }: Answered): boolean {
  if (place.kind !== 'apex' || query.type !== RrType.NS || theirs.answer.length > 0) return false
  const [record, ...others] = linesOf(ours.answer)
  const isOne = ours.authoritativeAnswer && others.length === 0 && ours.additional.length === 1
  return isOne && record?.toLowerCase().endsWith(` ns ns.dns.${place.zone}`) === true
}

/** The listening address is 127.0.0.1 in every profile, of which CoreDNS says nothing. */
function isOwnAddress({ place, query, ours, theirs }: Answered): boolean {
  if (place.kind !== 'ns-dns' || query.type !== RrType.A || theirs.answer.length > 0) return false
  const [record, ...others] = linesOf(ours.answer)
  return ours.authoritativeAnswer && others.length === 0 && record?.endsWith(' A 127.0.0.1') === true
}

/** What CoreDNS has more are PTRs to names that do not exist. */
function isPtrOfNoService(subject: Answered): boolean {
  const { facts, place, query, ours, theirs } = subject
  if (place.kind !== 'reverse' || query.type !== RrType.PTR) return false
  const kept = new Set(linesOf(ours.answer))
  const more = theirs.answer.filter((record) => !linesOf([record]).every((line) => kept.has(line)))
  const isRight =
    ours.answer.length === 0 ? isMissing(ours, subject) : isPartOf([...kept], linesOf(theirs.answer))
  return (
    isRight &&
    more.length > 0 &&
    more.every(({ rdata }) => {
      const [, name = '', namespace = ''] = rdata.kind === 'PTR' ? rdata.target.split('.') : []
      const type = facts.service(namespace, name)?.type ?? 'none'
      return type === 'none' || type === 'ExternalName' || !facts.isExposed(namespace)
    })
  )
}

function isFqdnAlias(subject: Answered): boolean {
  const { facts, place, ours, theirs, query } = subject
  const { service } = place
  if (service?.hasFqdnSlice !== true || service.type !== 'Headless' || service.alias === undefined)
    return false
  if (!ALIAS_PLACES.has(place.kind)) return isMissing(ours, subject) && theirs.rcode === NOERROR
  if (query.type !== RrType.CNAME && query.type !== RrType.ANY)
    return isChase(subject) && isUnchased(theirs, subject)
  const [, target] = chainOf(subject).links[0] ?? []
  const alias = `${query.name} ${facts.profile.ttlSeconds} CLASS1 CNAME ${target}`
  return ours.rcode === NOERROR && linesOf(ours.answer).join('\n') === alias
}

/** Addresses win even where none of them is ready. */
function isFqdnBesideAddresses(subject: Answered): boolean {
  const { place, ours, theirs } = subject
  const { service } = place
  if (service?.hasFqdnSlice !== true || service.type !== 'Headless' || service.alias !== undefined)
    return false
  if (theirs.rcode !== NOERROR) return false
  return service.exists ? hasAliasesOnlyInTheirs(subject) : isMissing(ours, subject)
}

/** Beside addresses CoreDNS has an alias for each host name, and names the endpoints after them. */
function hasAliasesOnlyInTheirs({ place, ours, theirs }: Answered): boolean {
  const isNamedAfterHost = place.kind === 'below-service'
  const isAlias = linesOfType(theirs.answer, RrType.CNAME).length > 0
  return linesOfType(ours.answer, RrType.CNAME).length === 0 && (isAlias || isNamedAfterHost)
}

function isChasedAlias(subject: Answered): boolean {
  const { place, query, theirs } = subject
  const isAlias = place.kind === 'service' && place.exists && place.service?.type === 'ExternalName'
  if (!isAlias || query.type === RrType.CNAME || query.type === RrType.ANY) return false
  return isChase(subject) && isUnchased(theirs, subject)
}

/** CoreDNS's answer at an alias: nothing, or the alias with what it found, and NOERROR at all times. */
function isUnchased(theirs: Message, subject: Answered): boolean {
  if (isNodata(theirs, subject)) return true
  return theirs.rcode === NOERROR && linesOfType(theirs.answer, RrType.CNAME).length > 0
}

function isAliasWithMore(subject: Answered): boolean {
  const { place, ours, theirs } = subject
  const isAlias = place.kind === 'service' && place.service?.type === 'ExternalName'
  const more = linesOf(theirs.answer).filter((line) => line.startsWith('other.outside.example. '))
  return (
    isAlias && more.length > 0 && isChase(subject) && isPartOf(linesOf(ours.answer), linesOf(theirs.answer))
  )
}

/** The links that the objects say, then exactly what is said of the name at the end; SERVFAIL for a loop. */
function isChase(subject: Answered): boolean {
  const { facts, query, ours, end } = subject
  const chain = chainOf(subject)
  const { ttlSeconds } = facts.profile
  const links = chain.links.map(([owner, target]) => `${owner} ${ttlSeconds} CLASS1 CNAME ${target}`)
  const lines = linesOf(ours.answer)
  if (!isClassIn(query) || !isPartOf(links, lines) || !ours.authoritativeAnswer) return false
  if (chain.isEndless) return ours.rcode === SERVFAIL && ours.answer.length === links.length
  if (end === undefined) return false
  // Where nothing serves the target: the alias alone.
  if (!facts.profile.forward && end.rcode === REFUSED)
    return ours.rcode === NOERROR && ours.answer.length === links.length
  const rcode = end.rcode === REFUSED ? SERVFAIL : end.rcode
  return (
    ours.rcode === rcode &&
    linesOf(ours.answer).join('\n') === [...links, ...linesOf(end.answer)].toSorted().join('\n') &&
    linesOf(ours.authority.map(withoutSerial)).join('\n') ===
      linesOf(end.authority.map(withoutSerial)).join('\n')
  )
}

/** Between two questions the serial may go on: it follows changes by up to a second. */
function withoutSerial(record: ResourceRecord): ResourceRecord {
  const { rdata } = record
  return rdata.kind === 'SOA' ? { ...record, rdata: { ...rdata, serial: 0 } } : record
}

/** The aliases of the cluster that a name leads through: owner and target of each, and the name behind the last one. */
export function chainOf({ facts, query }: Pick<Answered, 'facts' | 'query'>): {
  readonly links: readonly (readonly [string, string])[]
  /** A loop, or more links than are followed. */
  readonly isEndless: boolean
  readonly end: string
} {
  const links: (readonly [string, string])[] = []
  const seen = new Set<string>()
  let owner = query.name
  for (;;) {
    const place = facts.placeOf(owner)
    const target = place.exists ? aliasAt(place) : undefined
    if (target === undefined) return { links, isEndless: links.length > MAX_LINKS, end: owner }
    const isEndless = seen.has(owner.toLowerCase()) || links.length > MAX_LINKS
    if (isEndless) return { links, isEndless, end: owner }
    seen.add(owner.toLowerCase())
    links.push([owner, target])
    owner = target
  }
}

/** No endpoint of a host name has a topology zone here, so only `prefer` has them. */
function aliasAt({ kind, service, label, isPreferred }: Answered['place']): string | undefined {
  if (kind === 'service') return service?.alias
  if (kind === 'zonal') return isPreferred === true ? service?.alias : undefined
  if (kind !== 'endpoint' || service?.type !== 'Headless') return undefined
  const host = service.endpoints.get(label ?? '')?.hosts.toSorted()[0]
  return host === undefined ? undefined : `${host}.`
}

function hasEvenWeights({ answer }: Message): boolean {
  const weight = Math.max(1, Math.floor(100 / answer.length))
  return answer.every(({ rdata }) => rdata.kind === 'SRV' && rdata.weight === weight && rdata.priority === 0)
}

function isNullPort(subject: Answered): boolean {
  const { place, ours, theirs } = subject
  const { service, portLabels } = place
  if (place.kind !== 'port' || place.exists || service?.hasNullPort !== true) return false
  const isOne = service.ports.some(
    ({ name, protocol, port }) => port === undefined && portLabels?.join('.') === `_${name}._${protocol}`,
  )
  return isOne && isMissing(ours, subject) && theirs.rcode === NOERROR
}

function isExplanation(subject: Answered): boolean {
  const { place, query, ours, theirs } = subject
  if (place.kind !== 'why' || !place.exists) return false
  const isText = query.type === RrType.TXT || query.type === RrType.ANY
  const isRight = isText
    ? ours.answer.length === 1 && ours.answer[0]?.rrtype === RrType.TXT && ours.answer[0].owner === query.name
    : isNodata(ours, subject)
  return isRight && (isMissing(theirs, subject) || isNodata(theirs, subject))
}

function isAnyAnswer(subject: Answered): boolean {
  const { query, place, ours, theirs } = subject
  if (query.type !== RrType.ANY || !place.exists) return false
  const types = new Set(ours.answer.map(({ rrtype }) => rrtype))
  const isOurs = ours.rcode === NOERROR && ours.authoritativeAnswer && types.size === 1
  return (
    isOurs &&
    ours.answer.every(({ owner }) => owner === query.name) &&
    (isNodata(theirs, subject) || isMissing(theirs, subject))
  )
}

/** Ours has what the endpoints that are not ready bring, and what CoreDNS has beside. */
function isPublishedNotReady({ facts, place, ours, theirs }: Answered): boolean {
  if (ours.rcode !== NOERROR || !isPartOf(namesAndData(theirs), namesAndData(ours))) return false
  const { service, address = '' } = place
  if (place.kind !== 'reverse') return place.exists && (service?.publishedAddresses.size ?? 0) > 0
  return facts.someService(({ publishedAddresses }) => publishedAddresses.has(address))
}

/** Lines of the answer without SRV weights, which depend on their number. */
function namesAndData({ answer }: Message): readonly string[] {
  return linesOf(answer).map((line) => line.replace(/( SRV \d+) \d+/, '$1'))
}
