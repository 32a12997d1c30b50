import { describe, expect, test } from 'vitest'

import { parseUpstreamAddress, upstreamToText } from '../../src/forward/upstream-address.ts'

describe('parseUpstreamAddress', () => {
  test.each([
    ['8.8.8.8', '8.8.8.8', 53],
    ['8.8.8.8:5353', '8.8.8.8', 5353],
    ['::1', '::1', 53],
    ['[::1]', '::1', 53],
    ['[::1]:54', '::1', 54],
    ['fe80::1%eth0', 'fe80::1%eth0', 53],
    ['[fe80::1%eth0]:54', 'fe80::1%eth0', 54],
    ['dns://1.1.1.1', '1.1.1.1', 53],
    ['DNS://[2001:db8::1]:5300', '2001:db8::1', 5300],
  ])('reads %s', (text, address, port) => {
    expect(parseUpstreamAddress(text)).toEqual({ kind: 'upstream', upstream: { address, port } })
  })

  test.each([
    ['tls://1.1.1.1', /comes later/],
    ['https://dns.example/dns-query', /comes later/],
    ['ftp://1.1.1.1', /unknown transport "ftp"/],
    ['dns://dns.example', /host names are not looked up/],
    ['[1.1.1.1]:53', /brackets/],
    ['1.1.1.1:0', /port/],
    ['1.1.1.1:65536', /port/],
    ['1.1.1.1:', /port/],
    ['1.1.1.1:dns', /port/],
    ['[::1]:', /port/],
    ['[::1]54', /not an IP address/],
  ])('refuses %s and says why', (text, message) => {
    const parsed = parseUpstreamAddress(text)
    expect(parsed).toMatchObject({ kind: 'error', text: expect.stringMatching(message) })
  })

  test.each(['/etc/resolv.conf', 'dns.google', 'dns.google:53', '1.1.1', '10.0.0.0/8'])(
    'leaves it open whether %s is a file',
    (text) => {
      expect(parseUpstreamAddress(text)).toMatchObject({ kind: 'error', mayBeFile: true })
    },
  )
})

describe('upstreamToText', () => {
  test('puts brackets around IPv6 addresses only', () => {
    expect(upstreamToText({ address: '127.0.0.1', port: 53 })).toBe('127.0.0.1:53')
    expect(upstreamToText({ address: 'fe80::1%eth0', port: 54 })).toBe('[fe80::1%eth0]:54')
  })
})
