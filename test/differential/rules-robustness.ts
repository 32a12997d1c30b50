import { RrType } from '../../src/wire/rrtype.ts'
import type { Case, Answered, Rule } from './case.ts'
import { fieldRule, isEmptyReply, isMissing, outcomeRule } from './case.ts'
import { linesOf } from './compare.ts'
import { dashed } from './service-facts.ts'

const NOTIMP = 4
const FORMERR = 1
const UNASKABLE: ReadonlySet<number> = new Set([0, RrType.OPT, 249, 250, 253, 254, 65_535])
const UDP_QUERY_LIMIT_OCTETS = 512

/** The table of docs/differences.md about cases where a robustness rule differs, but for addresses. */
export const ROBUSTNESS_RULES: readonly Rule[] = [
  outcomeRule(
    'D1',
    'types that are no data are NOTIMP',
    ({ query, ours }) => UNASKABLE.has(query.type) && ours.rcode === NOTIMP && isEmptyReply(ours),
  ),
  outcomeRule('D2', 'an endpoint whose hostname is no label goes by its address', isMisnamedEndpoint),
  {
    number: 'D2',
    summary: 'a hostname too long for a label does not keep the reply back',
    allows: (subject, { field }) =>
      field === 'unanswered' && subject.ours !== undefined && misnamedBehind(subject).size > 0,
  },
  {
    number: 'D5',
    summary: 'a query of more than 512 octets over UDP is answered',
    allows: ({ query, theirs }) =>
      !query.tcp &&
      (query.edns?.options ?? []).some(({ hex }) => hex.length / 2 > UDP_QUERY_LIMIT_OCTETS) &&
      theirs?.rcode === FORMERR &&
      isEmptyReply(theirs),
  },
  fieldRule(
    'D7',
    'hostnames of endpoints are in lower case',
    ['answer', 'additional'],
    (subject, { ours, theirs }) => touchesUpperHostname(subject) && foldedLines(ours) === foldedLines(theirs),
  ),
]

/** Hostnames that are no labels, by address, of the endpoints that an SRV or PTR answer may lead to. */
function misnamedBehind({ facts, place, query }: Case): ReadonlyMap<string, string> {
  if (place.kind === 'reverse' && query.type === RrType.PTR) return facts.misnamedAt(place.address ?? '')
  return (query.type === RrType.SRV && place.service?.misnamed) || new Map()
}

function touchesUpperHostname({ facts, place }: Case): boolean {
  const { service, address = '' } = place
  return place.kind === 'reverse'
    ? facts.someService(({ upperNamedAddresses }) => upperNamedAddresses.has(address))
    : (service?.upperNamedAddresses.size ?? 0) > 0
}

/** Ours has the name made of the address, theirs the hostname or, at the former, nothing. */
function isMisnamedEndpoint(subject: Answered): boolean {
  const { place, ours, theirs } = subject
  if (ours.rcode !== 0 || !ours.authoritativeAnswer) return false
  const misnamed = misnamedBehind(subject)
  const kept = new Set(linesOf(theirs.answer))
  const own = linesOf(ours.answer).filter((line) => !kept.has(line))
  const isLed = own.length > 0 && [...misnamed.keys()].some((address) => hasLabel(own, dashed(address)))
  if (isLed && theirs.rcode === 0) return [...misnamed.values()].some((hostname) => hasLabel(kept, hostname))
  const addresses = place.service?.endpoints.get(place.label ?? '')?.addresses ?? []
  return addresses.some((address) => place.service?.misnamed.has(address)) && isMissing(theirs, subject)
}

function hasLabel(lines: Iterable<string>, label: string): boolean {
  return [...lines].some((line) => line.includes(` ${label}.`))
}

/** Without letter case, each line once; weights depend on how many there are. */
function foldedLines(text: string): string {
  return [...new Set(text.toLowerCase().split('\n'))].toSorted().join('\n')
}
