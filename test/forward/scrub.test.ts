import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { scrub } from '../../src/forward/scrub.ts'
import type { Scrubbed } from '../../src/forward/scrub.ts'
import { isSubdomain, lowerCase } from '../../src/wire/name.ts'
import { parseMessage } from '../../src/wire/message.ts'
import { ownersAndTypes, questionOf } from './client-query.ts'
import { replyTo } from './reply-octets.ts'
import type { RecordLine } from './reply-octets.ts'

const ANY_QUERY = Buffer.from('00010100000100000000000001780000010001', 'hex')

function scrubLines(
  asked: string,
  answer: readonly RecordLine[],
  authority: readonly RecordLine[] = [],
  servedHere: readonly string[] = [],
): Scrubbed {
  const parsed = parseMessage(replyTo(ANY_QUERY, { answer, authority }))
  if (!parsed.ok) throw new Error(`the test's own reply is malformed: ${parsed.where}`)
  return scrub(questionOf(asked), parsed.message, (name) => servedHere.includes(name))
}

/** `a. 5`, … of a reply that was kept. */
function kept(scrubbed: Scrubbed): { answer: readonly string[]; authority: readonly string[] } {
  if (scrubbed.kind !== 'kept') throw new Error(`not kept but ${scrubbed.kind}`)
  return { answer: ownersAndTypes(scrubbed.answer), authority: ownersAndTypes(scrubbed.authority) }
}

const SOA = 'SOA ns.example. host.example. 1 2 3 4 5'
/** RRSIG rdata that covers a type; the signature itself is of no interest here. */
const sig = (covered: number) => `RRSIG \\# 00${covered.toString(16).padStart(2, '0')}0502`

