import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'

import { startServer } from '../../src/index.ts'
import { cache } from '../../src/plugins/cache.ts'
import { parseCacheArguments } from '../../src/plugins/cache-arguments.ts'
import { qnameOf, replyTo } from '../forward/reply-octets.ts'
import type { ReplyParts } from '../forward/reply-octets.ts'
import { dnsClient } from '../helpers/dns-client.ts'
import type { DnsClient } from '../helpers/dns-client.ts'
import { startScriptedUpstream } from '../helpers/scripted-upstream.ts'
import type { ScriptedUpstream } from '../helpers/scripted-upstream.ts'
import { tempFolder } from '../helpers/temp-folder.ts'
import { directivesIn, errorOf } from './plugin-harness.ts'

const SOA = 'example. 60 SOA ns.example. mail.example. 1 2 3 4 60'

async function upstreamThat(answer: (name: string) => ReplyParts): Promise<ScriptedUpstream> {
  const upstream = await startScriptedUpstream((query) => [
    { do: 'send', octets: replyTo(query, answer(qnameOf(query))) },
  ])
  onTestFinished(() => upstream.close())
  return upstream
}

async function serve(blocks: string): Promise<DnsClient> {
  const server = await startServer({ corefileText: blocks })
  onTestFinished(() => server.close())
  return dnsClient(server.port)
}

const read = (text: string) => directivesIn(text).map(parseCacheArguments)[0]

const namesAsked = ({ queries }: ScriptedUpstream) =>
  queries.map(({ octets }) => qnameOf(octets).toLowerCase())

describe('cache', () => {
  test('answers a forwarded name again without asking, as each client spells it', async () => {
    const upstream = await upstreamThat((name) => ({ answer: [`${name} 300 A 192.0.2.1`] }))
    const client = await serve(`. {\n bind 127.0.0.1\n cache 30\n forward . 127.0.0.1:${upstream.port}\n}\n`)
    expect(await client.outcome('www.example')).toEqual(['www.example. 30 IN A 192.0.2.1'])
    const again = await client.ask('WWW.Example')
    expect(again.answer[0]).toMatch(/^WWW\.Example\. (29|30) IN A 192\.0\.2\.1$/)
    expect([again.packet.header.aa, again.packet.header.ra]).toEqual([0, 1])
    expect(namesAsked(upstream)).toEqual(['www.example.'])
  })

  test('keeps only names in its zones', async () => {
    const upstream = await upstreamThat((name) => ({ answer: [`${name} 300 A 192.0.2.1`] }))
    const client = await serve(
      `. {\n bind 127.0.0.1\n cache 30 inner.example\n forward . 127.0.0.1:${upstream.port}\n}\n`,
    )
    for (const name of ['www.inner.example', 'www.inner.example', 'www.example', 'www.example'])
      await client.ask(name)
    expect(namesAsked(upstream)).toEqual(['www.inner.example.', 'www.example.', 'www.example.'])
    expect(await client.outcome('www.example')).toEqual(['www.example. 300 IN A 192.0.2.1'])
  })

  test('F33 two blocks keep their answers apart', async () => {
    const [outer, inner] = await Promise.all(
      ['192.0.2.1', '192.0.2.2'].map((address) =>
        upstreamThat((name) => ({
          answer: [`${name} 300 CNAME www.inner.example.`, `www.inner.example. 300 A ${address}`],
        })),
      ),
    )
    const client = await serve(
      `. {\n bind 127.0.0.1\n cache\n forward . 127.0.0.1:${outer?.port}\n}\n` +
        `inner.example {\n bind 127.0.0.1\n cache\n forward . 127.0.0.1:${inner?.port}\n}\n`,
    )
    await client.ask('alias.example')
    expect((await client.ask('alias.inner.example')).answer.join()).toContain('192.0.2.2')
  })
})

