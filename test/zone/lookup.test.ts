import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadZone } from '../../src/zone/load-zone.ts'
import { MAX_CNAME_LINKS } from '../../src/zone/cname-chain.ts'
import { name } from '../wire/packet.ts'
import { anyZoneText, coherentZoneText, probes } from './any-zone.ts'
import { ask, lines, zoneOf } from './ask-zone.ts'

const TYPES = 'A AAAA NS CNAME SOA MX TXT SRV DNAME DS ANY TYPE65280'.split(' ')
const HEAD = '$TTL 60\n@ SOA ns.test. hostmaster 1 2 3 4 30\n@ NS ns.test.\n'

const chainOf = (links: number) =>
  Array.from({ length: links }, (_, index) => `c${index} CNAME c${index + 1}`).join('\n')

describe('lookup', () => {
  test('follows chains of 12 links and no more', () => {
    const zone = zoneOf(`${HEAD}${chainOf(MAX_CNAME_LINKS)}\nc${MAX_CNAME_LINKS} A 192.0.2.1`)
    const whole = ask(zone, 'c0.example. A')
    expect([whole.kind, whole.answer.length]).toEqual(['positive', MAX_CNAME_LINKS + 1])
    const long = ask(
      zoneOf(`${HEAD}${chainOf(MAX_CNAME_LINKS + 1)}\nc${MAX_CNAME_LINKS + 1} A 192.0.2.1`),
      'c0.example. A',
    )
    expect([long.kind, long.answer.length]).toEqual(['failure', MAX_CNAME_LINKS + 1])
    expect(long.reason.text).toContain('more than 12 links')
  })

  test('stops where a chain comes back', () => {
    const zone = zoneOf(`${HEAD}a CNAME B\nb CNAME c\nc CNAME A`)
    expect(lines(ask(zone, 'A.example. MX').answer)).toEqual([
      'A.example. 60 IN CNAME B.example.',
      'B.example. 60 IN CNAME c.example.',
      'c.example. 60 IN CNAME A.example.',
    ])
    expect(ask(zone, 'a.example. MX').kind).toBe('failure')
    expect(ask(zone, 'a.example. CNAME').kind).toBe('positive')
  })

  test('says what is to be asked next where a chain leaves the zone', () => {
    const answer = ask(zoneOf(`${HEAD}a CNAME b\nb CNAME X.test.`), 'a.example. A')
    expect([answer.kind, answer.target, answer.answer.length, answer.authority]).toEqual([
      'cname',
      'X.test.',
      2,
      [],
    ])
  })

  test.each([
    ['CNAME', 'CNAME b', 'CNAME'],
    ['A before AAAA', 'AAAA 2001:db8::1\na A 192.0.2.1', 'A'],
    ['TXT before MX', 'MX 1 b\na TXT x', 'TXT'],
    ['the lowest of other types', 'CAA 0 issue x\na MX 1 b', 'MX'],
  ])('gives ANY one RRset: %s (RFC 8482)', (_, data, type) => {
    const { answer } = ask(zoneOf(`${HEAD}a ${data}`), 'a.example. ANY')
    expect(lines(answer).map((line) => line.split(' ')[3])).toEqual([type])
  })

  test('gives a SOA by its own TTL, and denies with min(TTL, MINIMUM)', () => {
    const zone = zoneOf(HEAD)
    expect(lines(ask(zone, 'eXample. SOA').answer)).toEqual([
      'eXample. 60 IN SOA ns.test. hostmaster.example. 1 2 3 4 30',
    ])
    expect(lines(ask(zone, 'x.eXample. SOA').authority)).toEqual([
      'eXample. 30 IN SOA ns.test. hostmaster.example. 1 2 3 4 30',
    ])
  })

  test('serves the root zone', () => {
    const zone = zoneOf(
      '. 60 SOA a. b. 1 2 3 4 30\n. 60 NS a.\na. 60 A 192.0.2.1\n*.w. 60 TXT x\nd. 60 NS a.',
      '.',
    )
    expect(
      ['. NS', 'a. A', 'x. A', 'x.y.w. TXT', 'x.d. A', 'w. A', '. A'].map(
        (question) => ask(zone, question).kind,
      ),
    ).toEqual(['positive', 'positive', 'nxdomain', 'positive', 'referral', 'nodata', 'nodata'])
  })
})

