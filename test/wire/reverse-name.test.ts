import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ipFromText, isIpv4Mapped } from '../../src/wire/ip-address.ts'
import {
  addressFromReverseName,
  parseCidr,
  reverseName,
  reverseZonesOfCidr,
} from '../../src/wire/reverse-name.ts'
import { name } from './packet.ts'

const NIBBLES = '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.6.9.0.0.0.1.0.0.0.0.d.f'

describe('reverseName', () => {
  test.each([
    ['153.110.199.185', '185.199.110.153.in-addr.arpa.'],
    ['0.0.0.0', '0.0.0.0.in-addr.arpa.'],
    ['fd00:10:96::1', `${NIBBLES}.ip6.arpa.`],
  ])('of %s is %s', (text, expected) => {
    const address = ipFromText(text)
    expect(address !== undefined && reverseName(address)).toBe(expected)
  })
})

describe('addressFromReverseName', () => {
  test('reads what reverseName writes', () => {
    const ipv6 = fc.bigInt(0n, (1n << 128n) - 1n).filter((address) => !isIpv4Mapped(address))
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: 0, max: 0xffff_ffff }), ipv6), (address) => {
        expect(addressFromReverseName(reverseName(address))).toBe(address)
      }),
    )
  })

  test.each([
    '1.2.3.4.5.in-addr.arpa.',
    '2.3.4.in-addr.arpa.',
    '256.0.0.10.in-addr.arpa.',
    '01.0.0.10.in-addr.arpa.',
    'x.0.0.10.in-addr.arpa.',
    'in-addr.arpa.',
    'ip6.arpa.',
    `${NIBBLES.slice(2)}.ip6.arpa.`,
    `0.${NIBBLES}.ip6.arpa.`,
    `g${NIBBLES.slice(1)}.ip6.arpa.`,
    `10${NIBBLES.slice(1)}.ip6.arpa.`,
    'web.default.svc.cluster.local.',
    '.',
  ])('T17 %s stands for no address', (text) => {
    expect(addressFromReverseName(name(text))).toBeUndefined()
  })

  test('an IPv4-mapped address has no reverse name', () => {
    expect(addressFromReverseName(reverseName(0xffff_0a00_0001n))).toBeUndefined()
  })
})

describe('parseCidr', () => {
  test.each([
    ['10.96.0.0/12', { address: 0x0a60_0000, prefixLength: 12 }],
    ['10.111.2.3/12', { address: 0x0a60_0000, prefixLength: 12 }],
    ['255.255.255.255/32', { address: 0xffff_ffff, prefixLength: 32 }],
    ['1.2.3.4/0', { address: 0, prefixLength: 0 }],
    ['fd00::1/8', { address: 0xfdn << 120n, prefixLength: 8 }],
    ['::1/128', { address: 1n, prefixLength: 128 }],
  ])('reads %s, bits behind the prefix cleared', (text, expected) => {
    expect(parseCidr(text)).toEqual(expected)
  })

  test.each([
    '10.96.0.0',
    '10.96.0.0/',
    '10.96.0.0/33',
    '::/129',
    '/8',
    '10.0.0/8',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    'a/8',
  ])('refuses %j', (text) => {
    expect(parseCidr(text)).toBeUndefined()
  })
})

describe('reverseZonesOfCidr', () => {
  test.each([
    ['10.0.0.0/8', ['10.in-addr.arpa.']],
    ['10.96.0.0/15', ['96.10.in-addr.arpa.', '97.10.in-addr.arpa.']],
    ['192.168.1.0/24', ['1.168.192.in-addr.arpa.']],
    ['192.168.1.254/31', ['254.1.168.192.in-addr.arpa.', '255.1.168.192.in-addr.arpa.']],
    ['0.0.0.0/0', ['in-addr.arpa.']],
    ['::/0', ['ip6.arpa.']],
    ['fd00::/8', ['d.f.ip6.arpa.']],
    ['fc00::/7', ['c.f.ip6.arpa.', 'd.f.ip6.arpa.']],
  ])('of %s are %j', (text, expected) => {
    const cidr = parseCidr(text)
    expect(cidr !== undefined && reverseZonesOfCidr(cidr)).toEqual(expected)
  })

  test('of 10.96.0.0/12 run from 96.10 to 111.10', () => {
    const cidr = parseCidr('10.96.0.0/12')
    const zones = cidr === undefined ? [] : reverseZonesOfCidr(cidr)
    expect(zones).toEqual(Array.from({ length: 16 }, (_, step) => `${96 + step}.10.in-addr.arpa.`))
  })
})
