import { describe, expect, test } from 'vitest'

import { MetricsRegistry } from '../../src/metrics/registry.ts'
import { dns64 } from '../../src/plugins/dns64.ts'
import { ipFromText } from '../../src/wire/ip-address.ts'
import { lowerCase } from '../../src/wire/name.ts'
import { rdataToText } from '../../src/wire/rdata-text.ts'
import { rrTypeToText } from '../../src/wire/rrtype.ts'
import type { Query, Reply } from '../../src/zone/responder.ts'
import type { RRset } from '../../src/zone/rrset.ts'
import { clientQuery, nameOf } from '../forward/client-query.ts'
import { COREDNS } from '../helpers/coredns.ts'
import { startPair } from './beside-coredns.ts'
import { differences, errorsByRcode, questionsOf } from './differences-from-coredns.ts'
import { errorOf, setUp, testHost } from './plugin-harness.ts'

const OWNER = nameOf('www.example.')
const A: RRset = { owner: OWNER, rrtype: 1, ttlSeconds: 700, rdatas: [{ kind: 'A', address: 0xc0_00_02_21 }] }
const AAAA: RRset = { owner: OWNER, rrtype: 28, ttlSeconds: 60, rdatas: [{ kind: 'AAAA', address: 1n }] }
const CNAME: RRset = { owner: OWNER, rrtype: 5, ttlSeconds: 60, rdatas: [{ kind: 'CNAME', target: OWNER }] }
const SOA: RRset = { owner: OWNER, rrtype: 6, ttlSeconds: 30, rdatas: [] }

const replyOf = (answer: readonly RRset[], rcode = 0, authority: readonly RRset[] = []): Reply => ({
  rcode,
  authoritativeAnswer: true,
  answer,
  authority,
  additional: [],
})

/** What a client gets where AAAA and A questions are answered so, and what was asked. */
async function translated(
  text: string,
  { aaaa, a }: { readonly aaaa: Reply; readonly a: Reply },
  { question = 'www.example. AAAA', client = 'fd00::1' } = {},
) {
  const metrics = new MetricsRegistry()
  const { responder } = setUp(dns64, text, testHost({ metrics }))
  const asked: string[] = []
  const query = (which: Query['question']): Query => ({
    ...clientQuery('.'),
    client: { address: client, port: 5353, transport: 'udp' },
    question: which,
    lowerName: lowerCase(which.qname),
    withQuestion: query,
  })
  const reply = await responder?.(query(clientQuery(question).question), ({ question: { qtype } }) => {
    asked.push(rrTypeToText(qtype))
    return qtype === 28 ? aaaa : a
  })
  const lines = reply?.answer.map(
    ({ rrtype, ttlSeconds, rdatas }) =>
      `${rrTypeToText(rrtype)} ${ttlSeconds} ${rdatas.map(rdataToText).join(' ')}`,
  )
  const [family] = metrics.families()
  return { asked, rcode: reply?.rcode, lines, count: [...(family?.series() ?? [])][0]?.value }
}

const NONE = replyOf([])
const ADDRESS = replyOf([A])

