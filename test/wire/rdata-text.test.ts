import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rdataFromFields, rdataFromText, rdataToText } from '../../src/wire/rdata-text.ts'
import { rrTypeFromText } from '../../src/wire/rrtype.ts'
import { anyTypedRdata } from './arbitraries.ts'
import { name } from './packet.ts'

const ORIGIN = name('example.')

/** The canonical text of what `text` says below example. */
function canonical(type: string, text: string): string | undefined {
  const rdata = rdataFromText(rrTypeFromText(type) ?? 0, text, ORIGIN)
  return rdata === undefined ? undefined : rdataToText(rdata)
}

describe('rdataFromText and rdataToText', () => {
  test('are each other’s reverse', () => {
    fc.assert(
      fc.property(anyTypedRdata, ({ rrtype, rdata }) => {
        expect(rdataFromText(rrtype, rdataToText(rdata))).toEqual(rdata)
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    ['A', '10.96.0.1', '10.96.0.1'],
    ['AAAA', 'FD00:0::1', 'fd00::1'],
    ['NS', 'ns', 'ns.example.'],
    ['CNAME', '@', 'example.'],
    ['PTR', 'a.b.', 'a.b.'],
    [
      'SOA',
      'ns hostmaster.x. 2024010101 2h 1h30m 1w 5',
      'ns.example. hostmaster.x. 2024010101 7200 5400 604800 5',
    ],
    ['MX', '10\tmail', '10 mail.example.'],
    [
      'TXT',
      String.raw`plain "two words" "" "a\"b\\c\007" \"`,
      String.raw`"plain" "two words" "" "a\"b\\c\007" "\""`,
    ],
    ['TXT', '"안"', String.raw`"\236\149\136"`],
    ['SRV', '0 100 80 web.', '0 100 80 web.'],
    ['HINFO', 'RFC8482 ""', '"RFC8482" ""'],
    ['DNAME', 'other', 'other.example.'],
    ['NAPTR', '100 10 s SIP+D2U "" _sip._udp', '100 10 "s" "SIP+D2U" "" _sip._udp.example.'],
    ['DS', '60485 5 1 2BB183AF 5F22588179A53B0A', '60485 5 1 2bb183af5f22588179a53b0a'],
    ['SSHFP', '2 1 12 34', '2 1 1234'],
    ['TLSA', '3 1 1 AB', '3 1 1 ab'],
    ['CAA', '0 issue "ca.example.net; account=230123"', '0 issue "ca.example.net; account=230123"'],
    ['CAA', '128 tbs Unknown', '128 tbs "Unknown"'],
    ['HTTPS', '1 . alpn="h2,h3" key667="a b"', '1 . alpn=h2,h3 key667="a b"'],
    ['CAA', String.raw`\# 3 000030`, String.raw`\# 3 000030`],
    ['DS', String.raw`\# 4 00010203`, String.raw`\# 4 00010203`],
    ['SVCB', String.raw`\# 4 00010007`, String.raw`\# 4 00010007`],
    ['TYPE1000', String.raw`\# 4 0A0b 0c0d`, String.raw`\# 4 0a0b0c0d`],
    ['TYPE1000', String.raw`\# 0`, String.raw`\# 0`],
    ['A', String.raw`\# 4 0a600001`, '10.96.0.1'],
    ['CNAME', String.raw`\# 3 016100`, 'a.'],
  ])('%s %s is %s', (type, text, expected) => {
    expect(canonical(type, text)).toBe(expected)
  })

  test.each([
    ['A', ''],
    ['A', 'fd00::1'],
    ['A', '10.0.0.1 10.0.0.2'],
    ['AAAA', '10.0.0.1'],
    ['NS', 'a..b'],
    ['MX', 'mail'],
    ['MX', '65536 mail'],
    ['MX', '-1 mail'],
    ['SRV', '0 100 http web'],
    ['SOA', 'ns hostmaster 1 2 3 4'],
    ['SOA', 'ns hostmaster 4294967296 2 3 4 5'],
    ['SOA', 'ns hostmaster 1 2x 3 4 5'],
    ['TXT', ''],
    ['TXT', '"open'],
    ['TXT', `"${'x'.repeat(256)}"`],
    ['TXT', String.raw`"\256"`],
    ['TXT', String.raw`"\25"`],
    ['HINFO', 'cpu'],
    ['DS', '1 2 3'],
    ['DS', '1 256 3 00'],
    ['TLSA', '3 1 1 abc'],
    ['CAA', '0 issue'],
    ['CAA', '0 is-sue "x"'],
    ['CAA', '256 issue "x"'],
    ['SVCB', '1'],
    ['HTTPS', '1 . alpn= h2'],
    ['TYPE1000', '0a0b'],
    ['TYPE1000', String.raw`\# 3 0a0b`],
    ['TYPE1000', String.raw`\# 1 0g`],
    ['A', String.raw`\# 3 0a6000`],
  ])('%s refuses %j', (type, text) => {
    expect(canonical(type, text)).toBeUndefined()
  })

  test('rdataFromFields takes fields whose quotes are off', () => {
    expect(rdataFromFields(16, ['two words', String.raw`\"`], ORIGIN)).toEqual({
      kind: 'TXT',
      strings: ['two words', '"'],
    })
  })
})
