import { describe, expect, test } from 'vitest'

import { startServer } from '../../src/index.ts'
import { log, queryLine } from '../../src/plugins/log.ts'
import type { Query, Reply, Sent } from '../../src/zone/responder.ts'
import { clientQuery } from '../forward/client-query.ts'
import { COREDNS, startCoredns } from '../helpers/coredns.ts'
import { askRaw } from '../helpers/raw-query.ts'
import { eventually } from '../helpers/eventually.ts'
import { chainOf, errorOf, setUp, testHost } from './plugin-harness.ts'

const REPLY: Reply = { rcode: 0, authoritativeAnswer: true, answer: [], authority: [], additional: [] }
const SENT: Sent = {
  rcode: 0,
  sizeOctets: 68,
  authoritativeAnswer: false,
  truncated: false,
  recursionAvailable: true,
  authenticData: false,
}
const line = (query: Partial<Query>, sent: Partial<Sent> = {}, durationMs = 37.990251) =>
  queryLine(
    { ...clientQuery('Example.org.'), id: 29_008, udpPayloadSize: 4096, ...query },
    { ...SENT, ...sent },
    durationMs,
  )

describe('queryLine', () => {
  test('has the fields of the common log format', () => {
    expect(line({})).toBe(
      '127.0.0.1:5353 - 29008 "A IN example.org. udp 40 false 4096" NOERROR qr,rd,ra 68 0.037990251s',
    )
  })

  test('puts IPv6 clients in brackets and knows TCP', () => {
    const client = { address: '2001:db8::1', port: 7, transport: 'tcp' } as const
    expect(line({ client, udpPayloadSize: undefined })).toContain(
      '[2001:db8::1]:7 - 29008 "A IN example.org. tcp 40 false 65535"',
    )
  })

  test('bufsize is 512 without EDNS and never less', () => {
    expect(line({ udpPayloadSize: undefined })).toContain('udp 40 false 512"')
    expect(line({ udpPayloadSize: 100, dnssecOk: true })).toContain('udp 40 true 512"')
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
    expect(line(query, sent)).toContain('" NXDOMAIN qr,aa,tc,rd,ra,ad,cd 68 ')
    expect(line({ recursionDesired: false }, { recursionAvailable: false })).toContain('" NOERROR qr 68 ')
  })

  test.for([
    [0, '0s'],
    [10_000, '10s'],
    [0.001, '0.000001s'],
    [1_500, '1.5s'],
  ] as const)('%d ms are %s', ([durationMs, text]) => {
    expect(line({}, {}, durationMs).endsWith(` ${text}`)).toBe(true)
  })
})

function logged(text: string, ...asked: readonly Partial<Query>[]): readonly string[] {
  let nowMs = 0
  const host = testHost({ nowMs: () => (nowMs += 5) })
  const chain = chainOf(setUp(log, text, host), REPLY)
  for (const parts of asked) {
    const onReplied: Query['onReplied'] = (listener) => listener(SENT, query)
    const query: Query = { ...clientQuery(parts.lowerName ?? 'www.example.'), onReplied, ...parts }
    expect(chain(query)).toBe(REPLY)
  }
  return host.lines.map((entry) => /^info .* IN (\S+) .* (\S+)$/.exec(entry)?.slice(1).join(' ') ?? entry)
}

const named = (text: string) => ({ lowerName: clientQuery(text).lowerName })