describe('lookup in zones of any shape', () => {
  /** Every kind of answer, so that a property that never met one fails. */
  const met = new Set<string>()

  test('never throws, and every zone that was refused has an error', () => {
    let served = 0
    fc.assert(
      fc.property(anyZoneText, (text) => {
        const { zone, problems } = loadZone(text, { file: 'zone', origin: name('example.') })
        if (zone === undefined) return problems.some(({ severity }) => severity === 'error')
        served++
        return probes.every((probe) =>
          TYPES.every((type) => ask(zone, `${probe} ${type}`).reason.text !== ''),
        )
      }),
    )
    expect(served).toBeGreaterThan(10)
  })

  test('denies a name for every type or for none', () => {
    fc.assert(
      fc.property(coherentZoneText, (text) => {
        const zone = zoneOf(text)
        for (const probe of probes) {
          const kinds = TYPES.filter((type) => type !== 'CNAME' && type !== 'ANY').map(
            (type) => ask(zone, `${probe} ${type}`).kind,
          )
          for (const kind of kinds) met.add(kind)
          const isDenied = kinds.includes('nxdomain')
          // A DS is asked of this zone although the name is delegated.
          expect([probe, kinds.every((kind) => (kind === 'nxdomain') === isDenied)]).toEqual([probe, true])
        }
      }),
      { numRuns: 150 },
    )
    expect([...met].toSorted()).toEqual(['cname', 'failure', 'nodata', 'nxdomain', 'positive', 'referral'])
  })

  test('lets every name above one that exists exist', () => {
    fc.assert(
      fc.property(coherentZoneText, (text) => {
        const zone = zoneOf(text)
        for (const owner of zone.nodes.keys()) {
          for (let at = owner; at !== 'example.'; at = name(at.slice(at.search(/(?<!\\)\./) + 1) || '.')) {
            const { kind, answer } = ask(zone, `${at} TYPE65280`)
            expect([at, kind === 'nxdomain' && answer.length === 0]).toEqual([at, false])
          }
        }
      }),
      { numRuns: 60 },
    )
  })

  test('has the SOA in authority exactly where it is negative, and the servers of the cut in a referral', () => {
    fc.assert(
      fc.property(coherentZoneText, (text) => {
        const zone = zoneOf(text)
        for (const question of probes.flatMap((probe) => [`${probe} MX`, `${probe} NS`])) {
          const { kind, authority } = ask(zone, question)
          const types = lines(authority).map((line) => line.split(' ')[3])
          if (kind === 'nodata' || kind === 'nxdomain') expect(types).toEqual(['SOA'])
          else if (kind === 'referral') expect(new Set(types)).toEqual(new Set(['NS']))
          else expect(types).toEqual([])
        }
      }),
      { numRuns: 60 },
    )
  })

  test('is the same in another letter case, the owner as asked', () => {
    fc.assert(
      fc.property(coherentZoneText, (text) => {
        const zone = zoneOf(text)
        for (const probe of probes) {
          const [lower, upper] = [
            ask(zone, `${probe.toLowerCase()} A`),
            ask(zone, `${probe.toUpperCase()} A`),
          ]
          expect(lines(upper.answer).join('\n').toLowerCase()).toBe(
            lines(lower.answer).join('\n').toLowerCase(),
          )
          const [first] = upper.answer
          if (first?.rrtype === 1) expect(first.owner).toBe(probe.toUpperCase())
        }
      }),
      { numRuns: 30 },
    )
  })
})
