import { RrType } from '../../src/wire/rrtype.ts'
import type { Answered, Rule } from './case.ts'
import { fieldRule, isPartOf, outcomeRule } from './case.ts'
import { linesOf } from './compare.ts'

/** NSID, EXPIRE, COOKIE, KEEPALIVE, PADDING: what CoreDNS sends back. */
const ECHOED: ReadonlySet<number> = new Set([3, 9, 10, 11, 12])

/** Flags, EDNS and what came from an upstream: docs/differences.md 15, 18 to 21 and 33. */
export const MESSAGE_RULES: readonly Rule[] = [
  fieldRule(
    '18',
    'RA says that the block forwards',
    ['ra'],
    ({ facts, ours, theirs }) =>
      facts.profile.forward && ours.recursionAvailable && !theirs.recursionAvailable,
  ),
  fieldRule(
    '18',
    'AD goes only to a client that set AD or DO',
    ['ad'],
    ({ query, ours, theirs }) =>
      !ours.authenticData && theirs.authenticData && !query.authenticData && query.edns?.dnssecOk !== true,
  ),
  fieldRule(
    '19',
    'the OPT record carries our own UDP size',
    ['opt.size'],
    (subject, { ours, theirs }) =>
      Number(ours) === ownSizeOctets(subject) && Number(theirs) === subject.query.edns?.udpPayloadSize,
  ),
  fieldRule(
    '20',
    'options of the client are not sent back',
    ['opt.options'],
    ({ query }, { ours, theirs }) =>
      ours === '' &&
      theirs.split(' ').every((option) => ECHOED.has(Number(option.split(':')[0]))) &&
      (query.edns?.options.length ?? 0) > 0,
  ),
  fieldRule(
    '21',
    'negative and failed answers carry an Extended DNS Error',
    ['opt.error'],
    ({ ours }, { theirs }) => theirs === '' && isNegativeOrFailed(ours),
  ),
  outcomeRule('33', 'of an upstream only what was asked for is passed on', isCutToChain),
]

/** Where no server block holds the name, its `bufsize` does not count. */
function ownSizeOctets({ facts: { profile }, place }: Answered): number {
  const hasBlock = profile.blockKeys.includes('.') || place.kind !== 'outside'
  return hasBlock ? profile.udpPayloadSizeOctets : 1232
}

function isNegativeOrFailed({ rcode, answer }: Answered['ours']): boolean {
  return rcode !== 0 || answer.every(({ rrtype }) => rrtype === RrType.CNAME)
}

/** Records that the upstream added, and nothing else, are missing. */
function isCutToChain({ facts, place, ours, theirs, query }: Answered): boolean {
  if (
    place.kind !== 'outside' ||
    theirs.rcode !== ours.rcode ||
    !query.name.toLowerCase().startsWith('extra.') ||
    ours.answer.some(({ owner }) => owner !== query.name)
  )
    return false
  const sections = ['answer', 'authority', 'additional'] as const
  // CoreDNS's are in lower case there, which rules of their own judge.
  const { directive } = facts.profile
  const linesIn = (records: Parameters<typeof linesOf>[0]): readonly string[] =>
    directive === 'cache' || directive === 'dns64'
      ? linesOf(records).map((line) => line.toLowerCase())
      : linesOf(records)
  return sections.every((section) => isPartOf(linesIn(ours[section]), linesIn(theirs[section])))
}
