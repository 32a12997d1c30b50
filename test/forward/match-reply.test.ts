import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { matchReply } from '../../src/forward/match-reply.ts'
import { composeUpstreamQuery } from '../../src/forward/upstream-query.ts'
import { questionOf } from './client-query.ts'
import { replyTo } from './reply-octets.ts'

const QUERY = composeUpstreamQuery(
  {
    question: questionOf('wWw.example. A'),
    recursionDesired: true,
    checkingDisabled: false,
    dnssecOk: false,
  },
  0x4142,
  true,
)

test('matchReply takes the reply to the query, its letters in either case, and tells when it is truncated', () => {
  expect(matchReply(QUERY, replyTo(QUERY))).toBe('whole')
  expect(matchReply(QUERY, replyTo(QUERY, { question: 'WWW.EXAMPLE. A' }))).toBe('whole')
  expect(matchReply(QUERY, replyTo(QUERY, { truncated: true }))).toBe('truncated')
  const cutInRecord = replyTo(QUERY, { truncated: true, answer: ['www.example. 60 A 192.0.2.1'] }).subarray(
    0,
    -2,
  )
  expect(matchReply(QUERY, cutInRecord)).toBe('truncated')
})

test('F01 a reply with a wrong id is no match', () => {
  expect(matchReply(QUERY, replyTo(QUERY, { id: 0x4143 }))).toBe('no')
  expect(matchReply(QUERY, replyTo(QUERY, { id: 0x4342 }))).toBe('no')
})

test('F02 a reply with the right id and another qname, qtype or qclass is no match', () => {
  for (const question of [
    'xxx.example. A',
    'www.example. AAAA',
    'www.example. A 3',
    'a.www.example. A',
    '. A',
  ]) {
    expect(matchReply(QUERY, replyTo(QUERY, { question }))).toBe('no')
  }
})

test('F02 type and class octets are compared exactly, although they may look like letters', () => {
  const query = composeUpstreamQuery(
    {
      question: { ...questionOf('a. A'), qtype: 0x41 },
      recursionDesired: true,
      checkingDisabled: false,
      dnssecOk: false,
    },
    1,
    true,
  )
  const reply = replyTo(query)
  expect(matchReply(query, reply)).toBe('whole')
  reply[16] = 0x61
  expect(matchReply(query, reply)).toBe('no')
})

test('F04 a reply with QR=0 is no match, with records or without', () => {
  expect(matchReply(QUERY, QUERY)).toBe('no')
  expect(matchReply(QUERY, replyTo(QUERY, { qr: false, answer: ['www.example. 60 A 192.0.2.66'] }))).toBe(
    'no',
  )
})

test('F05 a reply with another opcode is no match', () => {
  for (const opcode of [1, 2, 4, 5, 15]) expect(matchReply(QUERY, replyTo(QUERY, { opcode }))).toBe('no')
})

test('F06 a reply without question counts only with FORMERR, SERVFAIL, NOTIMP or REFUSED and without records', () => {
  for (const rcode of [1, 2, 4, 5]) {
    expect(matchReply(QUERY, replyTo(QUERY, { question: '', rcode }))).toBe('whole')
    const answer = ['www.example. 60 A 192.0.2.66']
    expect(matchReply(QUERY, replyTo(QUERY, { question: '', rcode, answer }))).toBe('no')
    expect(matchReply(QUERY, replyTo(QUERY, { question: '', rcode, authority: answer }))).toBe('no')
  }
  for (const rcode of [0, 3, 6, 9])
    expect(matchReply(QUERY, replyTo(QUERY, { question: '', rcode }))).toBe('no')
})

test('a reply with two questions is no match', () => {
  const reply = replyTo(QUERY)
  reply[5] = 2
  expect(matchReply(QUERY, reply)).toBe('no')
})

test('F08 a reply cut before the end of its question is no match, at every octet', () => {
  const reply = replyTo(QUERY)
  for (let size = 0; size < reply.length; size++)
    expect(matchReply(QUERY, reply.subarray(0, size))).toBe('no')
})

test('matchReply takes any octets, and accepts none with another id', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (octets) => {
      const match = matchReply(QUERY, octets)
      if (match !== 'no') expect([...octets.subarray(0, 2)]).toEqual([0x41, 0x42])
    }),
  )
})
