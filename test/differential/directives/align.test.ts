import { describe, expect, test } from 'vitest'

import { linesOf } from '../compare.ts'
import { makeCase, makeQuery } from '../make-case.ts'
import type { ReplyParts } from '../make-case.ts'
import { aligned } from './align.ts'

/** Their records after they are aligned with ours. */
function alignedLines(
  directive: string | undefined,
  ours: ReplyParts,
  theirs: ReplyParts,
): readonly string[] {
  const profile = directive === undefined ? {} : { directive }
  const subject = makeCase({ profile, query: makeQuery('a.example. A'), ours, theirs })
  const reply = aligned(subject.theirs, subject.ours, subject.facts.profile, 1)
  return linesOf([...(reply?.answer ?? []), ...(reply?.additional ?? [])])
}

const answer = (ttl: number): ReplyParts => ({ answer: [`a.example. ${ttl} A 192.0.2.1`] })
const whoami = (port: number): ReplyParts => ({ additional: [`_udp.a.example. 0 SRV 0 0 ${port} .`] })
const service = (port: number): ReplyParts => ({
  additional: [`_udp.a.example. 0 SRV 0 0 ${port} b.example.`],
})

describe('aligned', () => {
  test.for([
    ['cache', 59, 60, 59],
    ['cache', 60, 59, 60],
    ['cache', 58, 60, 60],
    ['forward', 59, 60, 60],
    [undefined, 59, 60, 60],
  ] as const)('of %s: TTL %i beside %i is compared as %i', ([directive, ours, theirs, expected]) => {
    expect(alignedLines(directive, answer(ours), answer(theirs))).toEqual([
      `a.example. ${expected} CLASS1 A 192.0.2.1`,
    ])
  })

  test('the port of the client does not count, that of a service does', () => {
    expect(alignedLines('hosts', whoami(1), whoami(2))).toEqual(['_udp.a.example. 0 CLASS1 SRV 0 0 1 .'])
    expect(alignedLines('hosts', service(1), service(2))).toEqual([
      '_udp.a.example. 0 CLASS1 SRV 0 0 2 b.example.',
    ])
  })
})
