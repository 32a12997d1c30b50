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
    ['https://dns.example/dns-query', /https:\/\/ is not supported/],
    ['ftp://1.1.1.1', /unknown transport "ftp"/],
    ['tls://dns..example', /not an IP address or a host name/],
    ['tls://1.1.1.1:0', /port/],
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

  test.each([
    ['tls://9.9.9.9', '9.9.9.9', 853, undefined],
    ['tls://9.9.9.9%dns.quad9.net', '9.9.9.9', 853, 'dns.quad9.net'],
    ['tls://9.9.9.9%dns.quad9.net:10853', '9.9.9.9', 10853, 'dns.quad9.net'],
    ['tls://[2620:fe::fe]:8853', '2620:fe::fe', 8853, undefined],
    ['tls://[2620:fe::fe%dns.quad9.net]:8853', '2620:fe::fe', 8853, 'dns.quad9.net'],
    ['tls://fe80::1%eth0', 'fe80::1%eth0', 853, undefined],
  ])('reads %s as an upstream over TLS', (text, address, port, serverName) => {
    const upstream = { address, port, tls: { serverName } }
    expect(parseUpstreamAddress(text)).toEqual({ kind: 'upstream', upstream })
  })

  test.each([
    ['dns.google', { hostName: 'dns.google', port: 53 }, true],
    ['resolv.conf', { hostName: 'resolv.conf', port: 53 }, true],
    ['dns.google:5353', { hostName: 'dns.google', port: 5353 }, true],
    ['dns://kube-dns', { hostName: 'kube-dns', port: 53 }, false],
    ['tls://dns.google', { hostName: 'dns.google', port: 853, tls: { serverName: undefined } }, false],
  ])('reads %s as a host name', (text, host, mayBeFile) => {
    expect(parseUpstreamAddress(text)).toEqual({ kind: 'host', host, mayBeFile })
  })

  test.each(['/etc/resolv.conf', '1.1.1', '1.1.1.1.1', '10.0.0.0/8'])(
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
    const tls = { serverName: undefined }
    expect(upstreamToText({ address: '127.0.0.1', port: 853, tls })).toBe('tls://127.0.0.1:853')
  })
})
