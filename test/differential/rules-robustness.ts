import { RrType } from '../../src/wire/rrtype.ts'
import type { Case, Answered, Rule } from './case.ts'
import { fieldRule, isEmptyReply, isMissing, outcomeRule } from './case.ts'

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
      field === 'unanswered' && subject.ours !== undefined && touchesMisnamedEndpoint(subject),
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

function touchesMisnamedEndpoint({ facts, place, query }: Case): boolean {
  const { service, address = '' } = place
  if (place.kind === 'reverse') {
    return (
      query.type === RrType.PTR &&
      facts.someService(({ misnamedAddresses }) => misnamedAddresses.has(address))
    )
  }
  return (service?.misnamedAddresses.size ?? 0) > 0 && query.type === RrType.SRV
}

function touchesUpperHostname({ facts, place }: Case): boolean {
  const { service, address = '' } = place
  return place.kind === 'reverse'
    ? facts.someService(({ upperNamedAddresses }) => upperNamedAddresses.has(address))
    : (service?.upperNamedAddresses.size ?? 0) > 0
}

function isMisnamedEndpoint(subject: Answered): boolean {
  const { place, ours, theirs } = subject
  const { service, label = '' } = place
  if (touchesMisnamedEndpoint(subject)) return ours.rcode === 0 && ours.answer.length > 0
  const addresses = service?.endpoints.get(label)?.addresses ?? []
  const isMisnamed = addresses.some((address) => service?.misnamedAddresses.has(address))
  return isMisnamed && ours.rcode === 0 && ours.authoritativeAnswer && isMissing(theirs, subject)
}

/** Without letter case, each line once; weights depend on how many there are. */
function foldedLines(text: string): string {
  return [...new Set(text.toLowerCase().split('\n'))].toSorted().join('\n')
}
