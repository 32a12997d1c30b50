import { expect, test } from 'vitest'

import { classifyReply } from '../../src/plugins/reply-class.ts'
import { ROOT } from '../../src/wire/name.ts'
import { RrType } from '../../src/wire/rrtype.ts'
import type { Reply } from '../../src/zone/responder.ts'

const rrset = (rrtype: number) => ({ owner: ROOT, rrtype, ttlSeconds: 5, rdatas: [] })
const reply = (rcode: number, answer: readonly number[], authority: readonly number[]): Reply => ({
  rcode,
  authoritativeAnswer: true,
  answer: answer.map(rrset),
  authority: authority.map(rrset),
  additional: [],
})

test.for([
  ['an answer', 0, [RrType.A], [], 'success NOERROR'],
  ['no records at all', 0, [], [], 'success NOERROR'],
  ['NODATA', 0, [], [RrType.SOA], 'denial NODATA'],
  ['a referral', 0, [], [RrType.NS], 'success DELEGATION'],
  ['a name error', 3, [], [RrType.SOA], 'denial NXDOMAIN'],
  ['a name error behind an alias', 3, [RrType.CNAME], [RrType.SOA], 'denial NXDOMAIN'],
  ['SERVFAIL', 2, [], [], 'error SERVERERROR'],
  ['NOTIMP', 4, [], [], 'error SERVERERROR'],
  ['REFUSED', 5, [], [], 'error OTHERERROR'],
] as const)('classifyReply: %s', ([, rcode, answer, authority, expected]) => {
  const { class: kind, type } = classifyReply(rcode, reply(rcode, answer, authority))
  expect(`${kind} ${type}`).toBe(expected)
})

test('classifyReply goes by the RCODE where another reply was sent than the directives gave', () => {
  expect(classifyReply(2, reply(0, [RrType.A], [])).class).toBe('error')
  expect(classifyReply(2, undefined).class).toBe('error')
})
