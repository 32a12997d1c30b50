import { describe, expect, onTestFinished, test } from 'vitest'

import { startServer } from '../../src/index.ts'
import { rewrite } from '../../src/plugins/rewrite.ts'
import type { Rdata } from '../../src/wire/rdata.ts'
import { rdataToText } from '../../src/wire/rdata-text.ts'
import { RrType, rrTypeToText } from '../../src/wire/rrtype.ts'
import { lowerCase } from '../../src/wire/name.ts'
import type { Query, Reply } from '../../src/zone/responder.ts'
import type { RRset } from '../../src/zone/rrset.ts'
import { clientQuery, nameOf } from '../forward/client-query.ts'
import { COREDNS } from '../helpers/coredns.ts'
import { REWRITE_SETS } from '../helpers/directive-sets/rewrite-sets.ts'
import { dnsClient } from '../helpers/dns-client.ts'
import type { Outline } from './beside-coredns.ts'
import { startSet } from './beside-coredns.ts'
import { differences, errorsByRcode } from './differences-from-coredns.ts'
import { errorOf, setUp } from './plugin-harness.ts'

/** A query that may be rewritten; `resolve` answers with an address at the name that is asked. */
function rewritable(text: string, parts: Partial<Query> = {}): Query {
  const query: Query = {
    ...clientQuery(text),
    resolve: (question) => replyOf([record(question.qname, { kind: 'A', address: 9 })]),
    ...parts,
    withQuestion: (question) => ({ ...query, question, lowerName: lowerCase(question.qname) }),
  }
  return query
}

const record = (owner: string, rdata: Rdata): RRset => ({
  owner: nameOf(owner),
  rrtype: rdata.kind === 'OPAQUE' ? 0 : RrType[rdata.kind],
  ttlSeconds: 30,
  rdatas: [rdata],
})

const replyOf = (answer: readonly RRset[], rcode = 0): Reply => ({
  rcode,
  authoritativeAnswer: false,
  answer,
  authority: [],
  additional: [],
})

const lines = (rrsets: readonly RRset[]) =>
  rrsets.flatMap(({ owner, ttlSeconds, rrtype, rdatas }) =>
    rdatas.map((rdata) => `${owner} ${ttlSeconds} ${rrTypeToText(rrtype)} ${rdataToText(rdata)}`),
  )

/** What is asked behind `rewrite`, and what the client gets where that is answered with these records. */
async function rewritten(
  text: string,
  question: string,
  answer: (asked: string) => Reply = (asked) => replyOf([record(asked, { kind: 'A', address: 1 })]),
): Promise<{ asked: string | undefined; reply: readonly string[] }> {
  const { responder } = setUp(rewrite, text)
  let asked: string | undefined
  const reply = await responder?.(rewritable(question), ({ question: { qname, qtype } }) => {
    asked = `${qname} ${rrTypeToText(qtype)}`
    return answer(qname)
  })
  const sections = reply && [...reply.answer, ...reply.authority, ...reply.additional]
  return { asked, reply: [String(reply?.rcode), ...lines(sections ?? [])] }
}

/** Records that point to `b.example.`, in all sections. */
const pointers = (): Reply => ({
  ...replyOf([
    record('b.example.', { kind: 'CNAME', target: nameOf('x.b.example.') }),
    record('x.b.example.', {
      kind: 'SRV',
      priority: 0,
      weight: 1,
      port: 2,
      target: nameOf('xb.example.'),
    }),
  ]),
  authority: [
    record('example.', {
      kind: 'SOA',
      mname: nameOf('b.example.'),
      rname: nameOf('b.example.'),
      serial: 1,
      refresh: 2,
      retry: 3,
      expire: 4,
      minimum: 5,
    }),
  ],
  additional: [
    record('b.example.', { kind: 'MX', preference: 1, exchange: nameOf('b.example.') }),
    record('b.example.', { kind: 'PTR', target: nameOf('b.example.') }),
  ],
})

