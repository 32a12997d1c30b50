import { describe, expect, test } from 'vitest'

import { startServer } from '../../src/index.ts'
import { log } from '../../src/plugins/log.ts'
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

  test('the first that holds the name decides', () => {
    expect(logged('log a. {\n  class error\n}\nlog', named('x.a.'), named('b.'))).toEqual(['b. 0.005s'])
  })

  test('class: only replies of these classes', () => {
    expect(logged('log {\n  class denial error\n}', named('a.'))).toEqual([])
    expect(logged('log {\n  class denial\n  class success\n}', named('a.'))).toHaveLength(1)
    expect(logged('log {\n  class denial all\n}', named('a.'))).toHaveLength(1)
  })

  test("a format of one's own, with names or without", () => {
    expect(logged('log a. "{name} asked"', named('x.a.'), named('b.'))).toEqual(['info x.a. asked'])
    expect(logged('log "{name} {/log/type}"', named('b.'))).toEqual(['info b. NOERROR'])
  })

  test('what is asked on behalf of a query is not logged again', () => {
    expect(logged('log', { depth: 1 })).toEqual([])
  })

  test.for([
    ['log a..b', 'SLICEDNS_CONFIG_VALUE Corefile:2:5: "a..b" is not a domain name'],
    ['log {\n  class\n}', 'SLICEDNS_CONFIG_ARGUMENT Corefile:3:3: "class" needs'],
    [
      'log {\n  class denail\n}',
      'SLICEDNS_CONFIG_VALUE Corefile:3:9: "denail" is not one of "denial", "error", "success", "all"; did you mean "denial"?',
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

const corefile = (port: number, directive: string) =>
  `.:${port} {\n bind 127.0.0.1 ::1\n ${directive}\n whoami\n}\n`

/** Client port, id and time differ from run to run; the size does by differences.md. */
const comparable = (text: string) =>
  text.replace(/:\d+ - \d+ /, ':PORT - ID ').replace(/ \d+ [\d.]+s$/, ' SIZE TIME')

describe.skipIf(COREDNS === undefined)('log beside CoreDNS', () => {
  test('gives the same lines for the same queries, sizes and times aside', async () => {
    const { ours, theirs } = await linesOfBoth('log', QUERIES.length)
    expect(ours.map(comparable).toSorted()).toEqual(theirs.map(comparable).toSorted())
    expect(ours[0]).toMatch(
      /^127\.0\.0\.1:\d+ - \d+ "A IN www\.example\.org\. udp 33 false 512" NOERROR qr,aa,rd \d+ 0\.\d+s$/,
    )
  })

  const FORMAT =
    '{ {type} {name} } {class} {proto} {remote} {local} {size} {rcode} {>rflags} {>bufsize} {>do} {>opcode} {x} {/a/b} {>ID}'

  test("gives the same lines in a format of one's own", async () => {
    const { ours, theirs } = await linesOfBoth(`log . "${FORMAT} - s"`, QUERIES.length)
    expect(ours.toSorted()).toEqual(theirs.toSorted())
  })

  test('gives the same lines in the combined format, for one class of replies', async () => {
    const success = await linesOfBoth('log example.org {combined} {\n  class success\n }', 6)
    const [ours, theirs] = [success.ours, success.theirs].map((lines) => lines.map(combinedComparable))
    expect(ours?.toSorted()).toEqual(theirs?.toSorted())
    const others = await linesOfBoth('log . {common} {\n  class denial error\n }\n log', 0)
    expect(others.ours).toEqual([])
    expect(others.theirs).toEqual([])
  })
})

const combinedComparable = (text: string) =>
  text.replace(/:\d+ - \d+ /, ':PORT - ID ').replace(/ \d+ [\d.]+s "0"$/, ' SIZE TIME "0"')

/** What each server logs of the same queries. CoreDNS writes its lines after the replies, so they may come in another order. */
async function linesOfBoth(
  directive: string,
  count: number,
): Promise<{ readonly ours: readonly string[]; readonly theirs: readonly string[] }> {
  const coredns = await startCoredns((port) => corefile(port, directive))
  const lines: string[] = []
  const collect = { info: (message: string) => void lines.push(message), warn: () => {}, error: () => {} }
  const server = await startServer({ corefileText: corefile(0, directive), log: collect })
  const port = server.addresses.find(({ address }) => address === '127.0.0.1')?.port ?? 0
  const port6 = server.addresses.find(({ address }) => address === '::1')?.port ?? 0
  for (const [address, transport, question, options] of QUERIES) {
    await askRaw({ address, port: coredns.port, transport }, question, options)
    await askRaw({ address, port: address === '::1' ? port6 : port, transport }, question, options)
  }
  const theirs = () =>
    [...coredns.output().matchAll(/^\[INFO\] (.*(?: - .*s|"0"))$/gm)].map((match) => match[1] ?? '')
  await eventually(() => expect(lines).toHaveLength(count))
  // Its output comes through a pipe: the last line may still be on its way.
  await eventually(() => expect(theirs().length).toBeGreaterThanOrEqual(count))
  await server.close()
  return { ours: lines, theirs: theirs() }
}
