import { describe, expect, test } from 'vitest'
import { rdataFromText, rdataToText } from '../../src/wire/rdata-text.ts'
import { svcParamsFromFields, svcParamsToText } from '../../src/wire/svc-params.ts'
import { RrType } from '../../src/wire/rrtype.ts'

/** The canonical text of `text` as the rdata of an SVCB record. */
function canonical(text: string): string | undefined {
  const rdata = rdataFromText(RrType.SVCB, text)
  return rdata === undefined ? undefined : rdataToText(rdata)
}

function hex(text: string): string | undefined {
  const rdata = rdataFromText(RrType.SVCB, text)
  return rdata?.kind === 'SVCB' ? Buffer.from(rdata.params).toString('hex') : undefined
}

describe('svcParamsFromFields and svcParamsToText', () => {
  // The values of RFC 9460 appendix D.2, without the names around them.
  test.each([
    ['16 foo. port=53', '0003 0002 0035'],
    ['1 foo. key667=hello', '029b 0005 68656c6c6f'],
    [String.raw`1 foo. key667="hello\210qoo"`, '029b 0009 68656c6c6fd2716f6f'],
    [
      '1 foo. ipv6hint="2001:db8::1,2001:db8::53:1"',
      '0006 0020 20010db8000000000000000000000001 20010db8000000000000000000530001',
    ],
    [
      '16 foo. alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1',
      '0000 0004 0001 0004 0001 0009 02 6832 05 68332d3139 0004 0004 c0000201',
    ],
    [String.raw`16 foo. alpn="f\\\\oo\\,bar,h2"`, '0001 000c 08 665c6f6f2c626172 02 6832'],
    [String.raw`16 foo. alpn=f\\\092oo\092,bar,h2`, '0001 000c 08 665c6f6f2c626172 02 6832'],
  ])('%s', (text, octets) => {
    expect(hex(text)).toBe(octets.replaceAll(' ', ''))
    expect(hex(canonical(text) ?? '')).toBe(octets.replaceAll(' ', ''))
  })

  test.each([
    ['0 a.', '0 a.'],
    ['1 . alpn="h2,h3" port=443', '1 . alpn=h2,h3 port=443'],
    ['1 . port=443 alpn=h2 no-default-alpn', '1 . alpn=h2 no-default-alpn port=443'],
    ['1 . ech=AEX+ dohpath="/dns-query{?dns}" ohttp', '1 . ech=AEX+ dohpath="/dns-query{?dns}" ohttp'],
    ['1 . key3="x"', '1 . key3=x'],
    ['1 . KEY9', '1 . key9'],
  ])('write %s as %s', (text, expected) => {
    expect(canonical(text)).toBe(expected)
  })

  // RFC 9460 appendix D.3 among them.
  test.each([
    '1 foo. key123=abc key123=def',
    '1 foo. mandatory',
    '1 foo. alpn',
    '1 foo. port',
    '1 foo. ipv4hint',
    '1 foo. ipv6hint',
    '1 foo. no-default-alpn=abc alpn=h2',
    '1 foo. no-default-alpn',
    '1 foo. mandatory=key123',
    '1 foo. mandatory=mandatory',
    '1 foo. mandatory=key123,key123 key123=abc',
    '1 foo. nonsense=1',
    '1 foo. key65535=a',
    '1 foo. key01=a',
    '1 foo. port=65536',
    '1 foo. ipv4hint=::1',
    '1 foo. ipv6hint=192.0.2.1',
    '1 foo. ech=A',
    '1 foo. alpn=h2,',
    String.raw`1 foo. alpn="h2\\"`,
    `1 foo. alpn=${'x'.repeat(256)}`,
  ])('refuse %s', (text) => {
    expect(canonical(text)).toBeUndefined()
  })

  test('refuse more than 65535 octets', () => {
    expect(svcParamsFromFields([`key99=${'x'.repeat(65_532)}`])).toBeUndefined()
  })

  test.each([
    ['keys out of order', [0, 3, 0, 0, 0, 1, 0, 0]],
    ['a key twice', [0, 9, 0, 0, 0, 9, 0, 0]],
    ['a value that is cut off', [0, 9, 0, 2, 1]],
    ['the reserved key', [0xff, 0xff, 0, 0]],
    ['no-default-alpn alone', [0, 2, 0, 0]],
  ])('have no text for %s', (_, octets) => {
    expect(svcParamsToText(Uint8Array.from(octets))).toBeUndefined()
  })
})
