import type { Message } from '../../src/wire/message.ts'
import type { ResourceRecord } from '../../src/wire/record.ts'
import { RrType } from '../../src/wire/rrtype.ts'
import type { Answered, Rule } from './case.ts'
import { fieldRule, isAddressType, NOERROR, NXDOMAIN, REFUSED, SERVFAIL } from './case.ts'
import { linesOf, soaOf, withoutOwnFields } from './compare.ts'

/** The option that the rules of the sets for `rewrite` set: a code of nobody's (RFC 6891 section 9), `abcd`. */
const SET_BY_REWRITE = '65518:61626364'

const SECTIONS = ['answer', 'authority', 'additional'] as const

/** Directives beside `kubernetes`: docs/differences.md 7, 13, 21, 22, 23, 33, 34, D9, D15, D25, D27, D37, D38 and D39. */
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
    '23',
    'negative answers of k8s_external live 5 seconds at most',
    ['authority.soa.ttl', 'authority.soa.minimum'],
    ({ facts }, { ours, theirs }) =>
      facts.profile.directive === 'k8s_external' && Number(ours) === 5 && Number(theirs) > 5,
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
  fieldRule(
    'D39',
    'EDNS options that rewrite sets do not come back, nor an OPT record where the client sent none',
    ['opt', 'opt.options'],
    ({ facts, query }, { field, ours, theirs }) =>
      facts.profile.directive === 'rewrite' &&
      (field === 'opt'
        ? query.edns === undefined && ours === 'false'
        : ours === '' && theirs.split(' ').some((option) => option.startsWith(SET_BY_REWRITE))),
  ),
  fieldRule(
    'D38',
    'dns64 passes a failure on where there are no A records either',
    ['rcode'],
    ({ facts, query, ours, theirs }) =>
      facts.profile.directive === 'dns64' &&
      query.type === RrType.AAAA &&
      (ours.rcode === SERVFAIL || ours.rcode === REFUSED) &&
      theirs.rcode === NOERROR &&
      theirs.answer.length === 0,
  ),
  fieldRule(
    'D37',
    'the name of a port in k8s_external has no addresses',
    ['answer', 'authority'],
    ({ facts, query, ours, theirs }) =>
      facts.profile.directive === 'k8s_external' &&
      query.name.startsWith('_') &&
      isAddressType(query) &&
      ours.answer.length === 0 &&
      isSoaAlone(ours.authority) &&
      theirs.answer.every(({ rrtype }) => rrtype === query.type),
  ),
  fieldRule(
    'D37',
    'SRV records of k8s_external have its TTL',
    ['answer'],
    (subject) =>
      subject.facts.profile.directive === 'k8s_external' &&
      subject.ours.answer.every(({ ttlSeconds }) => ttlSeconds === subject.ours.additional[0]?.ttlSeconds) &&
      subject.query.type === RrType.SRV &&
      isInAskersLetters(subject, 'answer', withoutTtl),
  ),
]

const MAKES_OWNERS: ReadonlySet<string | undefined> = new Set([
  'dns64',
  'hosts',
  'template',
  'rewrite',
  'file',
  'autopath',
  'k8s_external',
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
  view: (record: ResourceRecord) => ResourceRecord = withoutOwnFields,
): boolean {
  const [our, their] = [linesOf(ours[section].map(view)), linesOf(theirs[section].map(view))]
  if (folded(our) !== folded(their)) return false
  const words = [...new Set(their.flatMap((line) => line.split(' ')))]
  const others = our.flatMap((line) => line.split(' ')).filter((word) => !words.includes(word))
  return others.every((word) => isSpeltAs(query.name, word, words))
}

/** A name that stands in the question, ends with it, or has an end of it behind labels that they spell alike. */
function isSpeltAs(asked: string, name: string, theirs: readonly string[]): boolean {
  if (asked.includes(name) || name.endsWith(`.${asked}`)) return true
  const ends = [...name.matchAll(/\./g)].map(({ index }) => index + 1).filter((end) => end < name.length)
  return ends.some(
    (end) =>
      asked.endsWith(name.slice(end)) &&
      theirs.some((word) => word.length === name.length && word.startsWith(name.slice(0, end))),
  )
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
  return { ...withoutOwnFields(record), ttlSeconds: 0 }
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
