import { describe, expect, test } from 'vitest'
import { parseServerKey, portOfKey } from '../../src/config/server-key.ts'
import { configErrorOf } from './config-error-of.ts'

const POSITION = { file: 'Corefile', line: 2, column: 3 }

describe('parseServerKey', () => {
  test.each<readonly [string, string, readonly string[], number | undefined]>([
    ['.', 'dns', ['.'], undefined],
    ['.:53', 'dns', ['.'], 53],
    ['.:0', 'dns', ['.'], 0],
    ['Example.ORG', 'dns', ['example.org.'], undefined],
    ['example.org.:1053', 'dns', ['example.org.'], 1053],
    ['dns://.:1053', 'dns', ['.'], 1053],
    ['tls://example.org', 'tls', ['example.org.'], undefined],
    ['https://.', 'https', ['.'], undefined],
    ['https3://.', 'https3', ['.'], undefined],
    ['grpc://.:443', 'grpc', ['.'], 443],
    ['quic://.', 'quic', ['.'], undefined],
    ['10.0.0.0/8', 'dns', ['10.in-addr.arpa.'], undefined],
    ['10.1.2.3/24', 'dns', ['2.1.10.in-addr.arpa.'], undefined],
    ['10.0.0.0/8:1053', 'dns', ['10.in-addr.arpa.'], 1053],
    ['dns://10.0.0.0/15:53', 'dns', ['0.10.in-addr.arpa.', '1.10.in-addr.arpa.'], 53],
    ['fd00::/8', 'dns', ['d.f.ip6.arpa.'], undefined],
    ['2001:db8::/32:53', 'dns', ['8.b.d.0.1.0.0.2.ip6.arpa.'], 53],
    ['fd00::1/7', 'dns', ['c.f.ip6.arpa.', 'd.f.ip6.arpa.'], undefined],
    ['0/26.2.0.192.in-addr.arpa', 'dns', ['0/26.2.0.192.in-addr.arpa.'], undefined],
  ])('%s', (text, transport, zones, port) => {
    expect(parseServerKey(text, POSITION)).toEqual({ text, transport, zones, port, position: POSITION })
  })

  test.each([
    ['example.org:', '"" in "example.org:" is not a port', 'a port is a number from 0 to 65535'],
    [
      'example.org:domain',
      '"domain" in "example.org:domain" is not a port',
      'a port is a number from 0 to 65535',
    ],
    ['.:65536', '"65536" in ".:65536" is not a port', 'a port is a number from 0 to 65535'],
    ['.:-1', '"-1" in ".:-1" is not a port', 'a port is a number from 0 to 65535'],
    [':53', 'no zone before the port in ":53"', 'for all names write .:53'],
    ['dsn://.', 'unknown transport "dsn"', 'did you mean "dns"?'],
    [
      'carrier-pigeon://.',
      'unknown transport "carrier-pigeon"',
      'known are dns, tls, https, https3, grpc, quic',
    ],
    [
      'tls://',
      '"" is not a zone',
      'write a domain name of labels up to 63 octets, 255 in all, such as example.org',
    ],
    [
      'a..b',
      '"a..b" is not a zone',
      'write a domain name of labels up to 63 octets, 255 in all, such as example.org',
    ],
    ['.{', '".{" is not a zone', 'put a space before the brace'],
    ['a{', '"a{" is not a zone', 'put a space before the brace'],
    ['a,b', '"a,b" is not a zone', 'put a space after each comma'],
    [
      '10.0.0.0/33',
      '"10.0.0.0/33" is not a zone',
      'a CIDR is a whole address and a prefix length, such as 10.0.0.0/8 or fd00::/8',
    ],
    [
      '10.0/8',
      '"10.0/8" is not a zone',
      'a CIDR is a whole address and a prefix length, such as 10.0.0.0/8 or fd00::/8',
    ],
    [
      'fd00::/129',
      '"fd00::/129" is not a zone',
      'a CIDR is a whole address and a prefix length, such as 10.0.0.0/8 or fd00::/8',
    ],
    [
      'fd00::1',
      '"fd00:" is not a zone',
      'a CIDR is a whole address and a prefix length, such as 10.0.0.0/8 or fd00::/8',
    ],
    [
      'a b',
      '"a b" is not a zone',
      'write a domain name of labels up to 63 octets, 255 in all, such as example.org',
    ],
  ])('%s is an error', (text, what, hint) => {
    const error = configErrorOf(() => parseServerKey(text, POSITION))
    expect(error).toMatchObject({ code: 'SLICEDNS_CONFIG_SERVER_KEY', what, hint, position: POSITION })
  })
})

describe('portOfKey', () => {
  test.each([
    ['.', 1053],
    ['.:53', 53],
    ['.:0', 0],
    ['tls://.', 853],
    ['quic://.', 853],
    ['https://.', 443],
    ['https3://.', 443],
    ['grpc://.', 443],
    ['tls://.:8853', 8853],
  ])('%s listens on %d where the default is 1053', (text, port) => {
    expect(portOfKey(parseServerKey(text, POSITION), 1053)).toBe(port)
  })
})
