import { describe, expect, test } from 'vitest'
import { loadZone } from '../../src/zone/load-zone.ts'
import { name } from '../wire/packet.ts'

const HEAD = '@ 60 SOA ns.test. hostmaster 1 2 3 4 5\n@ 60 NS ns.test.\n'

/** `error 3 CNAME` for each problem, its line counted from the top of the text. */
function problemsOf(text: string): readonly string[] {
  const { zone, problems } = loadZone(text, { file: 'zone', origin: name('example.') })
  const isRefused = problems.some(({ severity }) => severity === 'error')
  expect(zone === undefined).toBe(isRefused)
  return problems.map(
    ({ severity, code, position }) => `${severity} ${position.line} ${code.slice('SLICEDNS_ZONE_'.length)}`,
  )
}

describe('checkZone refuses', () => {
  test.each([
    ['a zone without a SOA', '@ 60 NS ns.test.', ['error 1 SOA']],
    ['an empty text', '', ['error 1 SOA', 'warning 1 NS']],
    ['two SOAs', `${HEAD}@ 60 SOA b b 1 2 3 4 5`, ['error 1 SOA']],
    ['a SOA below the apex', `${HEAD}a 60 SOA b b 1 2 3 4 5`, ['error 3 SOA']],
    [
      'what is not in the zone',
      `${HEAD}a.test. 60 A 192.0.2.1\nxexample. 60 A 192.0.2.1`,
      ['error 3 OUT_OF_ZONE', 'error 4 OUT_OF_ZONE'],
    ],
    ['a CNAME beside other data', `${HEAD}a 60 CNAME b\na 60 A 192.0.2.1`, ['error 3 CNAME']],
    ['other data beside a CNAME', `${HEAD}a 60 A 192.0.2.1\nA 60 CNAME b`, ['error 4 CNAME']],
    ['a CNAME at the apex', `${HEAD}@ 60 CNAME b`, ['error 3 CNAME']],
    ['two CNAMEs', `${HEAD}a 60 CNAME b\na 60 CNAME c`, ['error 3 CNAME']],
    ['two DNAMEs', `${HEAD}a 60 DNAME b\na 60 DNAME c`, ['error 3 DNAME']],
    ['DNAME and CNAME at one name', `${HEAD}a 60 DNAME b\na 60 CNAME b`, ['error 4 CNAME']],
    [
      'DNAME at a delegation',
      `${HEAD}a 60 NS ns.test.\na 60 DNAME b`,
      ['error 4 DNAME', 'warning 4 OCCLUDED'],
    ],
    [
      'names below a DNAME',
      `${HEAD}a 60 DNAME b\nx.a 60 A 192.0.2.1\ny.z.a 60 A 192.0.2.1`,
      ['error 4 DNAME', 'error 5 DNAME'],
    ],
    ['a wildcard delegation', `${HEAD}* 60 NS ns.test.`, ['error 3 WILDCARD']],
    ['a wildcard DNAME', `${HEAD}*.a 60 DNAME b`, ['error 3 WILDCARD']],
  ])('%s', (_, text, expected) => {
    expect(problemsOf(text).toSorted()).toEqual(expected.toSorted())
  })
})

describe('checkZone warns of', () => {
  test.each([
    ['an apex without NS', '@ 60 SOA ns.test. b 1 2 3 4 5', ['warning 1 NS']],
    ['TTLs that differ', `${HEAD}a 60 A 192.0.2.1\na 30 A 192.0.2.2`, ['warning 4 TTL_DIFFERS']],
    ['data at a delegation', `${HEAD}a 60 NS ns.test.\na 60 TXT x`, ['warning 4 OCCLUDED']],
    ['data below a delegation', `${HEAD}a 60 NS ns.test.\nb.a 60 CNAME x`, ['warning 4 OCCLUDED']],
    ['servers below their own delegation without glue', `${HEAD}a 60 NS ns.a`, ['warning 3 GLUE']],
    ['servers of the zone that do not exist', `${HEAD}@ 60 NS ns`, ['warning 2 GLUE']],
    [
      'servers that are aliases',
      `${HEAD}a 60 MX 1 b\nb 60 CNAME c\nc 60 A 192.0.2.1`,
      ['warning 3 TARGET_ALIAS'],
    ],
  ])('%s', (_, text, expected) => {
    expect(problemsOf(text)).toEqual(expected)
  })
})

describe('checkZone has nothing against', () => {
  test.each([
    [
      'DNSSEC types beside a CNAME',
      String.raw`a 60 CNAME b` +
        '\n' +
        String.raw`a 60 NSEC \# 4 01610000` +
        '\n' +
        String.raw`a 60 RRSIG \# 4 01610000`,
    ],
    [
      'glue, DS and addresses at a delegation',
      'a 60 NS ns.a\nns.a 60 A 192.0.2.1\na 60 DS 1 8 2 00\na 60 A 192.0.2.2',
    ],
    [
      'servers in another delegation, by wildcard or below a DNAME',
      'a 60 NS ns.b\nb 60 NS ns.test.\nc 60 NS x.w\n*.w 60 A 192.0.2.1\nd 60 NS x.e\ne 60 DNAME test.',
    ],
    ['a zone that names itself as its server (RFC 6303 3)', '@ 60 NS @'],
    ['a DNAME at the apex alone', '@ 60 DNAME test.'],
    ['names beside a DNAME', 'a 60 DNAME test.\na 60 TXT x\nba 60 A 192.0.2.1'],
    ['wildcards and names below them', '* 60 A 192.0.2.1\na.* 60 TXT x\n*.* 60 CNAME b'],
    ['mail servers that do not exist', '@ 60 MX 1 mail'],
  ])('%s', (_, text) => {
    expect(problemsOf(HEAD + text)).toEqual([])
  })

  test('what cannot be known while lines are wrong', () => {
    expect(problemsOf('@ 60 SOA ns\n@ 60 NS ns')).toEqual(['error 1 RDATA'])
  })
})
