import { describe, expect, test } from 'vitest'
import { MessageWriter } from '../../src/wire/message-writer.ts'
import { OctetReader } from '../../src/wire/octets.ts'
import { parseRdata } from '../../src/wire/rdata.ts'
import { RrType } from '../../src/wire/rrtype.ts'
import { name, nameOctets } from './packet.ts'
import type { Rdata } from '../../src/wire/rdata.ts'

const HEAD = [...Array.from({ length: 12 }, () => 0), ...nameOctets('example.')]

/** Rdata behind the name `example.` at offset 12, with an octet behind it that is not part of it. */
function read(rrtype: number, rdata: readonly number[]): Rdata | undefined {
  const reader = new OctetReader(Uint8Array.from([...HEAD, ...rdata, 0]), HEAD.length)
  return parseRdata(reader, { rrtype, rrclass: 1, size: rdata.length })
}

const octets = (...values: number[]) => Uint8Array.from(values)

const GOOD: readonly [string, number, readonly number[], Rdata][] = [
  ['DNAME', RrType.DNAME, nameOctets('a.b.'), { kind: 'DNAME', target: name('a.b.') }],
  [
    'NAPTR',
    RrType.NAPTR,
    [0, 1, 0, 2, 1, 0x73, 0, 2, 0x61, 0x62, ...nameOctets('a.')],
    {
      kind: 'NAPTR',
      order: 1,
      preference: 2,
      flags: 's',
      services: '',
      regexp: 'ab',
      replacement: name('a.'),
    },
  ],
  [
    'DS',
    RrType.DS,
    [1, 2, 13, 2, 9, 8],
    { kind: 'DS', keyTag: 258, algorithm: 13, digestType: 2, digest: octets(9, 8) },
  ],
  [
    'SSHFP',
    RrType.SSHFP,
    [4, 2, 9],
    { kind: 'SSHFP', algorithm: 4, fingerprintType: 2, fingerprint: octets(9) },
  ],
  [
    'TLSA',
    RrType.TLSA,
    [3, 1, 1, 9],
    { kind: 'TLSA', usage: 3, selector: 1, matchingType: 1, association: octets(9) },
  ],
  [
    'SVCB',
    RrType.SVCB,
    [0, 1, ...nameOctets('a.'), 0, 3, 0, 2, 1, 0xbb],
    { kind: 'SVCB', priority: 1, target: name('a.'), params: octets(0, 3, 0, 2, 1, 0xbb) },
  ],
  [
    'HTTPS',
    RrType.HTTPS,
    [0, 0, ...nameOctets('a.')],
    { kind: 'HTTPS', priority: 0, target: name('a.'), params: octets() },
  ],
  [
    'CAA',
    RrType.CAA,
    [128, 2, 0x61, 0x62, 0xff, 0],
    { kind: 'CAA', flags: 128, tag: 'ab', value: '\u00ff\u0000' },
  ],
]

describe('parseWholeRdata', () => {
  test.each(GOOD)('reads %s', (_, rrtype, rdata, expected) => {
    expect(read(rrtype, rdata)).toEqual(expected)
  })

  test.each([
    ['DNAME', RrType.DNAME, []],
    ['DNAME', RrType.DNAME, [1, 0x61]],
    ['DNAME', RrType.DNAME, [...nameOctets('a.'), 0]],
    ['DNAME', RrType.DNAME, [0xc0, 40]],
    ['NAPTR', RrType.NAPTR, [0, 1, 0, 2, 200, 0x73]],
    ['NAPTR', RrType.NAPTR, [0, 1, 0, 2, 0, 0, 0]],
    ['DS', RrType.DS, [1, 2, 13]],
    ['SSHFP', RrType.SSHFP, [1]],
    ['TLSA', RrType.TLSA, [1, 2]],
    ['SVCB', RrType.SVCB, [0, 1]],
    ['CAA', RrType.CAA, [0]],
    ['CAA', RrType.CAA, [0, 2, 0x61]],
  ])('refuses %s (%i) of octets %j', (_, rrtype, rdata) => {
    expect(read(rrtype, rdata)).toBeUndefined()
  })

  test.each([
    ['DNAME', RrType.DNAME, [0xc0, 12], { kind: 'DNAME', target: 'example.' }],
    ['NAPTR', RrType.NAPTR, [0, 1, 0, 2, 0, 0, 0, 0xc0, 12], { replacement: 'example.' }],
    ['SVCB', RrType.SVCB, [0, 1, 0xc0, 12, 7], { target: 'example.', params: octets(7) }],
  ])('makes the name in %s (%i) whole (RFC 3597 section 4)', (_, rrtype, rdata, expected) => {
    expect(read(rrtype, rdata)).toMatchObject(expected)
  })
})

describe('composeWholeRdata', () => {
  test.each(GOOD)('writes %s', (_, rrtype, rdata, value) => {
    expect(written(rrtype, value)).toEqual(rdata)
  })

  test('writes names whole that could be compressed (RFC 6672 2.5, RFC 9460 2.2)', () => {
    expect(written(RrType.DNAME, { kind: 'DNAME', target: name('example.') })).toEqual(nameOctets('example.'))
  })

  test.each(GOOD)('leaves %s out of a message that it does not fit into', (_, rrtype, rdata, value) => {
    const writer = new MessageWriter()
    writer.start(12 + 9 + 10 + rdata.length - 1, { id: 0, flags: 0, rcode: 0 })
    expect(writer.writeRecord(name('example.'), rrtype, 0, value)).toBe(false)
  })
})

/** The rdata of a message of one record, owner `example.`. */
function written(rrtype: number, value: Rdata): number[] {
  const writer = new MessageWriter()
  writer.start(512, { id: 0, flags: 0, rcode: 0 })
  expect(writer.writeRecord(name('example.'), rrtype, 0, value)).toBe(true)
  return [...writer.finish().subarray(12 + 9 + 10)]
}
