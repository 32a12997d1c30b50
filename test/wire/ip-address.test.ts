import * as fc from 'fast-check'
import { isIP } from 'node:net'
import { describe, expect, test } from 'vitest'
import { ipFromText, ipToText, ipv4Octets, isIpv4, isIpv4Mapped } from '../../src/wire/ip-address.ts'

describe('ipFromText', () => {
  test.each([
    ['0.0.0.0', 0],
    ['255.255.255.255', 0xffff_ffff],
    ['10.96.0.1', 0x0a60_0001],
    ['::', 0n],
    ['::1', 1n],
    ['1::', 1n << 112n],
    ['FD00:10:96::A', (0xfd00_0010_0096n << 80n) | 10n],
    ['1:2:3:4:5:6:7:8', 0x0001_0002_0003_0004_0005_0006_0007_0008n],
    ['1:2:3:4:5:6:7::', 0x0001_0002_0003_0004_0005_0006_0007_0000n],
    ['::ffff:10.0.0.1', 0xffff_0a00_0001n],
    ['64:ff9b::192.0.2.33', (0x64_ff9bn << 96n) | 0xc000_0221n],
    ['1:2:3:4:5:6:1.2.3.4', 0x0001_0002_0003_0004_0005_0006_0102_0304n],
  ])('reads %s', (text, expected) => {
    expect(ipFromText(text)).toBe(expected)
  })

  test.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.04',
    ' 1.2.3.4',
    '1.2.3.4 ',
    '1.2.3.',
    '0x1.2.3.4',
    '+1.2.3.4',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '::1:2:3:4:5:6:7:8',
    ':1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:',
    '12345::',
    'g::',
    'fe80::1%eth0',
    '::1.2.3',
    '::1.2.3.4:5',
    '1.2.3.4::',
    '::01.2.3.4',
    '[::1]',
  ])('refuses %j', (text) => {
    expect(ipFromText(text)).toBeUndefined()
  })

  test('agrees with node:net on what is an address', () => {
    const piece = fc.constantFrom(
      '0',
      '1',
      'ff',
      'abcd',
      '12345',
      '256',
      '01',
      '::',
      ':',
      '.',
      '.',
      ':',
      ':',
      '1.2.3.4',
    )
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 16 }).map((pieces) => pieces.join('')),
        (text) => {
          expect(ipFromText(text) !== undefined).toBe(isIP(text) !== 0)
        },
      ),
      { numRuns: 3000 },
    )
  })
})

describe('ipToText', () => {
  test.each([
    ['::', '::'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['1:0:0:0:0:0:0:0', '1::'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['0:1:0:1:0:1:0:1', '0:1:0:1:0:1:0:1'],
    ['::ffff:a00:1', '::ffff:10.0.0.1'],
    ['::a00:1', '::a00:1'],
    ['10.0.0.255', '10.0.0.255'],
  ])('writes %s as %s (RFC 5952)', (text, expected) => {
    const address = ipFromText(text)
    expect(address !== undefined && ipToText(address)).toBe(expected)
  })

  test('is what ipFromText reads back', () => {
    const group = fc.constantFrom(0n, 0n, 1n, 0xffffn, 0xabcn)
    const ipv6 = fc
      .array(group, { minLength: 8, maxLength: 8 })
      .map((groups) => groups.reduce<bigint>((sum, next) => (sum << 16n) | next, 0n))
    fc.assert(
      fc.property(fc.oneof(ipv6, fc.integer({ min: 0, max: 0xffff_ffff })), (address) => {
        expect(ipFromText(ipToText(address))).toBe(address)
      }),
    )
  })
})

test('isIpv4 and isIpv4Mapped tell the families apart', () => {
  expect([isIpv4(1), isIpv4(1n)]).toEqual([true, false])
  expect([isIpv4Mapped(0xffff_0a00_0001n), isIpv4Mapped(0x0a00_0001n), isIpv4Mapped(1)]).toEqual([
    true,
    false,
    false,
  ])
})

test('ipv4Octets gives the first octet first', () => {
  expect(ipv4Octets(0xff60_0001)).toEqual([255, 96, 0, 1])
})