describe('dns64', () => {
  test('makes AAAA records of A records, where there are none', async () => {
    expect(await translated('dns64', { aaaa: NONE, a: replyOf([CNAME, A]) })).toEqual({
      asked: ['AAAA', 'A'],
      rcode: 0,
      lines: ['CNAME 60 www.example.', 'AAAA 600 64:ff9b::c000:221'],
      count: 1,
    })
  })

  test('keeps to the TTL of the SOA that says there are none', async () => {
    const { lines } = await translated('dns64', { aaaa: replyOf([], 0, [SOA]), a: ADDRESS })
    expect(lines).toEqual(['AAAA 30 64:ff9b::c000:221'])
  })

  test.for([
    ['a name with AAAA records', 'dns64', { aaaa: replyOf([AAAA]), a: ADDRESS }, {}, ['AAAA']],
    ['a name that does not exist', 'dns64', { aaaa: replyOf([], 3), a: ADDRESS }, {}, ['AAAA']],
    ['a client on IPv4', 'dns64', { aaaa: NONE, a: ADDRESS }, { client: '10.0.0.1' }, ['AAAA']],
    ['another type', 'dns64', { aaaa: NONE, a: ADDRESS }, { question: 'www.example. A' }, ['A']],
    ['a name without addresses', 'dns64', { aaaa: NONE, a: NONE }, {}, ['AAAA', 'A']],
    ['A records that cannot be had', 'dns64', { aaaa: NONE, a: replyOf([], 2) }, {}, ['AAAA', 'A']],
  ] as const)('leaves alone: %s', async ([, text, replies, options, expected]) => {
    const { asked, count, lines } = await translated(text, replies, options)
    expect([asked, count]).toEqual([expected, 0])
    expect(lines?.join(' ') ?? '').not.toContain('64:ff9b')
  })

  test('translate_all and allow_ipv4 widen it', async () => {
    const all = await translated('dns64 {\n translate_all\n}', { aaaa: replyOf([AAAA]), a: ADDRESS })
    expect(all.lines).toEqual(['AAAA 600 64:ff9b::c000:221'])
    const ipv4 = await translated(
      'dns64 {\n allow_ipv4\n}',
      { aaaa: NONE, a: ADDRESS },
      { client: '10.0.0.1' },
    )
    expect(ipv4.count).toBe(1)
  })

  // The addresses of RFC 6052 section 2.4.
  test.for([
    ['2001:db8::/32', '2001:db8:c000:221::'],
    ['2001:db8:100::/40', '2001:db8:1c0:2:21::'],
    ['2001:db8:122::/48', '2001:db8:122:c000:2:2100::'],
    ['2001:db8:122:300::/56', '2001:db8:122:3c0:0:221::'],
    ['2001:db8:122:344::/64', '2001:db8:122:344:c0:2:2100::'],
    ['2001:db8:122:344::/96', '2001:db8:122:344::c000:221'],
  ] as const)('RFC 6052 2.4: %s makes %s', async ([prefix, expected]) => {
    const { lines } = await translated(`dns64 ${prefix}`, { aaaa: NONE, a: ADDRESS })
    const address = lines?.[0]?.split(' ')[2] ?? ''
    expect(ipFromText(address)).toBe(ipFromText(expected))
  })

  test.for([
    ['dns64 10.0.0.0/8', 'SLICEDNS_CONFIG_VALUE Corefile:2:7: "10.0.0.0/8" is no prefix for IPv4 addresses'],
    ['dns64 64:ff9b::/72', '"64:ff9b::/72" is no prefix'],
    ['dns64 {\n prefix x\n}', 'Corefile:3:9: "x" is no prefix'],
    ['dns64 {\n nonsense\n}', 'SLICEDNS_CONFIG_UNKNOWN_PROPERTY Corefile:3:2:'],
  ] as const)('%s is an error', ([text, expected]) => {
    expect(errorOf(dns64, text)).toContain(expected)
  })
})

describe.skipIf(COREDNS === undefined)('dns64 beside CoreDNS', () => {
  const BEHIND = `
    template IN A v4.test both.test {
      answer "{{ .Name }} 700 IN A 192.0.2.33"
    }
    template IN AAAA both.test {
      answer "{{ .Name }} 60 IN AAAA fd00::1"
    }
    template IN AAAA v4.test {
      authority "test. 30 IN SOA a. b. 1 2 3 4 5"
    }
    template ANY ANY none.test {
      rcode NXDOMAIN
    }
    whoami`
  test.for([
    'dns64 {\n allow_ipv4\n}',
    'dns64 {\n prefix 2001:db8:122::/48\n allow_ipv4\n translate_all\n}',
    'dns64',
  ])('answers the same: %s', async (directive) => {
    const pair = await startPair(`${directive}\n${BEHIND}`)
    const questions = questionsOf(['v4.test.', 'both.test.', 'none.test.'], ['A', 'AAAA', 'TXT'])
    expect(await differences(pair, questions, { normalize: errorsByRcode })).toEqual([])
  })
})