describe('log', () => {
  test('one line for every query, with the time from its arrival to its reply', () => {
    expect(logged('log', named('a.'), named('b.'))).toEqual(['a. 0.005s', 'b. 0.005s'])
  })

  test('only names below those given', () => {
    expect(logged('log a. b.c', named('x.a.'), named('xa.'), named('b.c.'), named('c.'))).toEqual([
      'x.a. 0.005s',
      'b.c. 0.005s',
    ])
    expect(logged('log a.\nlog b.', named('a.'), named('b.'), named('c.'))).toHaveLength(2)
    expect(logged('log a.\nlog', named('c.'))).toHaveLength(1)
  })

  test('what is asked on behalf of a query is not logged again', () => {
    expect(logged('log', { depth: 1 })).toEqual([])
  })

  test.for([
    ['log a..b', 'SLICEDNS_CONFIG_VALUE Corefile:2:5: "a..b" is not a domain name'],
    [
      'log . "{remote} {name}"',
      'SLICEDNS_CONFIG_PROPERTY_NOT_SUPPORTED Corefile:2:7: a format of one\'s own for "log" is not supported yet; remove it: lines have the common format',
    ],
    [
      'log . {\n  class error\n}',
      'SLICEDNS_CONFIG_PROPERTY_NOT_SUPPORTED Corefile:3:3: property "class" of "log" is not supported yet; remove it',
    ],
    [
      'log {\n  clas error\n}',
      'SLICEDNS_CONFIG_UNKNOWN_PROPERTY Corefile:3:3: unknown property "clas" of "log"; did you mean "class"?',
    ],
  ] as const)('%s is an error', ([text, expected]) => {
    expect(errorOf(log, text)).toContain(expected)
  })
})

/** Odd queries, each as its question and its options. */
const QUERIES = [
  ['127.0.0.1', 'udp', 'www.Example.ORG. A', { edns: false }],
  ['127.0.0.1', 'udp', 'www.example.org. AAAA', { sizeOctets: 4096 }],
  ['127.0.0.1', 'udp', 'www.example.org. MX', { sizeOctets: 1400, dnssecOk: true, checkingDisabled: true }],
  ['127.0.0.1', 'udp', 'www.example.org. ANY', { sizeOctets: 100 }],
  ['127.0.0.1', 'tcp', 'www.example.org. TXT', { sizeOctets: 512 }],
  ['::1', 'udp', 'www.example.org. HTTPS', { recursionDesired: false }],
  ['::1', 'tcp', '. NS', {}],
  ['127.0.0.1', 'udp', String.raw`a\.b\ \;\"\(\)\@\\\000\010\200$'.example. TYPE65280`, {}],
  ['127.0.0.1', 'udp', '_x._tcp.{name}.example. SRV', {}],
  ['127.0.0.1', 'udp', 'old.example. TYPE20', {}],
  ['127.0.0.1', 'udp', 'old.example. TYPE104', {}],
  ['127.0.0.1', 'udp', 'old.example. TYPE32769', {}],
] as const

const corefile = (port: number) => `.:${port} {\n bind 127.0.0.1 ::1\n log\n whoami\n}\n`

/** Client port, id and time differ from run to run; the size does by differences.md. */
const comparable = (text: string) =>
  text.replace(/:\d+ - \d+ /, ':PORT - ID ').replace(/ \d+ [\d.]+s$/, ' SIZE TIME')

describe.skipIf(COREDNS === undefined)('log beside CoreDNS', () => {
  test('gives the same lines for the same queries, sizes and times aside', async () => {
    const coredns = await startCoredns(corefile)
    const ours: string[] = []
    const collect = { info: (message: string) => void ours.push(message), warn: () => {}, error: () => {} }
    const server = await startServer({ corefileText: corefile(0), log: collect })
    const port = server.addresses.find(({ address }) => address === '127.0.0.1')?.port ?? 0
    const port6 = server.addresses.find(({ address }) => address === '::1')?.port ?? 0
    for (const [address, transport, question, options] of QUERIES) {
      await askRaw({ address, port: coredns.port, transport }, question, options)
      await askRaw({ address, port: address === '::1' ? port6 : port, transport }, question, options)
    }
    await eventually(() => expect(ours).toHaveLength(QUERIES.length))
    await server.close()
    const theirs = [...coredns.output().matchAll(/^\[INFO\] (.* - .*s)$/gm)].map((match) => match[1] ?? '')
    expect(ours.map(comparable)).toEqual(theirs.map(comparable))
    expect(ours[0]).toMatch(
      /^127\.0\.0\.1:\d+ - \d+ "A IN www\.example\.org\. udp 33 false 512" NOERROR qr,aa,rd \d+ 0\.\d+s$/,
    )
  })
})