describe('rewrite', () => {
  test.for([
    ['rewrite name a.example b.example', 'a.example. A', 'b.example. A', 'a.example. 30 A 0.0.0.1'],
    ['rewrite name exact a.example b.example', 'A.Example. A', 'b.example. A', 'A.Example. 30 A 0.0.0.1'],
    ['rewrite name a.example b.example', 'x.a.example. A', 'x.a.example. A', 'x.a.example. 30 A 0.0.0.1'],
    [
      'rewrite name suffix .a.example .b.example',
      'x.a.example. A',
      'x.b.example. A',
      'x.b.example. 30 A 0.0.0.1',
    ],
    [
      'rewrite name suffix .a.example .b.example answer auto',
      'x.a.example. A',
      'x.b.example. A',
      'x.a.example. 30 A 0.0.0.1',
    ],
    [
      'rewrite stop {\n name suffix .a.example .b.example answer auto\n}',
      'x.a.example. A',
      'x.b.example. A',
      'x.a.example. 30 A 0.0.0.1',
    ],
    ['rewrite name prefix a. b.', 'a.example. A', 'b.example. A', 'b.example. 30 A 0.0.0.1'],
    ['rewrite name prefix a. b. answer auto', 'a.example. A', 'b.example. A', 'a.example. 30 A 0.0.0.1'],
    [
      'rewrite name substring us.example. eu.test. answer auto',
      'x.us.example. A',
      'x.eu.test. A',
      'x.us.example. 30 A 0.0.0.1',
    ],
    [
      'rewrite name regex (.*)-(us)\\.example {1}.{2}.test',
      'ftp-us.example. A',
      'ftp.us.test. A',
      'ftp.us.test. 30 A 0.0.0.1',
    ],
    [
      'rewrite name regex (.*)-(us)\\.example {1}.{2}.test answer auto',
      'ftp-us.example. A',
      'ftp.us.test. A',
      'ftp-us.example. 30 A 0.0.0.1',
    ],
    [
      'rewrite stop {\n name regex (.*)-(us)\\.example {1}.{2}.test\n answer name (.*)\\.(us)\\.test {1}-{2}.example\n}',
      'ftp-us.example. A',
      'ftp.us.test. A',
      'ftp-us.example. 30 A 0.0.0.1',
    ],
    ['rewrite type ANY HINFO', 'a.example. ANY', 'a.example. HINFO', 'a.example. 30 A 0.0.0.1'],
    ['rewrite type ANY HINFO', 'a.example. A', 'a.example. A', 'a.example. 30 A 0.0.0.1'],
    ['rewrite class CH IN', 'a.example. A', 'a.example. A', 'a.example. 30 A 0.0.0.1'],
    ['rewrite ttl a.example 15', 'a.example. A', 'a.example. A', 'a.example. 15 A 0.0.0.1'],
    ['rewrite ttl suffix .example 60-300', 'a.example. A', 'a.example. A', 'a.example. 60 A 0.0.0.1'],
    ['rewrite ttl suffix .example -10', 'a.example. A', 'a.example. A', 'a.example. 10 A 0.0.0.1'],
    ['rewrite ttl suffix .example 10-', 'a.example. A', 'a.example. A', 'a.example. 30 A 0.0.0.1'],
    ['rewrite ttl regex ^b 15', 'a.example. A', 'a.example. A', 'a.example. 30 A 0.0.0.1'],
    ['rewrite ttl substring xampl 15', 'a.example. A', 'a.example. A', 'a.example. 30 A 0.0.0.1'],
    [
      'rewrite continue name a.example b.example\nrewrite name b.example c.example',
      'a.example. A',
      'c.example. A',
      'a.example. 30 A 0.0.0.1',
    ],
    [
      'rewrite name a.example b.example\nrewrite name b.example c.example',
      'a.example. A',
      'b.example. A',
      'a.example. 30 A 0.0.0.1',
    ],
    [
      'rewrite continue {\n ttl regex (.*) 7\n}\nrewrite type AAAA A',
      'a.example. AAAA',
      'a.example. A',
      'a.example. 7 A 0.0.0.1',
    ],
  ] as const)('%s: %s', async ([text, question, asked, line]) => {
    expect(await rewritten(text, question)).toEqual({ asked, reply: ['0', line] })
  })

  test('takes names back in the values of records too', async () => {
    expect((await rewritten('rewrite name a.example b.example', 'a.example. A', pointers)).reply).toEqual([
      '0',
      'a.example. 30 CNAME x.a.example.',
      'x.a.example. 30 SRV 0 1 2 xb.example.',
      'example. 30 SOA a.example. b.example. 1 2 3 4 5',
      'a.example. 30 MX 1 a.example.',
      'a.example. 30 PTR a.example.',
    ])
  })

  test('answer value changes what records point to, and nothing else', async () => {
    const text = 'rewrite name suffix .arpa .arpa answer auto answer value (.*)\\.consul\\. {1}.example.'
    const { reply } = await rewritten(text, '1.in-addr.arpa. PTR', (asked) =>
      replyOf([record(asked, { kind: 'PTR', target: nameOf('web.consul.') })]),
    )
    expect(reply).toEqual(['0', '1.in-addr.arpa. 30 PTR web.example.'])
    const old = text.replace('answer auto', 'answer name auto')
    expect((await rewritten(old, '1.in-addr.arpa. PTR')).asked).toBe('1.in-addr.arpa. PTR')
  })

  test.for([
    ['rewrite rcode a.example SERVFAIL NOERROR', '0'],
    ['rewrite rcode regex ^a 2 3', '3'],
    ['rewrite rcode b.example SERVFAIL NOERROR', '2'],
    ['rewrite rcode a.example NXDOMAIN NOERROR', '2'],
  ] as const)('%s makes %s of SERVFAIL', async ([text, rcode]) => {
    expect((await rewritten(text, 'a.example. A', () => replyOf([], 2))).reply).toEqual([rcode])
  })

  test.for([
    ['rewrite cname old.test new.test', 'new.test.'],
    ['rewrite cname exact old.test. new.test.', 'new.test.'],
    ['rewrite cname suffix .test. .net.', 'old.net.'],
    ['rewrite cname suffix .test .net', undefined],
    ['rewrite cname regex (.*)\\.test {1}.net', 'old.net.'],
    ['rewrite cname prefix old new', 'new.test.'],
    ['rewrite cname substring ld.te ne.te', 'one.test.'],
  ] as const)('%s leads to %s', async ([text, target]) => {
    const { reply } = await rewritten(text, 'a.example. A', (asked) =>
      replyOf([
        record(asked, { kind: 'CNAME', target: nameOf('old.test.') }),
        record('old.test.', { kind: 'A', address: 1 }),
      ]),
    )
    const [end, address] = target === undefined ? ['old.test.', '0.0.0.1'] : [target, '0.0.0.9']
    expect(reply).toEqual(['0', `a.example. 30 CNAME ${end}`, `${end} 30 A ${address}`])
  })

  test('what is no name after a rewrite is SERVFAIL with the reason', async () => {
    const { responder } = setUp(rewrite, `rewrite name suffix .example .${'x'.repeat(64)}.example`)
    const reply = await responder?.(rewritable('a.example.'), () => replyOf([]))
    expect([reply?.rcode, reply?.extendedError?.text]).toEqual([
      2,
      expect.stringContaining('which is no domain name'),
    ])
  })

  test('a rule to another class than IN refuses', async () => {
    expect(await rewritten('rewrite class IN CH', 'a.example. A')).toEqual({ asked: undefined, reply: ['5'] })
  })

  test('a name that becomes one of the cluster has its addresses', async () => {
    const server = await startServer({
      corefileText: `.:0 {
        bind 127.0.0.1
        rewrite name web.company.example my-service.lab-nodeport.svc.cluster.local
        rewrite name suffix .company.example .svc.cluster.local answer auto
        kubernetes cluster.local { 
          manifests examples/labs
        }
      }`,
    })
    onTestFinished(() => server.close())
    const client = dnsClient(server.port)
    const [line] = await client.outcome('my-service.lab-nodeport.svc.cluster.local A')
    expect(await client.outcome('web.company.example A')).toEqual([
      line?.replace('my-service.lab-nodeport.svc.cluster.local.', 'web.company.example.'),
    ])
    const { answer, additional } = await client.ask('_http._tcp.my-service.lab-nodeport.company.example SRV')
    expect([...answer, ...additional].join(' ')).not.toContain('cluster.local')
    expect(additional).toHaveLength(1)
    expect((await client.ask('none.lab-nodeport.company.example A')).rcode).toBe('NXDOMAIN')
  })

  test.for([
    ['rewrite', 'SLICEDNS_CONFIG_REWRITE Corefile:2:1: a rewrite rule has no field'],
    ['rewrite stop', 'a rewrite rule has no field'],
    ['rewrite nonsense a b', 'SLICEDNS_CONFIG_REWRITE Corefile:2:9: "nonsense" is no field'],
    ['rewrite name a', 'a name rule needs FROM and TO'],
    ['rewrite name exakt a b', 'SLICEDNS_CONFIG_VALUE Corefile:2:14: "exakt" is not one of'],
    ['rewrite name exact a b c', 'Corefile:2:24: "c" does not belong to a name rule'],
    ['rewrite name exact a b answer', '"answer" needs auto, name or value behind it'],
    ['rewrite name exact a b answer foo', '"answer" needs auto, name or value behind it'],
    ['rewrite name exact a b answer name x', '"answer name" needs FROM and TO'],
    [
      'rewrite name exact a b answer auto answer name x y',
      'SLICEDNS_CONFIG_PROPERTY_CONFLICT Corefile:2:24:',
    ],
    ['rewrite name regex (a {1}', 'SLICEDNS_CONFIG_REGEXP Corefile:2:20:'],
    ['rewrite name regex (a) {2}', '"{2}" uses {2}, and the pattern "(a)" has 1 groups'],
    ['rewrite type A', 'the rule needs FROM and TO'],
    ['rewrite type A X', 'SLICEDNS_CONFIG_VALUE Corefile:2:16: "X" is neither a type nor a class'],
    ['rewrite ttl a', 'a rule takes 2 or 3 arguments'],
    ['rewrite ttl a -', '"-" is no TTL and no range of TTLs'],
    ['rewrite ttl a 9-3', '"9-3" is no TTL'],
    ['rewrite rcode a NOERROR', 'a rule takes 3 or 4 arguments'],
    ['rewrite rcode a NOERROR X', '"X" is no response code'],
    ['rewrite cname a', 'a cname rule needs FROM and TO'],
  ] as const)('%s is an error', ([text, expected]) => {
    expect(errorOf(rewrite, text)).toContain(expected)
  })
})

/** At the end of a chain, authority and additional are those of the end (differences.md 13). */
const normalize = (reply: Outline): Partial<Outline> =>
  reply.answer.length > 1 ? { rcode: reply.rcode, answer: reply.answer } : errorsByRcode(reply)

describe.skipIf(COREDNS === undefined)('rewrite beside CoreDNS', () => {
  test.for(REWRITE_SETS)('answers the same: $directives', async (set) => {
    const pair = await startSet(set)
    expect(await differences(pair, set.questions, { normalize })).toEqual([])
  })
})