const service = (name: string, address: string) =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: shop}\nspec: {clusterIP: ${address}, ports: [{port: 80}]}\n`

async function cluster(): Promise<{
  client: DnsClient
  upstream: ScriptedUpstream
  change: (yaml: string) => void
}> {
  const folder = tempFolder({ 'services.yaml': service('web', '10.96.0.1') })
  const upstream = await upstreamThat((name) =>
    name === 'www.example.'
      ? { answer: ['www.example. 300 CNAME web.shop.svc.cluster.local.'] }
      : { rcode: 3, authority: [name.endsWith('arpa.') ? SOA.replace('example.', 'in-addr.arpa.') : SOA] },
  )
  const client = await serve(
    `. {\n bind 127.0.0.1\n cache 30\n kubernetes cluster.local in-addr.arpa {\n manifests ${folder}\n` +
      ` ttl 60\n fallthrough in-addr.arpa\n }\n forward . 127.0.0.1:${upstream.port}\n}\n`,
  )
  return { client, upstream, change: (yaml) => writeFileSync(join(folder, 'services.yaml'), yaml) }
}

describe('beside a cluster', () => {
  test('what it answers is never kept: TTLs stand as they are, changes show at once, denials too', async () => {
    const { client, change } = await cluster()
    const web = () => client.outcome('web.shop.svc.cluster.local')
    const db = async () => (await client.ask('db.shop.svc.cluster.local')).rcode
    await expect.poll(web).toEqual(['web.shop.svc.cluster.local. 60 IN A 10.96.0.1'])
    expect(await db()).toBe('NXDOMAIN')
    change(`${service('web', '10.96.0.2')}---\n${service('db', '10.96.0.3')}`)
    await expect.poll(web).toEqual(['web.shop.svc.cluster.local. 60 IN A 10.96.0.2'])
    expect(await db()).toBe('NOERROR')
  })

  test('F34 a denial that was forwarded is kept, and does not hide what the cluster says later', async () => {
    const { client, upstream, change } = await cluster()
    const reverse = async () => (await client.ask('3.0.96.10.in-addr.arpa PTR')).rcode
    expect(await reverse()).toBe('NXDOMAIN')
    expect(await reverse()).toBe('NXDOMAIN')
    expect(namesAsked(upstream)).toEqual(['3.0.96.10.in-addr.arpa.'])
    change(service('db', '10.96.0.3'))
    await expect.poll(reverse).toBe('NOERROR')
    expect(namesAsked(upstream)).toHaveLength(1)
  })

  test('F21 a forwarded alias of a Service is not kept with the address of the Service', async () => {
    const { client, change } = await cluster()
    const www = async () => (await client.ask('www.example')).answer.join('\n')
    await expect.poll(www).toContain('10.96.0.1')
    change(service('web', '10.96.0.9'))
    await expect.poll(www).toContain('10.96.0.9')
  })
})

describe('arguments', () => {
  test('without any are as CoreDNS has them', () => {
    expect(read('cache')).toEqual({
      zones: [],
      options: {
        success: { maxEntries: 9_984, maxTtlSeconds: 3_600, minTtlSeconds: 5, exceptZones: [] },
        denial: { maxEntries: 9_984, maxTtlSeconds: 1_800, minTtlSeconds: 5, exceptZones: [] },
        failureTtlSeconds: 5,
        prefetch: undefined,
        serveStale: undefined,
        keepTtl: false,
      },
    })
  })

  test('are all read', () => {
    const all = read(`cache 60 Example.org 10.0.0.0/24 {
      success 5000 1200 1
      denial 2500
      prefetch 10 30s 20%
      serve_stale_policy prefer_positive
      serve_stale 2h verify 500ms 30s 1m
      servfail 10s
      disable success
      disable denial one.example two.example
      keepttl
    }`)
    expect(all).toEqual({
      zones: ['example.org.', '0.0.10.in-addr.arpa.'],
      options: {
        success: { maxEntries: 5_000, maxTtlSeconds: 1_200, minTtlSeconds: 1, exceptZones: ['.'] },
        denial: {
          maxEntries: 2_500,
          maxTtlSeconds: 60,
          minTtlSeconds: 5,
          exceptZones: ['one.example.', 'two.example.'],
        },
        failureTtlSeconds: 10,
        prefetch: { minHits: 10, maxGapMs: 30_000, remainingPercent: 20 },
        serveStale: {
          maxStaleSeconds: 7_200,
          mode: 'verify',
          verifyTimeoutMs: 500,
          ttlSeconds: 30,
          recheckMs: 60_000,
          preferPositive: true,
        },
        keepTtl: true,
      },
    })
  })

  test.each([
    ['serve_stale', { maxStaleSeconds: 3_600, mode: 'immediate', ttlSeconds: 0, recheckMs: 0 }],
    [
      'serve_stale 1m immediate 30s 10s',
      { maxStaleSeconds: 60, mode: 'immediate', ttlSeconds: 30, recheckMs: 10_000 },
    ],
    ['serve_stale 1m verify', { mode: 'verify', verifyTimeoutMs: 1_800 }],
    ['serve_stale 1m verify 0', { mode: 'verify', verifyTimeoutMs: 1_800 }],
    ['serve_stale 1m verify 10s', { mode: 'verify', verifyTimeoutMs: 1_800 }],
  ])('%s', (property, expected) => {
    expect(read(`cache {\n${property}\n}`)?.options.serveStale).toMatchObject(expected)
  })

  test('prefetch 0 is none, and has a minute and 10% otherwise', () => {
    expect(read('cache {\nprefetch 0\n}')?.options.prefetch).toBeUndefined()
    expect(read('cache {\nprefetch 3\n}')?.options.prefetch).toEqual({
      minHits: 3,
      maxGapMs: 60_000,
      remainingPercent: 10,
    })
  })

  test.each([
    ['cache 0', 'SLICEDNS_CONFIG_VALUE Corefile:2:7: "0" is not a whole number from 1'],
    ['cache a..b', 'SLICEDNS_CONFIG_VALUE Corefile:2:7: "a..b" is not a zone'],
    ['cache\ncache', 'SLICEDNS_CONFIG_DIRECTIVE_TWICE Corefile:3:1'],
    ['cache {\n success\n}', 'SLICEDNS_CONFIG_ARGUMENT Corefile:3:2: "success" needs an argument'],
    ['cache {\n success 0\n}', 'SLICEDNS_CONFIG_VALUE Corefile:3:10'],
    ['cache {\n denial 100 0\n}', 'SLICEDNS_CONFIG_VALUE Corefile:3:13'],
    [
      'cache {\n prefetch 3 1m 5%\n}',
      'SLICEDNS_CONFIG_VALUE Corefile:3:16: "5%" is not a percentage from 10% to 90%',
    ],
    ['cache {\n prefetch 3 1m 10\n}', 'SLICEDNS_CONFIG_VALUE Corefile:3:16: "10" is not a percentage'],
    ['cache {\n servfail 6m\n}', 'SLICEDNS_CONFIG_VALUE Corefile:3:11: "6m" is longer than 5m'],
    [
      'cache {\n disable all\n}',
      'SLICEDNS_CONFIG_VALUE Corefile:3:10: "all" is not one of "success", "denial"',
    ],
    ['cache {\n serve_stale 1h later\n}', 'SLICEDNS_CONFIG_VALUE Corefile:3:17: "later" is not one of'],
    [
      'cache {\n serve_stale 1h immediate 1s 1s 1s\n}',
      'SLICEDNS_CONFIG_VALUE Corefile:3:33: "1s" is one argument too many',
    ],
    [
      'cache {\n serve_stale 1h immediate 500ms\n}',
      'SLICEDNS_CONFIG_VALUE Corefile:3:27: "500ms" is no TTL of whole seconds',
    ],
    [
      'cache {\n serve_stale_policy prefer_positive\n}',
      'SLICEDNS_CONFIG_VALUE Corefile:3:2: "serve_stale_policy" decides about serve_stale',
    ],
    ['cache {\n keepttl 5\n}', 'SLICEDNS_CONFIG_ARGUMENT Corefile:3:10'],
    [
      'cache {\n kepttl\n}',
      'SLICEDNS_CONFIG_UNKNOWN_PROPERTY Corefile:3:2: unknown property "kepttl" of "cache"; did you mean "keepttl"?',
    ],
  ])('%s is an error', (text, expected) => {
    expect(errorOf(cache, text)).toContain(expected)
  })
})
