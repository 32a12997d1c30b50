import type { Message } from '../../src/wire/message.ts'
import type { ResourceRecord } from '../../src/wire/record.ts'
import { RrType } from '../../src/wire/rrtype.ts'
import type { Answered, Rule } from './case.ts'
import { fieldRule, NOERROR, NXDOMAIN } from './case.ts'
import { linesOf, soaOf } from './compare.ts'

const SECTIONS = ['answer', 'authority', 'additional'] as const

/** Directives beside `kubernetes`: docs/differences.md 7, 13, 21, 22, 33, 34, D9, D15, D25 and D27. */
export const DIRECTIVE_RULES: readonly Rule[] = [
  fieldRule(
    '7',
    'the question is echoed as it was asked, also behind autopath and rewrite',
    ['question'],
    ({ facts, query, ours }) =>
      ['autopath', 'rewrite'].includes(facts.profile.directive ?? '') &&
      ours.questions.length === 1 &&
      ours.questions[0]?.qname === query.name &&
      ours.questions[0].qtype === query.type,
  ),
  fieldRule(
    '13',
    'at the end of a chain RCODE, authority and additional are those of the end',
    ['rcode', 'authority', 'additional'],
    isOfChainEnd,
  ),
  fieldRule(
    '21',
    'the Extended DNS Error of acl says why in words',
    ['opt.error'],
    ({ facts }, { ours, theirs }) =>
      facts.profile.directive === 'acl' && theirs !== '' && ours.startsWith(theirs) && ours !== theirs,
  ),
  fieldRule(
    '22',
    'an error of a directive is not authoritative',
    ['aa'],
    ({ facts, ours, theirs }) =>
      facts.profile.directive !== undefined &&
      ours.rcode === theirs.rcode &&
      ours.rcode !== NOERROR &&
      ours.rcode !== NXDOMAIN &&
      !ours.authoritativeAnswer,
  ),
  fieldRule(
    '33',
    'what comes from a cache is never authoritative',
    ['aa'],
    ({ facts, ours, theirs }) =>
      facts.profile.directive === 'cache' &&
      ours.rcode === theirs.rcode &&
      !ours.authoritativeAnswer &&
      theirs.authoritativeAnswer,
  ),
  fieldRule(
    '33',
    'what comes from a cache has the letter case of the asker',
    ['answer'],
    (subject) => subject.facts.profile.directive === 'cache' && isInAskersLetters(subject, 'answer'),
  ),
  fieldRule(
    '34',
    'negative answers live no longer than MINIMUM of the SOA record says',
    ['authority.soa.ttl', 'answer'],
    isShortLived,
  ),
  ...SECTIONS.map((section) =>
    fieldRule(
      'D9',
      `owners in ${section} have the letter case of the asker`,
      [section],
      (subject) => MAKES_OWNERS.has(subject.facts.profile.directive) && isInAskersLetters(subject, section),
    ),
  ),
  fieldRule(
    'D15',
    'minimal leaves the SOA at the end of a chain that lacks the type',
    ['authority'],
    ({ facts, ours, theirs }) =>
      facts.profile.directive === 'minimal, any' &&
      isAliasAlone(ours) &&
      isSoaAlone(ours.authority) &&
      theirs.authority.length === 0,
  ),
  fieldRule(
    'D25',
    'positive answers of file have no NS in their authority section',
    ['authority'],
    ({ facts, ours, theirs }) =>
      facts.profile.directive === 'file' &&
      ours.answer.length > 0 &&
      ours.authority.length === 0 &&
      theirs.authority.length > 0 &&
      theirs.authority.every(({ rrtype }) => rrtype === RrType.NS),
  ),
  fieldRule(
    'D27',
    'acl sends an OPT record to clients that sent one, with their DO',
    ['opt', 'opt.do'],
    ({ facts, query, ours }) =>
      facts.profile.directive === 'acl' && ours.opt?.dnssecOk === query.edns?.dnssecOk,
  ),
]

const MAKES_OWNERS: ReadonlySet<string | undefined> = new Set([
  'hosts',
  'template',
  'rewrite',
  'file',
  'autopath',
])
const FOLLOWING: ReadonlySet<string | undefined> = new Set(['file', 'rewrite', 'template'])

/** In CoreDNS these are often those of the name that was asked. */
function isOfChainEnd({ facts, ours, theirs }: Answered): boolean {
  const { directive } = facts.profile
  if (!FOLLOWING.has(directive) || ours.answer[0]?.rrtype === undefined) return false
  if (!ours.answer.some(({ rrtype }) => rrtype === RrType.CNAME)) return false
  if (isAliasAlone(ours)) {
    const isNegative = isSoaAlone(ours.authority) && ours.additional.length === 0
    return isNegative && (ours.rcode === NXDOMAIN || ours.rcode === NOERROR) && theirs.rcode === NOERROR
  }
  return ours.rcode === theirs.rcode && theirs.authority.length + theirs.additional.length === 0
}

/** The same records but for letter case; names that are spelt otherwise in ours are spelt as in the question. */
function isInAskersLetters(
  { query, ours, theirs }: Answered,
  section: 'answer' | 'authority' | 'additional',
): boolean {
  const [our, their] = [linesOf(ours[section]), linesOf(theirs[section])]
  if (folded(our) !== folded(their)) return false
  const words = new Set(their.flatMap((line) => line.split(' ')))
  const others = our.flatMap((line) => line.split(' ')).filter((word) => !words.has(word))
  return others.every((word) => query.name.includes(word) || word.endsWith(`.${query.name}`))
}

function isShortLived({ facts, ours, theirs }: Answered): boolean {
  if (facts.profile.directive !== 'cache' || ours.rcode !== theirs.rcode) return false
  const [soa, theirSoa] = [soaOf(ours.authority), soaOf(theirs.authority)]
  if (soa === undefined || theirSoa === undefined || soa.ttl > soa.minimum || soa.ttl > theirSoa.ttl)
    return false
  const isShort = ours.answer.every(({ ttlSeconds }) => ttlSeconds === soa.ttl)
  return (
    isShort && folded(linesOf(ours.answer.map(withoutTtl))) === folded(linesOf(theirs.answer.map(withoutTtl)))
  )
}

function withoutTtl(record: ResourceRecord): ResourceRecord {
  return { ...record, ttlSeconds: 0 }
}

function isAliasAlone({ answer }: Message): boolean {
  return answer.length > 0 && answer.every(({ rrtype }) => rrtype === RrType.CNAME)
}

function isSoaAlone(records: readonly ResourceRecord[]): boolean {
  return records.length === 1 && records[0]?.rrtype === RrType.SOA
}

function folded(lines: readonly string[]): string {
  return lines
    .map((line) => line.toLowerCase())
    .toSorted()
    .join('\n')
}
