import { describe, expect, test } from 'vitest'

import { joinChain } from '../../src/zone/cname-chain.ts'
import { failureReply } from '../../src/zone/failure-reply.ts'
import type { Reply } from '../../src/zone/responder.ts'
import type { RRset } from '../../src/zone/rrset.ts'
import { nameOf } from '../forward/client-query.ts'

const cname = (owner: string, target: string): RRset => ({
  owner: nameOf(owner),
  rrtype: 5,
  ttlSeconds: 5,
  rdatas: [{ kind: 'CNAME', target: nameOf(target) }],
})
const address: RRset = {
  owner: nameOf('end.'),
  rrtype: 1,
  ttlSeconds: 5,
  rdatas: [{ kind: 'A', address: 0x0a000001 }],
}
const reply = (answer: readonly RRset[], rcode = 0): Reply => ({
  rcode,
  authoritativeAnswer: true,
  authenticData: true,
  answer,
  authority: [],
  additional: [],
})
const links = (count: number) => Array.from({ length: count }, (_link, at) => cname(`n${at}.`, `n${at + 1}.`))
const start = (...rrsets: RRset[]) => ({ rrsets, authoritativeAnswer: false })

describe('joinChain', () => {
  test('puts the start in front; AA is of the first owner name, AD of none', () => {
    const joined = joinChain(start(cname('a.', 'end.')), reply([address]))
    expect(joined).toMatchObject({ rcode: 0, authoritativeAnswer: false })
    expect(joined.answer).toEqual([cname('a.', 'end.'), address])
    expect(joined).not.toHaveProperty('authenticData')
    const ours = { rrsets: [cname('a.', 'end.')], authoritativeAnswer: true }
    expect(joinChain(ours, { ...reply([]), authoritativeAnswer: false }).authoritativeAnswer).toBe(true)
  })

  test.for([
    [3, 3],
    [5, 2],
    [2, 2],
  ] as const)('the RCODE %i of the end becomes %i', ([rcode, expected]) => {
    expect(joinChain(start(cname('a.', 'end.')), reply([], rcode)).rcode).toBe(expected)
  })

  test('where nobody serves the target: the start alone, NOERROR and no reason', () => {
    const joined = joinChain(start(cname('a.', 'end.')), { ...failureReply('nobody'), unanswered: true })
    expect(joined).toEqual({
      ...reply([cname('a.', 'end.')]),
      authoritativeAnswer: false,
      authenticData: undefined,
    })
  })

  test('ends a loop where it closes, whatever the letter case', () => {
    const joined = joinChain(start(cname('a.', 'b.')), reply([cname('b.', 'A.'), cname('A.', 'b.'), address]))
    expect(joined.rcode).toBe(2)
    expect(joined.answer).toEqual([cname('a.', 'b.'), cname('b.', 'A.')])
    expect(joined.error).toBe('the CNAME chain comes back to a name it has already passed')
  })

  test('takes 12 links, and no more', () => {
    const [first, ...rest] = links(12)
    if (first === undefined) throw new Error('no link')
    expect(joinChain(start(first), reply([...rest, address])).rcode).toBe(0)
    const tooLong = joinChain(start(cname('n.', 'n0.')), reply([...links(12), address]))
    expect(tooLong).toMatchObject({ rcode: 2, error: 'the CNAME chain has more than 12 links' })
    expect(tooLong.answer).toHaveLength(14)
  })
})
