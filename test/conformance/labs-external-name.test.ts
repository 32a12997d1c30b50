import { Packet } from 'dns2'
import { describe, expect, onTestFinished, test } from 'vitest'

import { startServer } from '../../src/index.ts'
import { type DnsClient, dnsClient } from '../helpers/dns-client.ts'
import { LABS_FOLDER } from '../helpers/running-labs.ts'
import { type Behaviour, closedPort, startScriptedUpstream } from '../helpers/scripted-upstream.ts'

const own = 'externalname1.default.svc.cluster.local.'
const cname = `${own} 5 IN CNAME github.github.io.`

describe('ExternalName, no upstream', () => {
  test('the CNAME alone is an authoritative NOERROR', async () => {
    const { rcode, answer, packet } = await (await labsWith([])).ask(own)
    expect([rcode, ...answer]).toEqual(['NOERROR', cname])
    expect(packet.header.aa).toBe(1)
    expect(packet.header.ra).toBe(0)
  })
})

describe('ExternalName, upstream answers', () => {
  test('A is the CNAME and what the upstream says of its target', async () => {
    const { rcode, answer, packet } = await (await labsBehind(githubUpstream)).ask(own)
    expect([rcode, ...answer]).toEqual(['NOERROR', cname, 'github.github.io. 60 IN A 185.199.110.153'])
    expect(packet.header.aa).toBe(1)
    expect(packet.header.ra).toBe(1)
  })

  test('AAAA that the upstream does not have is the CNAME, and NODATA with the upstream’s SOA', async () => {
    const { rcode, answer, authority } = await (await labsBehind(githubUpstream)).ask(`${own} AAAA`)
    expect([rcode, ...answer]).toEqual(['NOERROR', cname])
    expect(authority).toEqual(['github.io. 60 IN SOA ns.github.io. admin.github.io. 1 2 3 4 5'])
  })

  test('CNAME asked for by type is not chased', async () => {
    let asked = 0
    const client = await labsBehind((query) => {
      asked++
      return githubUpstream(query, 'udp')
    })
    expect(await client.outcome(`${own} CNAME`)).toEqual([cname])
    expect(asked).toBe(0)
  })

  test('NXDOMAIN of the target is the reply’s RCODE, the CNAME before it', async () => {
    const client = await labsBehind((query) => [
      { do: 'send', octets: replyTo(query, Packet.RCODE.NXDOMAIN, []) },
    ])
    const { rcode, answer } = await client.ask(own)
    expect([rcode, ...answer]).toEqual(['NXDOMAIN', cname])
  })
})

describe('ExternalName, upstream fails', () => {
  test('SERVFAIL of the upstream is the CNAME and SERVFAIL, with the reason', async () => {
    const client = await labsBehind((query) => [
      { do: 'send', octets: replyTo(query, Packet.RCODE.SERVFAIL, []) },
    ])
    const { rcode, answer, extendedError } = await client.ask(own)
    expect([rcode, ...answer]).toEqual(['SERVFAIL', cname])
    expect(extendedError?.text).toMatch(
      /^upstream 127\.0\.0\.1:\d+ answered SERVFAIL for github\.github\.io\.$/,
    )
  })

  test('an upstream where nobody listens is the CNAME and SERVFAIL, with the reason', async () => {
    const port = await closedPort()
    const { rcode, answer, extendedError } = await (await labsWith([`127.0.0.1:${port}`])).ask(own)
    expect([rcode, ...answer]).toEqual(['SERVFAIL', cname])
    expect(extendedError?.code).toBe(Packet.EDE.NETWORK_ERROR)
    expect(extendedError?.text).toContain(`127.0.0.1:${port}`)
  })
})

async function labsWith(upstreams: readonly string[]): Promise<DnsClient> {
  const server = await startServer({ folders: [LABS_FOLDER], watch: false, upstreams })
  onTestFinished(() => server.close())
  return dnsClient(server.port)
}

async function labsBehind(behaviour: Behaviour): Promise<DnsClient> {
  const upstream = await startScriptedUpstream(behaviour)
  onTestFinished(() => upstream.close())
  return labsWith([`${upstream.address}:${upstream.port}`])
}

/** Knows one address of github.github.io. */
const githubUpstream: Behaviour = (query) => {
  const isA = Packet.parse(Buffer.from(query)).questions[0]?.type === Packet.TYPE.A
  const address = new Packet.Resource({
    name: 'github.github.io',
    type: Packet.TYPE.A,
    class: Packet.CLASS.IN,
    ttl: 60,
    address: '185.199.110.153',
  })
  return [{ do: 'send', octets: replyTo(query, Packet.RCODE.NOERROR, isA ? [address] : []) }]
}

/** A reply with these answers, and without any with the SOA of github.io. */
function replyTo(query: Uint8Array, rcode: number, answers: Packet['answers']): Buffer {
  const reply = Packet.createResponseFromRequest(Packet.parse(Buffer.from(query)))
  reply.header.rcode = rcode
  reply.header.ra = 1
  reply.answers = answers
  if (answers.length === 0 && rcode !== Packet.RCODE.SERVFAIL) {
    const soa = { name: 'github.io', type: Packet.TYPE.SOA, class: Packet.CLASS.IN, ttl: 60 }
    const names = { primary: 'ns.github.io', admin: 'admin.github.io' }
    const numbers = { serial: 1, refresh: 2, retry: 3, expiration: 4, minimum: 5 }
    reply.authorities = [new Packet.Resource({ ...soa, ...names, ...numbers })]
  }
  return reply.toBuffer()
}
