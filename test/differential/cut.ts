import type { Message } from '../../src/wire/message.ts'
import { isPartOf } from './case.ts'
import type { Case, Rule } from './case.ts'
import { compareReplies, linesOf } from './compare.ts'
import type { Difference } from './compare.ts'
import { aligned } from './directives/align.ts'
import type { Exchange } from './examine.ts'
import { judge } from './rules.ts'
import type { Verdict } from './rules.ts'

const CUT_FIELDS: ReadonlySet<string> = new Set(['tc', 'answer', 'authority', 'additional', 'answer.weight'])
const PLAIN_UDP_OCTETS = 512

/** How replies are cut to the size that UDP allows. Judged by `judgeCut`, which has the whole replies to compare with. */
export const CUT_RULE: Rule = {
  number: '19',
  summary: 'UDP replies keep to our own size too, and only a cut answer or authority sets TC',
  allows: (_, { field }) => CUT_FIELDS.has(field),
}

/**
 * Judges two UDP replies of which one at least was cut, given the whole ones as TCP has them: these must be alike but for
 * listed differences, and each UDP reply must be a right cut of its whole. Undefined where nothing was cut.
 */
export function judgeCut(cut: Exchange, whole: Exchange): Verdict | undefined {
  const { ours, theirs } = cut.subject
  const { ours: ourWhole, theirs: theirWhole } = whole.subject
  if (!ours || !theirs || !ourWhole || !theirWhole) return undefined
  const isOurCut = !isSame(ours, ourWhole)
  if (!isOurCut && isSame(theirs, theirWhole)) return undefined
  const ofWhole = judge(whole.subject)
  if (isOurCut && !isOwnCut(cut, whole)) return undefined
  if (!isCutOf(theirs, theirWhole, cut.subject)) return undefined
  const inWhole = new Set(compareReplies(ourWhole, theirWhole).map(keyOf))
  const ofCut = judge(cut.subject)
  const unlisted = ofCut.unlisted.filter(
    (difference) => !CUT_FIELDS.has(difference.field) && !inWhole.has(keyOf(difference)),
  )
  return {
    unlisted: [...ofWhole.unlisted, ...unlisted],
    rules: [...new Set([...ofWhole.rules, ...ofCut.rules, CUT_RULE])],
  }
}

const SECTIONS = ['answer', 'authority', 'additional'] as const

function isSame(one: Message, other: Message): boolean {
  return (
    one.truncated === other.truncated &&
    SECTIONS.every((section) => one[section].length === other[section].length)
  )
}

/** Whole records in order of their worth: additional ones go first and silently, then TC says that others went. */
function isOwnCut(cut: Exchange, whole: Exchange): boolean {
  const { subject } = cut
  const { ours } = subject
  const { ours: ourWhole } = whole.subject
  if (ours === undefined || ourWhole === undefined || !isCutOf(ours, ourWhole, subject)) return false
  const limit = limitOctets(subject)
  if (cut.sizes.ours > limit || whole.sizes.ours <= limit) return false
  const isWhole =
    ours.answer.length === ourWhole.answer.length && ours.authority.length === ourWhole.authority.length
  return isWhole ? !ours.truncated : ours.truncated && ours.additional.length === 0
}

/** The smaller of what the client takes and what we send. */
function limitOctets({ facts, query }: Case): number {
  if (query.edns === undefined) return PLAIN_UDP_OCTETS
  return Math.min(facts.profile.udpPayloadSizeOctets, Math.max(PLAIN_UDP_OCTETS, query.edns.udpPayloadSize))
}

/** The whole reply was asked for later: what counts down may have done so by two. */
function isCutOf(part: Message, whole: Message, { facts }: Case): boolean {
  const alike = aligned(part, whole, facts.profile, 2) ?? part
  return (
    part.rcode === whole.rcode &&
    SECTIONS.every((section) => isPartOf(linesOf(alike[section]), linesOf(whole[section])))
  )
}

function keyOf({ field, ours, theirs }: Difference): string {
  return JSON.stringify([field, ours, theirs])
}
