import { describe, expect, test } from 'vitest'

import { CUT_RULE, judgeCut } from './cut.ts'
import type { ReplyParts } from './make-case.ts'
import { makeCase, makeQuery } from './make-case.ts'
import { OBJECTS } from './rule-objects.ts'

const NAME = 'web.shop.svc.cluster.local.'
const addresses = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${NAME} 30 A 10.96.1.${index}`)
const GLUE = ['a.cluster.local. 30 A 10.1.0.1', 'b.cluster.local. 30 A 10.1.0.2']

interface Replies {
  readonly ours: ReplyParts
  readonly theirs: ReplyParts
  readonly ourSize?: number
}

/** Two UDP replies of a client without EDNS, and what TCP has. */
function judged(cut: Replies, whole: Replies) {
  const exchange = ({ ours, theirs, ourSize = 0 }: Replies, tcp: boolean) => ({
    subject: makeCase({ objects: OBJECTS, query: makeQuery(`${NAME} A`, { tcp }), ours, theirs }),
    sizes: { ours: ourSize, theirs: 0 },
  })
  return judgeCut(exchange(cut, false), exchange(whole, true))
}

const WHOLE: Replies = { ours: { answer: addresses(60) }, theirs: { answer: addresses(60) }, ourSize: 1000 }

describe('judgeCut', () => {
  test('whole records of one answer, with TC, are a right cut', () => {
    const cut = {
      ours: { tc: true, answer: addresses(28) },
      theirs: { tc: true, answer: addresses(29) },
      ourSize: 500,
    }
    expect(judged(cut, WHOLE)).toEqual({ unlisted: [], rules: [CUT_RULE] })
  })

  test('additional records go without TC in ours', () => {
    const answer = addresses(20)
    const whole = { ours: { answer, additional: GLUE }, theirs: { answer, additional: GLUE }, ourSize: 600 }
    const theirs = { tc: true, answer, additional: [] }
    expect(judged({ ours: { answer }, theirs, ourSize: 500 }, whole)?.unlisted).toEqual([])
    expect(judged({ ours: { answer, tc: true }, theirs, ourSize: 500 }, whole)).toBeUndefined()
  })

  test('nothing cut is nothing to judge here', () => {
    expect(judged(WHOLE, WHOLE)).toBeUndefined()
  })

  const theirs = { tc: true, answer: addresses(29) }
  const wrong: [string, Replies][] = [
    [
      'a record that the whole reply has not',
      { ours: { tc: true, answer: [`${NAME} 30 A 10.9.9.9`] }, theirs, ourSize: 500 },
    ],
    ['TC missing', { ours: { answer: addresses(28) }, theirs, ourSize: 500 }],
    [
      'more octets than the client takes',
      { ours: { tc: true, answer: addresses(40) }, theirs, ourSize: 700 },
    ],
    ['another RCODE', { ours: { tc: true, rcode: 2 }, theirs, ourSize: 500 }],
  ]

  test.each(wrong)('%s is no right cut', (_, cut) => {
    expect(judged(cut, WHOLE)).toBeUndefined()
  })

  test('a cut where all would have fitted is none', () => {
    const cut = { ours: { tc: true, answer: addresses(10) }, theirs: { answer: addresses(20) }, ourSize: 300 }
    const whole = { ours: { answer: addresses(20) }, theirs: { answer: addresses(20) }, ourSize: 400 }
    expect(judged(cut, whole)).toBeUndefined()
  })

  test('whole replies that differ stay unlisted', () => {
    const cut = {
      ours: { tc: true, answer: addresses(28) },
      theirs: { tc: true, answer: addresses(29) },
      ourSize: 500,
    }
    const whole = { ...WHOLE, theirs: { answer: addresses(61) } }
    expect(judged(cut, whole)?.unlisted.map(({ field }) => field)).toEqual(['answer'])
  })
})
