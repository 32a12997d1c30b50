import { describe, expect, onTestFinished, test } from 'vitest'

import { startServer } from '../../src/index.ts'
import { minimal } from '../../src/plugins/minimal.ts'
import type { Reply } from '../../src/zone/responder.ts'
import type { RRset } from '../../src/zone/rrset.ts'
import { clientQuery, nameOf } from '../forward/client-query.ts'
import { COREDNS } from '../helpers/coredns.ts'
import { replyTo } from '../forward/reply-octets.ts'
import { dnsClient } from '../helpers/dns-client.ts'
import { startScriptedUpstream } from '../helpers/scripted-upstream.ts'
import { startPair } from './beside-coredns.ts'
import { chainOf, errorOf, setUp } from './plugin-harness.ts'

const [A, NS, CNAME, SOA] = [1, 2, 5, 6]
const rrset = (rrtype: number): RRset => ({ owner: nameOf('example.'), rrtype, ttlSeconds: 5, rdatas: [] })
const reply = (rcode: number, answer: readonly number[], authority: readonly number[]): Reply => ({
  rcode,
  authoritativeAnswer: true,
  answer: answer.map(rrset),
  authority: authority.map(rrset),
  additional: [rrset(A)],
})
const minimized = (from: Reply | Promise<Reply>) =>
  chainOf(setUp(minimal, 'minimal'), from)(clientQuery('example.'))

describe('minimal', () => {
  test.for([
    ['an answer', reply(0, [A], [NS])],
    ['a reply with additional records alone', reply(0, [], [])],
  ] as const)('strips authority and additional of %s', async ([, from]) => {
    expect(await minimized(from)).toEqual({ ...from, authority: [], additional: [] })
    expect(await minimized(Promise.resolve(from))).toEqual({ ...from, authority: [], additional: [] })
  })

  test.for([
    ['NODATA', reply(0, [], [SOA])],
    ['NODATA at the end of a chain', reply(0, [CNAME], [SOA])],
    ['NXDOMAIN', reply(3, [], [SOA])],
    ['NXDOMAIN at the end of a chain', reply(3, [CNAME], [SOA])],
    ['SERVFAIL', reply(2, [], [])],
    ['REFUSED', reply(5, [], [])],
    ['a referral', reply(0, [], [NS])],
  ] as const)('leaves %s as it is', async ([, from]) => {
    expect(await minimized(from)).toBe(from)
  })

  test('leaves the addresses beside SRV records out', async () => {
    const server = await startServer({
      corefileText:
        'cluster.local:0 {\n bind 127.0.0.1\n minimal\n kubernetes {\n  manifests examples/labs\n }\n}\n',
    })
    onTestFinished(() => server.close())
    const { answer, authority, additional } = await dnsClient(server.port).ask(
      '_http._tcp.my-service.lab-nodeport.svc.cluster.local SRV',
    )
    expect(answer).toHaveLength(1)
    expect([authority, additional]).toEqual([[], []])
  })

  test.for([
    ['minimal x', 'SLICEDNS_CONFIG_ARGUMENT Corefile:2:9: "minimal" takes no argument, not also "x"'],
    ['minimal {\n  x\n}', 'SLICEDNS_CONFIG_BLOCK Corefile:3:3: "minimal" takes no properties in braces'],
  ] as const)('%s is an error', ([text, expected]) => {
    expect(errorOf(minimal, text)).toContain(expected)
  })
})

describe.skipIf(COREDNS === undefined)('minimal beside CoreDNS', () => {
  test('strips the same', async () => {
    const pair = await startPair('minimal\n whoami')
    for (const type of ['A', 'AAAA', 'SRV']) {
      const { ours, theirs } = await pair.ask(`www.example. ${type}`)
      expect(ours).toEqual(theirs)
      expect(ours.additional).toEqual([])
    }
  })

  test('differs at the end of a chain that has no such type: the SOA stays', async () => {
    const upstream = await startScriptedUpstream((query) => [
      {
        do: 'send',
        octets: replyTo(query, {
          answer: ['www.example. 60 CNAME other.example.'],
          authority: ['example. 60 SOA a.example. b.example. 1 2 3 4 5'],
        }),
      },
    ])
    onTestFinished(() => upstream.close())
    const pair = await startPair(`minimal\n forward . 127.0.0.1:${upstream.port}`)
    const { ours, theirs } = await pair.ask('www.example. AAAA')
    expect([ours.answer, ours.rcode]).toEqual([theirs.answer, theirs.rcode])
    expect([ours.authority.length, theirs.authority.length]).toEqual([1, 0])
  })
})