describe('scrub', () => {
  test('F20 extra records in answer and authority are dropped', () => {
    const scrubbed = scrubLines(
      'www.example. A',
      [
        'www.example. 60 A 192.0.2.1',
        'bank.example. 60 A 192.0.2.66',
        'www.example. 60 TXT surprise',
        'www.example. 60 NS ns.evil.',
      ],
      ['example. 60 NS ns.evil.', `example. 60 ${SOA}`, 'ns.evil. 60 A 192.0.2.66'],
    )
    expect(kept(scrubbed)).toEqual({ answer: ['www.example. 1'], authority: [] })
  })

  test('F20 the SOA of a negative answer, NSEC, NSEC3 and their signatures stay', () => {
    const scrubbed = scrubLines(
      'www.example. A',
      [],
      [
        `example. 60 ${SOA}`,
        `example. 60 ${sig(6)}`,
        `example. 60 ${sig(2)}`,
        'a.example. 60 NSEC \\# 00',
        `a.example. 60 ${sig(47)}`,
        'h.example. 60 NSEC3 \\# 00',
        `h.example. 60 ${sig(50)}`,
        'example. 60 NS ns.example.',
      ],
    )
    expect(kept(scrubbed).authority).toEqual([
      'example. 6',
      'example. 46',
      'a.example. 47',
      'a.example. 46',
      'h.example. 50',
      'h.example. 46',
    ])
  })

  test('F20 a SOA of a zone that does not hold the name is dropped', () => {
    expect(kept(scrubLines('www.example. A', [], [`other. 60 ${SOA}`])).authority).toEqual([])
    expect(kept(scrubLines('wwwexample. A', [], [`example. 60 ${SOA}`])).authority).toEqual([])
  })

  test('keeps the chain in order, wherever its records stand, with signatures and the DNAME behind a CNAME', () => {
    const scrubbed = scrubLines('www.old.example. AAAA', [
      'target.example. 60 AAAA \\# 20010db8000000000000000000000001',
      `target.example. 60 ${sig(28)}`,
      `target.example. 60 ${sig(1)}`,
      'www.new.example. 60 CNAME target.example.',
      'www.old.example. 60 CNAME www.new.example.',
      'old.example. 60 DNAME new.example.',
      `old.example. 60 ${sig(39)}`,
      'unrelated.example. 60 DNAME new.example.',
    ])
    expect(kept(scrubbed).answer).toEqual([
      'old.example. 39',
      'old.example. 46',
      'www.old.example. 5',
      'www.new.example. 5',
      'target.example. 28',
      'target.example. 46',
    ])
  })

  test('spells owners as they were asked for and joins records of one RRset under the lowest TTL', () => {
    const scrubbed = scrubLines('wWw.Example. A', [
      'www.example. 60 CNAME A.example.',
      'WWW.EXAMPLE. 60 CNAME a.example.',
      'a.EXAMPLE. 60 A 192.0.2.1',
      'a.example. 30 A 192.0.2.2',
    ])
    expect(scrubbed).toMatchObject({
      kind: 'kept',
      answer: [
        { owner: 'wWw.Example.', rrtype: 5, rdatas: [{ target: 'A.example.' }] },
        { owner: 'A.example.', rrtype: 1, ttlSeconds: 30, rdatas: [{}, {}] },
      ],
    })
  })

  test.each(['CNAME', 'ANY'])('stops at the CNAME when %s is asked', (type) => {
    const lines = ['www.example. 60 CNAME a.example.', 'a.example. 60 A 192.0.2.1']
    expect(kept(scrubLines(`www.example. ${type}`, lines)).answer).toEqual(['www.example. 5'])
  })

  test.each([1, 8, 11, 12])('F22 a chain of %i links is passed on', (links) => {
    const scrubbed = scrubLines('n0.example. A', [...chain(links), `n${links}.example. 60 A 192.0.2.1`])
    expect(kept(scrubbed).answer).toHaveLength(links + 1)
  })

  test.each([13, 1000])('F22 a chain of %i links is cut after 12', (links) => {
    const scrubbed = scrubLines('n0.example. A', [...chain(links), `n${links}.example. 60 A 192.0.2.1`])
    expect(scrubbed).toMatchObject({ kind: 'endless', text: 'the CNAME chain has more than 12 links' })
    expect(scrubbed).toHaveProperty('answer.length', 12)
  })

  test('F22 a CNAME to itself and a loop of two end at once, with the chain so far', () => {
    const self = scrubLines('a.example. A', ['a.example. 60 CNAME A.example.'])
    expect(self).toMatchObject({ kind: 'endless', answer: [{ owner: 'a.example.' }] })
    const two = scrubLines('a.example. A', [
      'a.example. 60 CNAME b.example.',
      'b.example. 60 CNAME a.example.',
    ])
    expect(two).toMatchObject({ kind: 'endless', answer: [{ owner: 'a.example.' }, { owner: 'b.example.' }] })
  })

  test('F23 two CNAMEs, or a CNAME beside other data, make the answer invalid', () => {
    const two = ['a.example. 60 CNAME b.example.', 'a.example. 60 CNAME c.example.']
    expect(scrubLines('a.example. A', two)).toMatchObject({
      kind: 'invalid',
      text: 'a.example. has two CNAME records',
    })
    const beside = ['a.example. 60 CNAME b.example.', 'a.example. 60 A 192.0.2.1']
    expect(scrubLines('a.example. A', beside)).toMatchObject({ kind: 'invalid' })
    const further = ['x.example. 60 CNAME a.example.', ...beside]
    expect(scrubLines('x.example. A', further)).toMatchObject({ kind: 'invalid' })
    const signed = ['a.example. 60 CNAME b.example.', `a.example. 60 ${sig(5)}`, 'b.example. 60 A 192.0.2.1']
    expect(kept(scrubLines('a.example. A', signed)).answer).toEqual([
      'a.example. 5',
      'a.example. 46',
      'b.example. 1',
    ])
  })

  test('F21 a chain that enters a zone served here stops there, whatever the upstream says of it', () => {
    const scrubbed = scrubLines(
      'www.example. A',
      ['www.example. 60 CNAME Db.shop.svc.cluster.local.', 'db.shop.svc.cluster.local. 60 A 192.0.2.66'],
      [`cluster.local. 60 ${SOA}`],
      ['db.shop.svc.cluster.local.'],
    )
    expect(scrubbed).toMatchObject({
      kind: 'kept',
      answer: [{ owner: 'www.example.', rrtype: 5 }],
      authority: [],
      continueAt: 'Db.shop.svc.cluster.local.',
    })
    expect(scrubbed).toHaveProperty('answer.length', 1)
  })

  test('never keeps a record outside the chain', () => {
    const names = ['a.', 'b.', 'x.a.', 'y.b.', 'c.example.']
    const name = fc.constantFrom(...names)
    const record = fc.oneof(
      fc.tuple(name, name).map(([owner, target]) => `${owner} 60 CNAME ${target}`),
      fc.tuple(name, name).map(([owner, target]) => `${owner} 60 DNAME ${target}`),
      name.map((owner) => `${owner} 60 A 192.0.2.1`),
      name.map((owner) => `${owner} 60 TXT t`),
      fc.tuple(name, fc.constantFrom(1, 5, 16, 39)).map(([owner, covered]) => `${owner} 60 ${sig(covered)}`),
    )
    fc.assert(
      fc.property(
        name,
        fc.constantFrom('A', 'TXT', 'CNAME', 'ANY'),
        fc.array(record, { maxLength: 12 }),
        (qname, type, lines) => {
          const scrubbed = scrubLines(`${qname} ${type}`, lines)
          if (scrubbed.kind === 'invalid') return
          const reached = new Set([qname])
          for (const { rrtype, rdatas } of scrubbed.answer) {
            for (const rdata of rdatas)
              if (rrtype === 5 && rdata.kind === 'CNAME') reached.add(lowerCase(rdata.target))
          }
          const onChain = [...scrubbed.answer].filter(
            ({ rrtype }) => rrtype === 5 || rrtype === 1 || rrtype === 16,
          )
          expect(onChain.every(({ owner }) => reached.has(lowerCase(owner)))).toBe(true)
          const above = scrubbed.answer.filter(({ rrtype }) => rrtype === 39)
          const isAbove = (owner: (typeof above)[number]['owner']) =>
            [...reached].some((passed) => isSubdomain(questionOf(passed).qname, lowerCase(owner)))
          expect(above.every(({ owner }) => isAbove(owner))).toBe(true)
          // Each link is what the one before points to: nothing is reached but from the qname.
          const links = scrubbed.answer.filter(({ rrtype }) => rrtype === 5)
          links.forEach(({ owner }, index) => {
            const before = links[index - 1]?.rdatas[0]
            const expected = before?.kind === 'CNAME' ? before.target : qname
            expect(lowerCase(owner)).toBe(expected)
          })
        },
      ),
    )
  })
})

function chain(links: number): readonly RecordLine[] {
  return Array.from({ length: links }, (_, index) => `n${index}.example. 60 CNAME n${index + 1}.example.`)
}
