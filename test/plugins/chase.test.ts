import { describe, expect, onTestFinished, test } from 'vitest'

import { startServer } from '../../src/index.ts'
import { replyTo } from '../forward/reply-octets.ts'
import type { ReplyParts } from '../forward/reply-octets.ts'
import type { DnsClient } from '../helpers/dns-client.ts'
import { dnsClient } from '../helpers/dns-client.ts'
import { startScriptedUpstream } from '../helpers/scripted-upstream.ts'

const alias = (name: string, externalName: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec: { type: 'ExternalName', externalName },
})
const headless = [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'db', namespace: 'shop' },
    spec: { clusterIP: 'None' },
  },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'db-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'db' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.1.2.3'] }],
  },
]
const inside = (name: string) => `${name}.shop.svc.cluster.local`

/** Serves these objects, and forwards elsewhere to an upstream that gives `upstream`; without it, nowhere. */
async function serve(objects: readonly unknown[], upstream?: ReplyParts): Promise<DnsClient> {
  const upstreams: string[] = []
  if (upstream !== undefined) {
    const scripted = await startScriptedUpstream((query) => [
      { do: 'send', octets: replyTo(query, upstream) },
    ])
    onTestFinished(() => scripted.close())
    upstreams.push(`127.0.0.1:${scripted.port}`)
  }
  const server = await startServer({ objects, upstreams })
  onTestFinished(() => server.close())
  return dnsClient(server.port)
}

const chainOfLength = (length: number) => [
  ...headless,
  ...Array.from({ length }, (_link, at) => alias(`a${at}`, inside(at + 1 === length ? 'db' : `a${at + 1}`))),
]

describe('chaseCname', () => {
  test('into the cluster: the CNAME and the endpoints of the headless Service, AA', async () => {
    const client = await serve([...headless, alias('a', inside('db'))])
    const reply = await client.ask(inside('a'))
    expect(reply.answer).toEqual([
      `${inside('a')}. 5 IN CNAME ${inside('db')}.`,
      `${inside('db')}. 5 IN A 10.1.2.3`,
    ])
    expect(reply.packet.header.aa).toBe(1)
  })

  test('to a type that the target lacks: the CNAME, NOERROR and the SOA', async () => {
    const client = await serve([...headless, alias('a', inside('db'))])
    const reply = await client.ask(`${inside('a')} AAAA`)
    expect([reply.rcode, ...reply.answer]).toEqual(['NOERROR', `${inside('a')}. 5 IN CNAME ${inside('db')}.`])
    expect(reply.authority).toHaveLength(1)
  })

  test('T13 to a name that does not exist: the CNAME and NXDOMAIN with the SOA and the reason', async () => {
    const client = await serve([alias('a', inside('nobody'))])
    const reply = await client.ask(inside('a'))
    expect([reply.rcode, ...reply.answer]).toEqual([
      'NXDOMAIN',
      `${inside('a')}. 5 IN CNAME ${inside('nobody')}.`,
    ])
    expect(reply.authority).toEqual([expect.stringContaining('cluster.local. 5 IN SOA ')])
    expect(reply.extendedError?.text).toContain('no such service "nobody" in namespace "shop"')
  })

  test('CNAME itself is not chased', async () => {
    const client = await serve([alias('a', 'www.example')], { rcode: 3 })
    const reply = await client.ask(`${inside('a')} CNAME`)
    expect([reply.rcode, ...reply.answer]).toEqual(['NOERROR', `${inside('a')}. 5 IN CNAME www.example.`])
  })

  test('T19 to the outside: what the upstream says of it', async () => {
    const client = await serve([alias('a', 'www.example')], {
      answer: ['www.example. 60 A 192.0.2.1'],
      authenticData: true,
    })
    const reply = await client.ask(inside('a'))
    expect(reply.answer).toEqual([
      `${inside('a')}. 5 IN CNAME www.example.`,
      'www.example. 60 IN A 192.0.2.1',
    ])
    expect([reply.packet.header.aa, reply.packet.header.ra]).toEqual([1, 1])
    // AD, in the fourth octet of the header.
    expect((reply.octets[3] ?? 0) & 0x20).toBe(0)
  })

  test.for([
    [{ rcode: 3 }, 'NXDOMAIN'],
    [{ rcode: 5 }, 'SERVFAIL'],
    [{ rcode: 2 }, 'SERVFAIL'],
  ] as const)('to the outside, where the upstream says %j: the CNAME and %s', async ([upstream, rcode]) => {
    const client = await serve([alias('a', 'www.example')], upstream)
    const reply = await client.ask(inside('a'))
    expect([reply.rcode, ...reply.answer]).toEqual([rcode, `${inside('a')}. 5 IN CNAME www.example.`])
    expect(reply.extendedError).toBeDefined()
  })

  test('where nobody serves or forwards the target: the CNAME alone, NOERROR', async () => {
    const client = await serve([alias('a', 'www.example')])
    const reply = await client.ask(inside('a'))
    expect([reply.rcode, ...reply.answer]).toEqual(['NOERROR', `${inside('a')}. 5 IN CNAME www.example.`])
    expect(reply.authority).toEqual([])
    expect(reply.packet.header.aa).toBe(1)
  })

  test.for([1, 2, 3])('a loop of %i links: each once, SERVFAIL and the reason', async (length) => {
    const links = Array.from({ length }, (_link, at) => alias(`a${at}`, inside(`a${(at + 1) % length}`)))
    const reply = await (await serve(links)).ask(inside('a0'))
    expect(reply.rcode).toBe('SERVFAIL')
    expect(reply.answer).toHaveLength(length)
    expect(reply.extendedError?.text).toContain('comes back to a name it has already passed')
  })

  test('12 links are followed to their end', async () => {
    const reply = await (await serve(chainOfLength(12))).ask(inside('a0'))
    expect(reply.rcode).toBe('NOERROR')
    expect(reply.answer).toHaveLength(13)
  })

  test('13 links are not: the chain so far, SERVFAIL and the reason', async () => {
    const reply = await (await serve(chainOfLength(13))).ask(inside('a0'))
    expect(reply.rcode).toBe('SERVFAIL')
    expect(reply.answer.length).toBeGreaterThanOrEqual(12)
    expect(reply.answer.every((line) => line.includes(' CNAME '))).toBe(true)
    expect(reply.extendedError?.text).toContain('more than 12 links')
  })

  test("an upstream's links count too", async () => {
    const links = Array.from({ length: 12 }, (_link, at) => `n${at}.example. 60 CNAME n${at + 1}.example.`)
    const upstream = { answer: [...links, 'n12.example. 60 A 192.0.2.1'] }
    const reply = await (await serve([alias('a', 'n0.example')], upstream)).ask(inside('a'))
    expect(reply.rcode).toBe('SERVFAIL')
    expect(reply.extendedError?.text).toContain('more than 12 links')
  })
})
