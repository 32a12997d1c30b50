import { describe, expect, onTestFinished, test } from 'vitest'

import { startServer } from '../../src/index.ts'
import { forward } from '../../src/plugins/forward.ts'
import { replyTo } from '../forward/reply-octets.ts'
import type { ReplyParts } from '../forward/reply-octets.ts'
import { dnsClient } from '../helpers/dns-client.ts'
import type { DnsClient } from '../helpers/dns-client.ts'
import type { ScriptedUpstream } from '../helpers/scripted-upstream.ts'
import { startScriptedUpstream } from '../helpers/scripted-upstream.ts'
import { tempFolder } from '../helpers/temp-folder.ts'
import { errorOf, setUp, testHost } from './plugin-harness.ts'

/** An upstream that says `address` to everything. */
async function upstreamOf(address: string): Promise<ScriptedUpstream> {
  const upstream = await startScriptedUpstream((query) => [
    { do: 'send', octets: replyTo(query, { answer: [`${nameIn(query)} 60 A ${address}`] }) },
  ])
  onTestFinished(() => upstream.close())
  return upstream
}

async function upstreamSaying(parts: (query: Uint8Array) => ReplyParts): Promise<ScriptedUpstream> {
  const upstream = await startScriptedUpstream((query) => [
    { do: 'send', octets: replyTo(query, parts(query)) },
  ])
  onTestFinished(() => upstream.close())
  return upstream
}

function nameIn(query: Uint8Array): string {
  const labels: string[] = []
  for (let at = 12; (query[at] ?? 0) > 0; at += 1 + (query[at] ?? 0))
    labels.push(Buffer.from(query.subarray(at + 1, at + 1 + (query[at] ?? 0))).toString())
  return `${labels.join('.')}.`
}

async function serve(directives: string): Promise<DnsClient> {
  const server = await startServer({ corefileText: `. {\n bind 127.0.0.1\n${directives}\n}\n` })
  onTestFinished(() => server.close())
  return dnsClient(server.port)
}

