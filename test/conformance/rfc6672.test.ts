// RFC 6672, DNAME Redirection in the DNS: substitution, synthesis and overflow.
import { describe, expect, test } from 'vitest'

import { loadZone } from '../../src/zone/load-zone.ts'
import { substituteDname } from '../../src/zone/substitute-dname.ts'
import { replyFromZoneAnswer } from '../../src/zone/zone-answer.ts'
import { Rcode } from '../../src/wire/rcode.ts'
import { isSubdomain } from '../../src/wire/name.ts'
import { ask, lines, zoneOf } from '../zone/ask-zone.ts'
import { name } from '../wire/packet.ts'

const HEAD = '@ 60 SOA ns.test. hostmaster 1 2 3 4 5\n@ 60 NS ns.test.\n'

// The table of section 2.2: name asked, owner and target of the DNAME, what is made.
describe('section 2.2: substitution', () => {
  test.each([
    ['com.', 'example.com.', 'example.net.', undefined],
    ['example.com.', 'example.com.', 'example.net.', undefined],
    ['a.example.com.', 'example.com.', 'example.net.', 'a.example.net.'],
    ['a.b.example.com.', 'example.com.', 'example.net.', 'a.b.example.net.'],
    ['ab.example.com.', 'b.example.com.', 'example.net.', undefined],
    ['foo.example.com.', 'example.com.', 'example.net.', 'foo.example.net.'],
    ['a.x.example.com.', 'x.example.com.', 'example.net.', 'a.example.net.'],
    ['a.example.com.', 'example.com.', 'y.example.net.', 'a.y.example.net.'],
    ['cyc.example.com.', 'example.com.', 'example.com.', 'cyc.example.com.'],
    ['cyc.example.com.', 'example.com.', 'c.example.com.', 'cyc.c.example.com.'],
    ['shortloop.x.x.', 'x.', '.', 'shortloop.x.'],
    ['shortloop.x.', 'x.', '.', 'shortloop.'],
  ])('%s, DNAME %s to %s: %s', (qname, owner, target, expected) => {
    const isBelow = qname !== owner && isSubdomain(name(qname), name(owner))
    const made = isBelow
      ? substituteDname(name(qname), { owner: name(owner), target: name(target) })
      : undefined
    expect(made).toBe(expected)
    // The same asked of a zone that has this DNAME.
    const zone = zoneOf(`. 60 SOA a. b. 1 2 3 4 5\n. 60 NS ns.test.\n${owner} 60 DNAME ${target}`, '.')
    const made2 = ask(zone, `${qname} CNAME`)
      .answer.flatMap(({ rdatas }) => rdatas)
      .find(({ kind }) => kind === 'CNAME')
    expect(made2?.kind === 'CNAME' ? made2.target : undefined).toBe(expected)
  })
})

describe('section 2.3: the owner of a DNAME is not redirected itself', () => {
  const zone = zoneOf(`${HEAD}d 60 DNAME test.\nd 60 TXT x`)
  test.each([
    ['DNAME', 'positive', ['d.example. 60 IN DNAME test.']],
    ['TXT', 'positive', ['d.example. 60 IN TXT "x"']],
    ['CNAME', 'nodata', []],
    ['A', 'nodata', []],
  ])('%s', (type, kind, expected) => {
    const answer = ask(zone, `d.example. ${type}`)
    expect([answer.kind, lines(answer.answer)]).toEqual([kind, expected])
  })
})

describe('section 2.4: a zone that holds these is not loaded', () => {
  test.each([
    'd 60 DNAME a\nd 60 DNAME b',
    'd 60 DNAME a\nd 60 CNAME b',
    'd 60 DNAME a\nx.d 60 A 192.0.2.1',
    'd 60 DNAME a\nd 60 NS ns.test.',
  ])('%j', (text) => {
    expect(loadZone(HEAD + text, { file: 'zone', origin: name('example.') }).zone).toBeUndefined()
  })
})

describe('section 3.1: the CNAME that is made', () => {
  const zone = zoneOf(`${HEAD}d 30 DNAME E\nhost.e 60 A 192.0.2.1\nout 60 DNAME test.`)

  test('stands behind the DNAME with its TTL, the chain goes on in the zone', () => {
    expect(lines(ask(zone, 'Host.D.example. A').answer)).toEqual([
      'd.example. 30 IN DNAME E.example.',
      'Host.D.example. 30 IN CNAME Host.E.example.',
      'Host.E.example. 60 IN A 192.0.2.1',
    ])
  })

  test('is there where the target does not exist; the RCODE is that of the target (RFC 6604)', () => {
    const answer = ask(zone, 'nothing.d.example. A')
    expect([answer.kind, answer.answer.length, lines(answer.authority).length]).toEqual(['nxdomain', 2, 1])
  })

  test('answers a question for CNAME and, as one RRset, for ANY', () => {
    expect(ask(zone, 'host.d.example. CNAME').kind).toBe('positive')
    expect(ask(zone, 'host.d.example. ANY').answer).toHaveLength(2)
  })

  test('leads out of the zone', () => {
    const answer = ask(zone, 'a.b.out.example. A')
    expect([answer.kind, answer.target, answer.answer.length]).toEqual(['cname', 'a.b.test.', 2])
  })

  test('a redirected name has no wildcard: *.d is below the DNAME and cannot stand there', () => {
    const text = `${HEAD}d 60 DNAME e\n*.d 60 A 192.0.2.1`
    expect(loadZone(text, { file: 'zone', origin: name('example.') }).zone).toBeUndefined()
  })
})

test('section 3.2: a name that becomes too long is YXDOMAIN, the DNAME in the answer', () => {
  const target = `${'x'.repeat(63)}.`.repeat(3) + 'test.'
  const zone = zoneOf(`${HEAD}d 60 DNAME ${target}`)
  const answer = ask(zone, `${'y'.repeat(60)}.d.example. A`)
  expect([answer.kind, answer.answer.map(({ rrtype }) => rrtype), answer.authority]).toEqual([
    'yxdomain',
    [39],
    [],
  ])
  expect(replyFromZoneAnswer(answer).rcode).toBe(Rcode.YXDOMAIN)
  expect(ask(zone, `${'y'.repeat(50)}.d.example. A`).kind).toBe('cname')
})

describe('F24 DNAME loops end', () => {
  test.each([
    ['to itself', 'd 60 DNAME d'],
    ['growing by a label', 'd 60 DNAME x.d'],
    ['through a CNAME', 'd 60 DNAME e\na.e 60 CNAME a.d'],
    ['two of them', 'd 60 DNAME e\ne 60 DNAME d'],
  ])('%s', (_, text) => {
    const { kind, answer } = ask(zoneOf(HEAD + text), 'a.d.example. A')
    expect(kind).toBe('failure')
    expect(answer.length).toBeLessThanOrEqual(14)
  })
})
