import type { Message } from '../../src/wire/message.ts'
import type { ResourceRecord } from '../../src/wire/record.ts'
import { RrType } from '../../src/wire/rrtype.ts'
import type { Difference, Seen } from './compare.ts'
import { linesOf, soaOf } from './compare.ts'
import type { Facts } from './facts.ts'
import type { Place } from './place.ts'
import type { Query } from './queries.ts'

/** One query, what both servers said to it, and what is known beside. */
export interface Case {
  readonly facts: Facts
  readonly query: Query
  readonly place: Place
  readonly ours: Seen
  readonly theirs: Seen
  /** What SliceDNS says of the name where the query's chain of aliases ends; only for aliases. */
  readonly end: Seen
}

/**
 * A difference that is meant. `number` is that of docs/differences.md. A rule is asked about one differing field at a
 * time and says whether the objects, the query and both replies are such that it must differ.
 */
export interface Rule {
  readonly number: string
  readonly summary: string
  allows(subject: Case, difference: Difference): boolean
}

const IN = 1
export const NOERROR = 0
export const SERVFAIL = 2
export const NXDOMAIN = 3
export const REFUSED = 5

/** Fields that another kind of answer brings with it. What a SOA record says is judged by rules of its own. */
const OUTCOME_FIELDS: ReadonlySet<string> = new Set(['rcode', 'aa', 'answer', 'authority', 'additional'])

/** A rule about the whole answer. */
export function outcomeRule(number: string, summary: string, when: (subject: Answered) => boolean): Rule {
  return {
    number,
    summary,
    allows: (subject, { field }) => {
      if (!isAnswered(subject)) return false
      // No AD is right for every answer but the one that an upstream said was validated.
      const { ours } = subject
      const isAnotherAd =
        field === 'ad' && !ours.authenticData && (ours.authoritativeAnswer || isEmptyReply(ours))
      return (OUTCOME_FIELDS.has(field) || isAnotherAd) && when(subject)
    },
  }
}

/** A rule about one field. */
export function fieldRule(
  number: string,
  summary: string,
  fields: readonly Difference['field'][],
  when: (subject: Answered, difference: Difference) => boolean,
): Rule {
  return {
    number,
    summary,
    allows: (subject, difference) =>
      isAnswered(subject) && fields.includes(difference.field) && when(subject, difference),
  }
}

/** A case in which both replied. */
export interface Answered extends Case {
  readonly ours: Message
  readonly theirs: Message
}

function isAnswered(subject: Case): subject is Answered {
  return subject.ours !== undefined && subject.theirs !== undefined
}

/** The zone of ours as the query spells it. */
export function askedZone({ query, place }: Case): string {
  return place.zone === '' ? '' : query.name.slice(-place.zone.length)
}

/** NODATA of our own: nothing but the zone's SOA record, authoritative. */
export function isNodata(reply: Message, subject: Case): boolean {
  return reply.rcode === NOERROR && isNegative(reply, subject)
}

/** NXDOMAIN of our own. */
export function isNxdomain(reply: Message, subject: Case): boolean {
  return reply.rcode === NXDOMAIN && isNegative(reply, subject)
}

function isNegative(reply: Message, subject: Case): boolean {
  const { answer, authority, additional, authoritativeAnswer } = reply
  const isEmpty = answer.length === 0 && additional.length === 0 && authority.length === 1
  const soa = soaOf(authority)
  return (
    isEmpty &&
    authoritativeAnswer &&
    soa?.owner === askedZone(subject) &&
    hasRightTtl(soa, reply === subject.ours, subject)
  )
}

/** Ours at most 5 seconds (docs/differences.md 23), theirs at most 300, with the configured TTL as minimum. */
function hasRightTtl(
  soa: { readonly ttl: number; readonly minimum: number },
  isOurs: boolean,
  { facts }: Case,
): boolean {
  const { ttlSeconds } = facts.profile
  const [ttl, minimum] = isOurs
    ? [Math.min(ttlSeconds, 5), Math.min(ttlSeconds, 5)]
    : [Math.min(ttlSeconds, 300), ttlSeconds]
  return soa.ttl === ttl && soa.minimum === minimum
}

/** A reply that came through `forward`: nothing of ours, never authoritative. */
export function isForwarded(reply: Message, subject: Case): boolean {
  return (
    subject.facts.profile.forward &&
    !reply.authoritativeAnswer &&
    soaOf(reply.authority)?.owner !== askedZone(subject)
  )
}

/** Whether the name goes on to `forward` where it does not exist. */
export function fallsThrough({ facts, query }: Case): boolean {
  return facts.fallsThrough(query.name.toLowerCase())
}

/** What is to be said of a name that does not exist: NXDOMAIN, or what the upstream says. */
export function isMissing(reply: Message, subject: Case): boolean {
  if (!fallsThrough(subject)) return isNxdomain(reply, subject)
  return subject.facts.profile.forward ? isForwarded(reply, subject) : reply.rcode === SERVFAIL
}

/** The records of one type, as lines. */
export function linesOfType(records: readonly ResourceRecord[], rrtype: number): readonly string[] {
  return linesOf(records.filter((record) => record.rrtype === rrtype))
}

/** Whether there is nothing in any section. */
export function isEmptyReply({ answer, authority, additional }: Message): boolean {
  return answer.length + authority.length + additional.length === 0
}

export function isClassIn({ rrclass }: Query): boolean {
  return rrclass === IN
}

/** Whether the query asks for A or AAAA. */
export function isAddressType({ type }: Query): boolean {
  return type === RrType.A || type === RrType.AAAA
}

/** Whether one list of lines holds all of the other, each as often. */
export function isPartOf(part: readonly string[], whole: readonly string[]): boolean {
  const left = whole.slice()
  return part.every((line) => {
    const index = left.indexOf(line)
    if (index !== -1) left.splice(index, 1)
    return index !== -1
  })
}
