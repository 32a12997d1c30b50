import { describe, expect, test } from 'vitest'

import type { Lookup } from './lookups.ts'
import type { Habits, Outcome, Resolver } from './resolver.ts'
import type { LoggedQuery } from './served-labs.ts'
import { judge } from './verdict.ts'

const QUERIES: readonly LoggedQuery[] = [
  { qname: 'web.default.svc.cluster.local.', qtype: 'A', transport: 'udp' },
  { qname: 'web.default.svc.cluster.local.', qtype: 'AAAA', transport: 'udp' },
]
const MANY = Array.from({ length: 40 }, (_, index) => `10.0.0.${index}`)

const resolverWith = (habits: Habits = {}): Resolver => ({
  name: 'some',
  about: '',
  version: () => '1',
  kinds: ['any'],
  needs: {},
  habits,
  start: () => Promise.reject(new Error('not started here')),
})
const lookupOf = (...expected: readonly string[]): Lookup => ({
  kind: 'any',
  subject: 'web.default',
  about: '',
  expected,
  isComplete: false,
})
const problemsOf = (
  lookup: Lookup,
  outcome: Partial<Outcome>,
  queries: readonly LoggedQuery[] = QUERIES,
  habits?: Habits,
) => judge(resolverWith(habits), lookup, { elapsedMs: 1, found: [], ...outcome }, queries).problems

describe('judge', () => {
  test('passes the right addresses in any order and spelling, each any number of times', () => {
    const found = ['fd00:0:0:0:0:0:0:1', '10.0.0.1', '10.0.0.1']
    expect(problemsOf(lookupOf('10.0.0.1', 'fd00::1'), { found })).toEqual([])
    expect(problemsOf(lookupOf(), { found: [] })).toEqual([])
  })

  test('fails an address that is wrong or lacks, and a failure', () => {
    expect(problemsOf(lookupOf('10.0.0.1'), { found: ['10.0.0.2'] })).toEqual([
      'found 10.0.0.2, not 10.0.0.1',
    ])
    expect(problemsOf(lookupOf(), { found: ['10.0.0.2'] })).toEqual(['found 10.0.0.2, not none'])
    expect(problemsOf(lookupOf('10.0.0.1', '10.0.0.2'), { found: ['10.0.0.1'] })).toEqual(['found 1 of 2'])
    expect(problemsOf(lookupOf(), { error: 'EAI_AGAIN' })).toEqual(['ended with EAI_AGAIN'])
  })

  test('fails a lookup of a second, and one that asked nothing', () => {
    expect(problemsOf(lookupOf(), { elapsedMs: 999 })).toEqual([])
    expect(problemsOf(lookupOf(), { elapsedMs: 1000 })).toEqual(['took 1000 ms'])
    expect(problemsOf(lookupOf(), {}, [])).toEqual(['asked nothing: something else answered'])
  })

  test('fails a question asked twice over UDP, once over TCP besides is allowed', () => {
    const [first] = QUERIES
    const overTcp = QUERIES.map((query) => ({ ...query, transport: 'tcp' as const }))
    expect(problemsOf(lookupOf(), {}, [...QUERIES, ...overTcp])).toEqual([])
    const twice = first === undefined ? [] : [...QUERIES, first]
    expect(problemsOf(lookupOf(), {}, twice)).toEqual(['asked again: web.default.svc.cluster.local. A'])
    expect(problemsOf(lookupOf(), {}, twice, { repeatsForLargeAnswers: true })).toHaveLength(1)
    expect(problemsOf(lookupOf(...MANY), { found: MANY }, twice, { repeatsForLargeAnswers: true })).toEqual(
      [],
    )
  })

  test('takes part of a large answer only from a resolver without TCP, and notes it', () => {
    const found = MANY.slice(0, 28)
    expect(problemsOf(lookupOf(...MANY), { found })).toEqual(['found 28 of 40'])
    const result = judge(
      resolverWith({ lacksTcp: true }),
      lookupOf(...MANY),
      { elapsedMs: 1, found },
      QUERIES,
    )
    expect(result).toMatchObject({ problems: [], note: 'finds 28 of 40, for want of TCP' })
    expect(problemsOf(lookupOf(...MANY), { found: [] }, QUERIES, { lacksTcp: true })).toHaveLength(1)
    expect(
      problemsOf(lookupOf('10.0.0.1', '10.0.0.2'), { found: ['10.0.0.1'] }, QUERIES, { lacksTcp: true }),
    ).toHaveLength(1)
  })

  test('expects what a resolver’s habits let it find', () => {
    const both = lookupOf('10.0.0.1', 'fd00::1')
    expect(problemsOf(both, { found: ['fd00::1'] }, QUERIES, { prefersIpv6: true })).toEqual([])
    expect(problemsOf(both, { found: [] }, QUERIES, { searches: 'nothing' })).toEqual([])
    expect(problemsOf(both, { found: [] }, QUERIES, { searches: 'undotted' })).toEqual([])
    const undotted = { ...both, subject: 'web' }
    expect(problemsOf(undotted, { found: [] }, QUERIES, { searches: 'undotted' })).toHaveLength(1)
    const complete = { ...both, isComplete: true }
    expect(problemsOf(complete, { found: [] }, QUERIES, { searches: 'nothing' })).toHaveLength(1)
  })
})
