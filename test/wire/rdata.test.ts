import { describe, expect, test } from 'vitest'
import { OctetReader } from '../../src/wire/octets.ts'
import { parseRdata } from '../../src/wire/rdata.ts'
import { RrType } from '../../src/wire/rrtype.ts'
import { name, nameOctets } from './packet.ts'
import type { Rdata } from '../../src/wire/rdata.ts'

/** Rdata that stands alone, with an octet behind it that is not part of it. */
function read(rrtype: number, octets: readonly number[], rrclass = 1): Rdata | undefined {
  const reader = new OctetReader(Uint8Array.from([...octets, 0]))
  return parseRdata(reader, { rrtype, rrclass, size: octets.length })
}

const TIMES = [0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5]
const GOOD: readonly [string, number, readonly number[], Rdata][] = [
  ['A', RrType.A, [10, 96, 0, 1], { kind: 'A', address: 0x0a60_0001 }],
  [
    'AAAA',
    RrType.AAAA,
    [0xfd, ...Array.from({ length: 14 }, () => 0), 1],
    { kind: 'AAAA', address: (0xfdn << 120n) | 1n },
  ],
  ['NS', RrType.NS, nameOctets('a.'), { kind: 'NS', target: name('a.') }],
  ['CNAME', RrType.CNAME, nameOctets('A.b.'), { kind: 'CNAME', target: name('A.b.') }],
  ['PTR', RrType.PTR, nameOctets('.'), { kind: 'PTR', target: name('.') }],
  [
    'SOA',
    RrType.SOA,
    [...nameOctets('a.'), ...nameOctets('b.'), ...TIMES],
    {
      kind: 'SOA',
      mname: name('a.'),
      rname: name('b.'),
      serial: 1,
      refresh: 2,
      retry: 3,
      expire: 4,
      minimum: 5,
    },
  ],
  ['MX', RrType.MX, [0, 10, ...nameOctets('a.')], { kind: 'MX', preference: 10, exchange: name('a.') }],
  ['TXT', RrType.TXT, [1, 0xff, 0, 2, 0x61, 0x62], { kind: 'TXT', strings: ['\u00ff', '', 'ab'] }],
  [
    'SRV',
    RrType.SRV,
    [0, 1, 0, 2, 0xff, 0xff, ...nameOctets('a.')],
    { kind: 'SRV', priority: 1, weight: 2, port: 0xffff, target: name('a.') },
  ],
  ['HINFO', RrType.HINFO, [1, 0x61, 0], { kind: 'HINFO', cpu: 'a', os: '' }],
]

describe('parseRdata', () => {
  test.each(GOOD)('reads %s', (_, rrtype, octets, expected) => {
    expect(read(rrtype, octets)).toEqual(expected)
  })

  test.each(GOOD)('refuses %s that is one octet longer, or cut anywhere', (kind, rrtype, octets) => {
    // An octet 0x40 is neither an empty string nor a name.
    expect(read(rrtype, [...octets, 0x40])).toBeUndefined()
    for (let size = 0; size < octets.length; size++) {
      const parsed = read(rrtype, octets.slice(0, size))
      // A TXT cut between two of its strings is a TXT.
      if (kind === 'TXT' && (size === 2 || size === 3)) expect(parsed).toMatchObject({ kind: 'TXT' })
      else expect(parsed).toBeUndefined()
    }
  })

  test('keeps types that it does not know as octets, of any length', () => {
    expect(read(1000, [1, 2, 3])).toEqual({ kind: 'OPAQUE', octets: Uint8Array.of(1, 2, 3) })
    expect(read(1000, [])).toEqual({ kind: 'OPAQUE', octets: new Uint8Array(0) })
  })

  test.each([RrType.A, RrType.AAAA, RrType.SRV])(
    'keeps type %i of another class than IN as octets',
    (rrtype) => {
      expect(read(rrtype, [1, 2], 3)).toEqual({ kind: 'OPAQUE', octets: Uint8Array.of(1, 2) })
    },
  )

  test('refuses a size beyond the message', () => {
    expect(
      parseRdata(new OctetReader(Uint8Array.of(1, 2)), { rrtype: 1000, rrclass: 1, size: 3 }),
    ).toBeUndefined()
  })
})

describe('names in types kept as octets (RFC 3597 section 4)', () => {
  const HEAD = [...Array.from({ length: 12 }, () => 0), ...nameOctets('example.')]

  function behind(rrtype: number, rdata: readonly number[]): Rdata | undefined {
    const reader = new OctetReader(Uint8Array.from([...HEAD, ...rdata]), HEAD.length)
    return parseRdata(reader, { rrtype, rrclass: 1, size: rdata.length })
  }

  test.each([
    ['MINFO', 14, [1, 0x61, 0xc0, 12, 0xc0, 12], [...nameOctets('a.example.'), ...nameOctets('example.')]],
    ['AFSDB', 18, [0, 1, 0xc0, 12], [0, 1, ...nameOctets('example.')]],
    ['MB', 7, [0xc0, 12], nameOctets('example.')],
    ['NXT', 30, [0xc0, 12, 7, 8], [...nameOctets('example.'), 7, 8]],
  ])('are made whole in %s', (_, rrtype, rdata, whole) => {
    expect(behind(rrtype, rdata)).toEqual({ kind: 'OPAQUE', octets: Uint8Array.from(whole) })
  })

  test('are refused when malformed', () => {
    expect(behind(7, [0xc0, 40])).toBeUndefined()
    expect(behind(18, [0])).toBeUndefined()
  })

  test('may be missing altogether, as in UPDATE', () => {
    expect(behind(7, [])).toEqual({ kind: 'OPAQUE', octets: new Uint8Array(0) })
  })
})
