import { isIPv6 } from 'node:net'

import { ipFromText, ipToText } from '../../src/wire/ip-address.ts'
import type { Lookup } from './lookups.ts'
import type { Outcome, Resolver } from './resolver.ts'
import type { LoggedQuery } from './served-labs.ts'

/** A resolver that misses a reply waits longer: glibc, Go, Java and c-ares 5 s, musl 2.5 s, BIND's tools 5 s. */
const MAX_ELAPSED_MS = 1000
/** More addresses than 512 octets hold. */
const LARGE_COUNT = 30

/** One lookup of one resolver, and what was wrong with it. */
export interface Result {
  readonly resolver: Resolver
  readonly lookup: Lookup
  readonly elapsedMs: number
  readonly foundCount: number
  readonly udpQueries: number
  readonly tcpQueries: number
  /** None: passed. */
  readonly problems: readonly string[]
  /** Where a resolver found less than there is, as it does with every server. */
  readonly note: string | undefined
}

export function judge(
  resolver: Resolver,
  lookup: Lookup,
  outcome: Outcome,
  queries: readonly LoggedQuery[],
): Result {
  const udp = queries.filter(({ transport }) => transport === 'udp')
  const found = new Set(outcome.found.map(canonical))
  const expected = expectedOf(resolver, lookup)
  const isPart = found.size > 0 && found.size < expected.length && mayFindPart(resolver, lookup)
  const problems = [
    ...answerProblems(found, expected, isPart, outcome.error),
    ...(outcome.elapsedMs < MAX_ELAPSED_MS ? [] : [`took ${Math.round(outcome.elapsedMs)} ms`]),
    ...(queries.length > 0 ? [] : ['asked nothing: something else answered']),
    ...(mayRepeat(resolver, lookup) ? [] : repeatedQuestions(udp)),
  ]
  return {
    resolver,
    lookup,
    elapsedMs: outcome.elapsedMs,
    foundCount: found.size,
    udpQueries: udp.length,
    tcpQueries: queries.length - udp.length,
    problems,
    note: isPart ? `finds ${found.size} of ${expected.length}, for want of TCP` : undefined,
  }
}

function answerProblems(
  found: ReadonlySet<string>,
  expected: readonly string[],
  isPart: boolean,
  error: string | undefined,
): readonly string[] {
  if (error !== undefined) return [`ended with ${error}`]
  const wrong = [...found].filter((item) => !expected.includes(item))
  if (wrong.length > 0) return [`found ${wrong.join(' ')}, not ${expected.join(' ') || 'none'}`]
  return found.size === expected.length || isPart ? [] : [`found ${found.size} of ${expected.length}`]
}

/** Java writes IPv6 addresses without `::`. */
function canonical(item: string): string {
  const address = ipFromText(item)
  return address === undefined ? item : ipToText(address)
}

function expectedOf({ habits }: Resolver, { subject, expected, isComplete }: Lookup): readonly string[] {
  const isCompleted =
    habits?.searches === undefined || (habits.searches === 'undotted' && !subject.includes('.'))
  if (!isComplete && !isCompleted) return []
  const ofIpv6 = expected.filter((address) => isIPv6(address))
  return habits?.prefersIpv6 === true && ofIpv6.length > 0 ? ofIpv6 : expected
}

function mayFindPart({ habits }: Resolver, { expected }: Lookup): boolean {
  return habits?.lacksTcp === true && expected.length > LARGE_COUNT
}

function mayRepeat({ habits }: Resolver, { expected }: Lookup): boolean {
  return habits?.repeatsForLargeAnswers === true && expected.length > LARGE_COUNT
}

/** A resolver asks again where a reply is lost, or is none for it. */
function repeatedQuestions(queries: readonly LoggedQuery[]): readonly string[] {
  const questions = queries.map(({ qname, qtype }) => `${qname} ${qtype}`)
  const repeated = questions.filter((question, index) => questions.indexOf(question) !== index)
  return [...new Set(repeated)].map((question) => `asked again: ${question}`)
}
