import { describe, expect, test } from 'vitest'

import { COMMON_FORMAT, parseLogFormat } from '../../src/plugins/log-format.ts'
import type { Query, Sent } from '../../src/zone/responder.ts'
import { clientQuery } from '../forward/client-query.ts'

const SENT: Sent = {
  rcode: 0,
  sizeOctets: 68,
  authoritativeAnswer: false,
  truncated: false,
  recursionAvailable: true,
  authenticData: false,
}

function line(format: string, query: Partial<Query> = {}, sent: Partial<Sent> = {}, durationMs = 37.990251) {
  return parseLogFormat(format)({
    query: { ...clientQuery('Example.org.'), id: 29_008, udpPayloadSize: 4096, ...query },
    sent: { ...SENT, ...sent },
    durationMs,
    replyClass: { class: 'denial', type: 'NODATA' },
  })
}
const common = (...parts: readonly [Partial<Query>, Partial<Sent>?, number?]) => line(COMMON_FORMAT, ...parts)

describe('COMMON_FORMAT', () => {
  test('has the fields of the common log format', () => {
    expect(common({})).toBe(
      '127.0.0.1:5353 - 29008 "A IN example.org. udp 40 false 4096" NOERROR qr,rd,ra 68 0.037990251s',
    )
  })

  test('puts IPv6 clients in brackets and knows TCP', () => {
    const client = { address: '2001:db8::1', port: 7, transport: 'tcp' } as const
    expect(common({ client, udpPayloadSize: undefined })).toContain(
      '[2001:db8::1]:7 - 29008 "A IN example.org. tcp 40 false 65535"',
    )
  })

  test('bufsize is 512 without EDNS and never less', () => {
    expect(common({ udpPayloadSize: undefined })).toContain('udp 40 false 512"')
    expect(common({ udpPayloadSize: 100, dnssecOk: true })).toContain('udp 40 true 512"')
  })

  test('flags stand in the order of the header', () => {
    const query = { recursionDesired: true, checkingDisabled: true }
    const sent = {
      authoritativeAnswer: true,
      truncated: true,
      recursionAvailable: true,
      authenticData: true,
      rcode: 3,
    }
    expect(common(query, sent)).toContain('" NXDOMAIN qr,aa,tc,rd,ra,ad,cd 68 ')
    expect(common({ recursionDesired: false }, { recursionAvailable: false })).toContain('" NOERROR qr 68 ')
  })

  test.for([
    [0, '0s'],
    [10_000, '10s'],
    [0.001, '0.000001s'],
    [1_500, '1.5s'],
  ] as const)('%d ms are %s', ([durationMs, text]) => {
    expect(common({}, {}, durationMs).endsWith(` ${text}`)).toBe(true)
  })
})

describe('parseLogFormat', () => {
  test('{common} and {combined} stand for whole formats', () => {
    expect(line('{common}')).toBe(common({}))
    expect(line('> {combined} <')).toBe(`> ${common({})} "0" <`)
  })

  test('every placeholder has its value', () => {
    const local = { address: '::1', port: 53 }
    expect(line('{local} {port} {>opcode} {/log/class} {/log/type}', { local })).toBe(
      '[::1] 5353 0 denial NODATA',
    )
  })

  test('metadata that is not there is a dash', () => {
    expect(line('{/kubernetes/endpoint}.')).toBe('-.')
  })

  test('what else stands in braces is text', () => {
    expect(line('{ {name} } {what} {>Id} {} { } {{type}}')).toBe('{ example.org. } {what} {>Id} {} { } {A}')
  })

  test('a value is never read as a format', () => {
    const { lowerName } = clientQuery('{type}.example.')
    expect(line('{name}', { lowerName })).toBe('{type}.example.')
  })
})
