// The rules of zone files that SliceDNS and NSD share, held against nsd-checkzone.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { loadZone } from '../../src/zone/load-zone.ts'
import type { ZoneProblem } from '../../src/zone/zone-file/zone-problem.ts'
import { anyZoneText } from '../zone/any-zone.ts'
import { name } from '../wire/packet.ts'
import { hasNsd, nsdLoads } from './nsd.ts'

const hasCheckzone = hasNsd('nsd-checkzone')

/** NSD loads a delegation or DNAME at a wildcard, and a DNAME beside a delegation. */
function isSharedError({ severity, code, message }: ZoneProblem): boolean {
  if (severity === 'warning' || code === 'SLICEDNS_ZONE_WILDCARD') return false
  return !message.includes('has DNAME and NS records')
}

function loads(text: string): boolean {
  return !loadZone(text, { file: 'zone', origin: name('example.') }).problems.some(isSharedError)
}

describe.skipIf(!hasCheckzone)('loadZone and nsd-checkzone', () => {
  test('load and refuse the same zones', () => {
    const texts = fc.sample(anyZoneText, { numRuns: 150, seed: 4592 })
    const verdicts = texts.map((text) => ({ text, ours: loads(text), theirs: nsdLoads(text, 'example.') }))
    expect(verdicts.filter(({ ours, theirs }) => ours !== theirs)).toEqual([])
    const loaded = verdicts.filter(({ ours }) => ours).length
    expect(loaded).toBeGreaterThan(30)
    expect(verdicts.length - loaded).toBeGreaterThan(30)
  })

  const HEAD = '$TTL 60\n@ SOA ns.test. hostmaster 1 2 3 4 5\n@ NS ns.test.\n'
  test.each([
    'a A 192.0.2.1',
    'a IN 60 A 192.0.2.1\nb 60 IN A 192.0.2.1\n  TXT x',
    'a 1h30m TXT "two words" three "a;b" ; comment',
    'a ( TXT\n "x" ; y\n "z" )',
    String.raw`a\.b\065 TXT "\"\\\065" c\;d`,
    '$ORIGIN sub.example.\n@ A 192.0.2.1\nx A 192.0.2.1',
    '$TTL 1w\na A 192.0.2.1',
    String.raw`a TYPE65280 \# 4 0a00 0001` + '\n' + String.raw`a TYPE1 \# 4 c0000201`,
    'a CLASS1 A 192.0.2.1',
    'a HTTPS 1 . alpn="h2,h3" port=443 ipv4hint=192.0.2.1,192.0.2.2 key667="a b"',
    'a SVCB 1 b mandatory=alpn,port alpn=h2 port=53 no-default-alpn',
    String.raw`a SVCB 1 b alpn="f\\\\oo\\,bar,h2"`,
    'a CAA 0 issue "ca.test; account=1"\na NAPTR 1 2 "s" "x" "" b\na DS 1 8 2 00ff 00ff',
    'a DNAME b\na TXT x',
    'a A 192.0.2.256',
    'a A 192.0.2.1 192.0.2.2',
    'a AAAA 192.0.2.1',
    'a..b A 192.0.2.1',
    `${'x'.repeat(64)} A 192.0.2.1`,
    'a NONSENSE b',
    'a MX mail',
    'a SRV 0 0 x b',
    'a TXT',
    'a TXT "open',
    `a TXT "${'x'.repeat(256)}"`,
    'a TXT x )',
    'a DS 1 8 2 0g',
    'a HTTPS 1 . port=65536',
    'a SVCB 1 b ipv4hint=2001:db8::1',
    'a SVCB 1 b alpn=h2 alpn=h3',
    '$ORIGIN a..b\nc A 192.0.2.1',
  ])('agree on %j', (text) => {
    expect(loads(`${HEAD}${text}\n`)).toBe(nsdLoads(`${HEAD}${text}\n`, 'example.'))
  })
})

test.skipIf(hasCheckzone)('nsd-checkzone is not installed: nothing to compare with', () => {
  expect(hasCheckzone).toBe(false)
})