describe('forward', () => {
  test('of several stanzas the first one that holds the name takes it, as in CoreDNS; RA is set', async () => {
    const [one, two] = [await upstreamOf('192.0.2.1'), await upstreamOf('192.0.2.2')]
    const [first, second] = [`127.0.0.1:${one.port}`, `127.0.0.1:${two.port}`]
    const widerFirst = await serve(`forward . ${first}\nforward inner.example ${second}`)
    expect(await widerFirst.outcome('www.inner.example')).toEqual(['www.inner.example. 60 IN A 192.0.2.1'])
    const narrowFirst = await serve(`forward inner.example ${second}\nforward . ${first}`)
    expect(await narrowFirst.outcome('WWW.Inner.Example')).toEqual(['WWW.Inner.Example. 60 IN A 192.0.2.2'])
    expect(await narrowFirst.outcome('www.example')).toEqual(['www.example. 60 IN A 192.0.2.1'])
    expect((await narrowFirst.ask('www.example')).packet.header.ra).toBe(1)
  })

  test('a name that no stanza holds goes on to the next directive', async () => {
    const one = await upstreamOf('192.0.2.1')
    const client = await serve(`forward inner.example 127.0.0.1:${one.port}\nwhoami`)
    expect((await client.ask('other.example')).additional).toHaveLength(2)
  })

  test('a CIDR stands for its reverse zones', async () => {
    const one = await upstreamOf('192.0.2.1')
    const client = await serve(`forward 10.0.0.0/23 127.0.0.1:${one.port}`)
    for (const name of ['1.0.0.10.in-addr.arpa', '1.1.0.10.in-addr.arpa'])
      expect((await client.ask(name)).rcode).toBe('NOERROR')
    expect((await client.ask('1.2.0.10.in-addr.arpa')).rcode).toBe('SERVFAIL')
  })

  test('except sends names on, past this stanza', async () => {
    const [one, two] = [await upstreamOf('192.0.2.1'), await upstreamOf('192.0.2.2')]
    const client = await serve(
      `forward . 127.0.0.1:${one.port} {\n except inner.example\n}\nforward . 127.0.0.1:${two.port}`,
    )
    expect(await client.outcome('www.inner.example')).toEqual(['www.inner.example. 60 IN A 192.0.2.2'])
    expect(await client.outcome('www.example')).toEqual(['www.example. 60 IN A 192.0.2.1'])
  })

  test('next and next_on_nodata ask the next stanza that holds the name; without one the answer stands', async () => {
    const nobody = await upstreamSaying(() => ({ rcode: 3 }))
    const empty = await upstreamSaying(() => ({}))
    const other = await upstreamOf('192.0.2.2')
    const client = await serve(
      `forward a.example 127.0.0.1:${nobody.port} {\n next NXDOMAIN\n}\n` +
        `forward b.example 127.0.0.1:${empty.port} {\n next_on_nodata\n}\n` +
        `forward c.example 127.0.0.1:${nobody.port} {\n next SERVFAIL\n}\n` +
        `forward example 127.0.0.1:${other.port}\n` +
        `forward test 127.0.0.1:${nobody.port} {\n next NXDOMAIN\n}`,
    )
    expect(await client.outcome('www.a.example')).toEqual(['www.a.example. 60 IN A 192.0.2.2'])
    expect(await client.outcome('www.b.example')).toEqual(['www.b.example. 60 IN A 192.0.2.2'])
    expect((await client.ask('www.c.example')).rcode).toBe('NXDOMAIN')
    expect((await client.ask('www.test')).rcode).toBe('NXDOMAIN')
  })

  test('every property is read, and a host name is looked up by the system', async () => {
    const one = await upstreamOf('192.0.2.1')
    const client = await serve(`forward . dns://localhost:${one.port} {
      policy round_robin
      prefer_udp
      max_fails 3
      health_check 1s no_rec domain example.org
      expire 5s
      max_age 1m
      max_idle_conns 2
      max_concurrent 100
      max_connect_attempts 0
      read_timeout 1s
      failover SERVFAIL refused
      next NOERROR
      failfast_all_unhealthy_upstreams
      tls
      tls_servername dns.example
    }`)
    expect(await client.outcome('www.example')).toEqual(['www.example. 60 IN A 192.0.2.1'])
  })

  test('queries come from source_address, over UDP and TCP; resolver knows the host', async () => {
    const [one, resolver] = [await upstreamOf('192.0.2.1'), await upstreamOf('127.0.0.1')]
    const properties = `source_address 127.0.0.2\n resolver 127.0.0.1:${resolver.port}`
    const overUdp = await serve(`forward . one.test:${one.port} {\n ${properties}\n}`)
    const overTcp = await serve(`forward . one.test:${one.port} {\n force_tcp\n ${properties}\n}`)
    for (const client of [overUdp, overTcp])
      expect(await client.outcome('www.example')).toEqual(['www.example. 60 IN A 192.0.2.1'])
    expect(one.queries.map(({ transport, sourceAddress }) => `${transport} ${sourceAddress}`)).toEqual([
      'udp 127.0.0.2',
      'tcp 127.0.0.2',
    ])
    const nowhere = await serve(`forward . 127.0.0.1:${one.port} {\n source_address 192.0.2.1\n}`)
    expect((await nowhere.ask('www.example')).rcode).toBe('SERVFAIL')
  })

  test('its own address is no upstream: SERVFAIL that says so, at once', async () => {
    const probe = await startServer({ corefileText: '. {\n bind 127.0.0.1\n whoami\n}\n' })
    const { port } = probe
    await probe.close()
    const server = await startServer({
      corefileText: `.:${port} {\n bind 127.0.0.1\n forward . 127.0.0.1:${port}\n}\n`,
    })
    onTestFinished(() => server.close())
    const { rcode, extendedError } = await dnsClient(port).ask('www.example')
    expect(rcode).toBe('SERVFAIL')
    expect(extendedError?.text).toContain(`127.0.0.1:${port} is this server itself`)
  })

  test('reads upstreams from a file in the form of resolv.conf, warning of lines it cannot use', () => {
    const folder = tempFolder()
    const path = `${folder}/resolv.conf`
    const host = testHost({ readFile: () => 'search x\nnameserver 192.0.2.1\nnameserver nope\n' })
    expect(setUp(forward, `forward . ${path} 192.0.2.9`, host).recursionAvailable).toBe(true)
    expect(host.lines).toEqual([
      `warn ${path}: line 3: nameserver "nope" is not an IP address and is ignored`,
    ])
  })

  const files = testHost({
    readFile: (path) => {
      if (path === 'empty.conf') return 'search x\n'
      if (path === 'many.conf')
        return Array.from({ length: 15 }, (_line, at) => `nameserver 192.0.2.${at}`).join('\n')
      throw new Error('no such file')
    },
  })
  test.for([
    [
      'forward .',
      'SLICEDNS_CONFIG_ARGUMENT Corefile:2:1: "forward" needs at least 2 arguments; write forward FROM ADDRESS|HOST|RESOLV_CONF…',
    ],
    ['forward a..b 192.0.2.1', 'SLICEDNS_CONFIG_VALUE Corefile:2:9: "a..b" is not a zone'],
    [
      'forward . ./dns.example',
      'SLICEDNS_CONFIG_UPSTREAM Corefile:2:11: "./dns.example" is not an IP address, a host name or the path of a resolv.conf file',
    ],
    [
      'forward . 192.0.2.1:0',
      'SLICEDNS_CONFIG_UPSTREAM Corefile:2:11: "192.0.2.1:0": the port must be a number from 1 to 65535',
    ],
    [
      'forward . https://192.0.2.1',
      'SLICEDNS_CONFIG_UPSTREAM Corefile:2:11: forwarding over https:// is not supported',
    ],
    [
      'forward . empty.conf',
      'SLICEDNS_CONFIG_UPSTREAM Corefile:2:11: "empty.conf" names no server to forward to; add a line `nameserver ADDRESS` to it',
    ],
    [
      'forward . many.conf 192.0.2.77',
      'SLICEDNS_CONFIG_UPSTREAM Corefile:2:1: "forward" takes at most 15 upstreams',
    ],
    [
      'forward . 192.0.2.1 {\n  doh_method GET\n}',
      'SLICEDNS_CONFIG_PROPERTY_NOT_SUPPORTED Corefile:3:3: property "doh_method" of "forward" is not supported; remove it',
    ],
    [
      'forward . 192.0.2.1 {\n  policy best\n}',
      'SLICEDNS_CONFIG_VALUE Corefile:3:10: "best" is not one of "random", "round_robin", "sequential"',
    ],
    [
      'forward . 192.0.2.1 {\n  failover NOERROR\n}',
      'SLICEDNS_CONFIG_UPSTREAM Corefile:3:12: "NOERROR" is no RCODE that can be named here',
    ],
    [
      'forward . 192.0.2.1 {\n  next NXDOMIAN\n}',
      'SLICEDNS_CONFIG_UPSTREAM Corefile:3:8: "NXDOMIAN" is no RCODE that can be named here',
    ],
    [
      'forward . 192.0.2.1 {\n  read_timeout 0s\n}',
      'SLICEDNS_CONFIG_UPSTREAM Corefile:3:16: "0s" is no time to wait',
    ],
    [
      'forward . 192.0.2.1 {\n  health_check 1s domain\n}',
      'SLICEDNS_CONFIG_UPSTREAM Corefile:3:19: "domain" needs a name',
    ],
    [
      'forward . 192.0.2.1 {\n  tls none.pem\n}',
      'SLICEDNS_CONFIG_UPSTREAM_TLS Corefile:3:7: "none.pem" cannot be read: no such file',
    ],
    [
      'forward . 192.0.2.1 {\n  tls empty.conf empty.conf\n}',
      'SLICEDNS_CONFIG_UPSTREAM_TLS Corefile:3:3: "tls" cannot use its files',
    ],
    [
      'forward . 192.0.2.1 {\n  source_address eth0\n}',
      'SLICEDNS_CONFIG_UPSTREAM Corefile:3:18: "eth0" is not an IP address',
    ],
    [
      'forward . 192.0.2.1 {\n  resolver tls://192.0.2.1\n}',
      'SLICEDNS_CONFIG_UPSTREAM Corefile:3:12: "tls://192.0.2.1" is not an IP address',
    ],
    [
      'forward . 192.0.2.1 {\n  max_fails -1\n}',
      'SLICEDNS_CONFIG_VALUE Corefile:3:13: "-1" is not a whole number from 0',
    ],
    [
      'forward . 192.0.2.1 {\n  polcy random\n}',
      'SLICEDNS_CONFIG_UNKNOWN_PROPERTY Corefile:3:3: unknown property "polcy" of "forward"; did you mean "policy"?',
    ],
  ] as const)('%s is an error', ([text, expected]) => {
    expect(errorOf(forward, text, files)).toContain(expected)
  })
})
