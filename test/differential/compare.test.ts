import { describe, expect, test } from 'vitest'

import { composeMessage } from '../../src/wire/compose-message.ts'
import { compareReplies, readReply } from './compare.ts'
import type { ReplyParts } from './make-case.ts'
import { makeQuery, makeReply, OUR_SOA, THEIR_SOA } from './make-case.ts'

const query = makeQuery('web.shop.svc.cluster.local. A')
const A = 'web.shop.svc.cluster.local. 30 A 10.96.0.1'
const OPT = { udpPayloadSize: 1232, version: 0, dnssecOk: false, options: [] }

const fieldsOf = (ours: ReplyParts, theirs: ReplyParts) =>
  compareReplies(makeReply(query, ours), makeReply(query, theirs)).map(({ field }) => field)

describe('compareReplies', () => {
  test('equal replies have no difference, whatever the order of records', () => {
    const more = 'web.shop.svc.cluster.local. 30 A 10.96.0.2'
    expect(fieldsOf({ answer: [A, more] }, { answer: [more, A] })).toEqual([])
  })

  const differing: [string, ReplyParts, ReplyParts, string[]][] = [
    ['rcode', { rcode: 3 }, {}, ['rcode']],
    ['AA', { aa: false }, {}, ['aa']],
    ['TC', { tc: true }, {}, ['tc']],
    ['RA', { ra: true }, {}, ['ra']],
    ['AD', { ad: true }, {}, ['ad']],
    ['a TTL', { answer: [A.replace('30', '5')] }, { answer: [A] }, ['answer']],
    ['letter case of an owner', { answer: [A.replace('web', 'WEB')] }, { answer: [A] }, ['answer']],
    ['a repeated record', { answer: [A, A] }, { answer: [A] }, ['answer']],
    ['a missing record', {}, { answer: [A] }, ['answer']],
    ['a glue record', { additional: [A] }, {}, ['additional']],
    ['an authority record', { authority: [OUR_SOA] }, {}, ['authority']],
    ['an OPT record', { opt: OPT }, {}, ['opt']],
    ['OPT size', { opt: { ...OPT, udpPayloadSize: 4096 } }, { opt: OPT }, ['opt.size']],
    ['DO', { opt: { ...OPT, dnssecOk: true } }, { opt: OPT }, ['opt.do']],
    ['EDNS version', { opt: { ...OPT, version: 1 } }, { opt: OPT }, ['opt.version']],
    [
      'options',
      { opt: { ...OPT, options: [{ code: 10, data: Uint8Array.of(1) }] } },
      { opt: OPT },
      ['opt.options'],
    ],
    [
      'extended errors',
      { opt: { ...OPT, options: [{ code: 15, data: Uint8Array.of(0, 0) }] } },
      { opt: OPT },
      ['opt.error'],
    ],
    [
      'numbers of the SOA record, each by itself',
      { authority: [OUR_SOA] },
      { authority: [THEIR_SOA] },
      ['authority.soa.ttl', 'authority.soa.serial', 'authority.soa.minimum'],
    ],
    [
      'the owner of the SOA record, with its numbers',
      { authority: [OUR_SOA.replace('cluster.local.', 'CLUSTER.local.')] },
      { authority: [THEIR_SOA] },
      ['authority'],
    ],
    [
      'a SRV weight, where all else is alike',
      { answer: ['_a._tcp.b. 30 SRV 0 50 80 c.'] },
      { answer: ['_a._tcp.b. 30 SRV 0 100 80 c.'] },
      ['answer.weight'],
    ],
    [
      'a SRV port, which is no weight',
      { answer: ['_a._tcp.b. 30 SRV 0 50 81 c.'] },
      { answer: ['_a._tcp.b. 30 SRV 0 100 80 c.'] },
      ['answer'],
    ],
  ]

  test.each(differing)('tells %s', (_, ours, theirs, fields) => {
    expect(fieldsOf(ours, theirs)).toEqual(fields)
  })

  test('a reply that did not come differs from one that did', () => {
    expect(compareReplies(makeReply(query, {}), undefined).map(({ field }) => field)).toEqual(['unanswered'])
    expect(compareReplies(undefined, undefined)).toEqual([])
  })

  test('the question differs in letter case too', () => {
    const other = makeReply(makeQuery('WEB.shop.svc.cluster.local. A'), {})
    expect(compareReplies(makeReply(query, {}), other).map(({ field }) => field)).toEqual(['question'])
  })
})

describe('readReply', () => {
  test('reads what was composed, and nothing of no reply', () => {
    const octets = composeMessage(makeReply(query, { answer: [A] }))
    expect(readReply(octets, 'SliceDNS')?.answer).toHaveLength(1)
    expect(readReply(undefined, 'SliceDNS')).toBeUndefined()
  })

  test('throws for octets that are no message', () => {
    const octets = composeMessage(makeReply(query, { answer: [A] }))
    expect(() => readReply(octets.subarray(0, -2), 'CoreDNS')).toThrow(
      'reply of CoreDNS is malformed in its answer',
    )
  })
})
