import { describe, expect, onTestFinished, test } from 'vitest'

import { startServer } from '../../src/index.ts'
import { local } from '../../src/plugins/local.ts'
import type { Reply } from '../../src/zone/responder.ts'
import { clientQuery } from '../forward/client-query.ts'
import { replyTo } from '../forward/reply-octets.ts'
import { COREDNS } from '../helpers/coredns.ts'
import { dnsClient } from '../helpers/dns-client.ts'
import { startScriptedUpstream } from '../helpers/scripted-upstream.ts'
import { startPair } from './beside-coredns.ts'
import { chainOf, errorOf, setUp, testHost } from './plugin-harness.ts'

const FROM_BELOW: Reply = { rcode: 5, authoritativeAnswer: false, answer: [], authority: [], additional: [] }

describe('local', () => {
  test.for([
    ['local', 0],
    ['local {\n localhost_prefix on\n}', 0],
    ['local {\n localhost_prefix off\n}', 5],
    ['local {\n localhost_prefix on\n localhost_prefix off\n}', 5],
    ['local {\n localhost_prefix off\n}\nlocal', 5],
  ] as const)('%j: localhost.example. has RCODE %i', async ([text, rcode]) => {
    const chain = chainOf(setUp(local, text), FROM_BELOW)
    expect((await chain(clientQuery('localhost.example. A'))).rcode).toBe(rcode)
    expect((await chain(clientQuery('www.localhost. A'))).rcode).toBe(0)
    expect(await chain(clientQuery('www.example. A'))).toBe(FROM_BELOW)
  })

  test('counts names below localhost and with it in front, as CoreDNS does', async () => {
    const host = testHost()
    const chain = chainOf(setUp(local, 'local', host), FROM_BELOW)
    for (const name of [
      'localhost.',
      'www.localhost.',
      'localhost.example.',
      '127.in-addr.arpa.',
      'example.',
    ])
      await chain(clientQuery(`${name} TXT`))
    const [family] = host.metrics.families()
    expect(family?.spec.name).toBe('coredns_local_localhost_requests_total')
    expect([...(family?.series() ?? [])]).toEqual([{ labelValues: [], value: 2 }])
  })

  test.for([
    ['local x', 'SLICEDNS_CONFIG_ARGUMENT Corefile:2:7: "local" takes no argument, not also "x"'],
    [
      'local {\n localhost_prefix\n}',
      'SLICEDNS_CONFIG_ARGUMENT Corefile:3:2: "localhost_prefix" needs an argument; write localhost_prefix on|off',
    ],
    [
      'local {\n localhost_prefix yes\n}',
      'SLICEDNS_CONFIG_VALUE Corefile:3:19: "yes" is not one of "on", "off"',
    ],
    ['local {\n localhost_prefix on off\n}', 'SLICEDNS_CONFIG_ARGUMENT Corefile:3:22'],
    ['local {\n prefix on\n}', 'SLICEDNS_CONFIG_UNKNOWN_PROPERTY Corefile:3:2: unknown property "prefix"'],
  ] as const)('%j is an error', ([text, expected]) => {
    expect(errorOf(local, text)).toContain(expected)
  })
})

test('T18 localhost and the reverse names of this host reach no upstream; without local they do', async () => {
  const asked: number[] = []
  const upstream = await startScriptedUpstream((query) => {
    asked.push(query.length)
    return [{ do: 'send', octets: replyTo(query, { rcode: 3 }) }]
  })
  onTestFinished(() => upstream.close())
  const names = ['localhost A', 'www.localhost A', '1.0.0.127.in-addr.arpa PTR', '1.0.0.0.in-addr.arpa PTR']
  const serve = async (directives: string) => {
    const corefileText = `.:0 {\n bind 127.0.0.1\n ${directives}\n forward . 127.0.0.1:${upstream.port}\n}\n`
    const server = await startServer({ corefileText })
    onTestFinished(() => server.close())
    const client = dnsClient(server.port)
    return await Promise.all(names.map(async (name) => (await client.ask(name)).rcode))
  }
  expect(await serve('local')).toEqual(['NOERROR', 'NOERROR', 'NOERROR', 'NXDOMAIN'])
  expect(asked).toEqual([])
  await serve('')
  expect(asked).toHaveLength(names.length)
})

test('T18 locally served zones and special-use names reach no upstream; data of ours comes first', async () => {
  const asked: number[] = []
  const upstream = await startScriptedUpstream((query) => {
    asked.push(query.length)
    return [{ do: 'send', octets: replyTo(query, { rcode: 0 }) }]
  })
  onTestFinished(() => upstream.close())
  const corefileText = `.:0 {
    bind 127.0.0.1
    local
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        fallthrough
        manifests examples/labs
    }
    forward . 127.0.0.1:${upstream.port}
    cache
  }`
  const server = await startServer({ corefileText })
  onTestFinished(() => server.close())
  const client = dnsClient(server.port)
  const ask = async (question: string) => {
    const { rcode, answer } = await client.ask(question)
    return [rcode, ...answer]
  }
  expect(await ask('7.70.96.10.in-addr.arpa PTR')).toEqual([
    'NOERROR',
    expect.stringContaining('my-service.lab-loadbalancer.svc.cluster.local.'),
  ])
  for (const name of ['1.2.3.10.in-addr.arpa', '1.1.168.192.in-addr.arpa', 'hidden.onion', 'any.thing.alt'])
    expect(await ask(`${name} PTR`)).toEqual(['NXDOMAIN'])
  expect(await ask('10.in-addr.arpa SOA')).toEqual(['NOERROR', expect.stringContaining('SOA')])
  expect(await ask(`1.${'0.'.repeat(31)}ip6.arpa PTR`)).toEqual([
    'NOERROR',
    expect.stringContaining('localhost.'),
  ])
  expect(asked).toEqual([])
  await ask('www.example.org A')
  await ask('8.8.8.8.in-addr.arpa PTR')
  expect(asked).toHaveLength(2)
})

describe.skipIf(COREDNS === undefined)('local beside CoreDNS', () => {
  const names = [
    'localhost.',
    'LocalHost.',
    'localhost.Example.',
    '0.in-addr.arpa.',
    '127.In-addr.arpa.',
    '255.in-addr.arpa.',
    '1.0.0.127.in-addr.arpa.',
    '2.0.0.127.in-addr.arpa.',
    '1.0.0.0.in-addr.arpa.',
    'a.255.in-addr.arpa.',
    'www.example.',
    'localhosts.',
  ]

  test.for(['local', 'local {\n localhost_prefix off\n }'])('%j says the same', async (directive) => {
    const pair = await startPair(`${directive}\n whoami`)
    for (const name of names) {
      for (const type of ['A', 'AAAA', 'PTR', 'SOA', 'NS', 'TXT', 'MX', 'DS']) {
        const { ours, theirs } = await pair.ask(`${name} ${type}`)
        // whoami tells the port of the asker.
        const [{ additional: _1, ...own }, { additional: _2, ...other }] = [ours, theirs]
        expect(own, `${name} ${type}`).toEqual(other)
      }
    }
  })

  test('says the same of names below localhost, but for the owner of the SOA', async () => {
    const pair = await startPair('local')
    for (const type of ['A', 'AAAA']) {
      const { ours, theirs } = await pair.ask(`Www.localhost. ${type}`)
      expect(ours).toEqual(theirs)
    }
    const { ours, theirs } = await pair.ask('www.localhost. TXT')
    expect(theirs.authority).toEqual(ours.authority.map((line) => `www.${line}`))
  })

  test('differs where one name must have one existence, and for ANY', async () => {
    const pair = await startPair('local')
    const between = await pair.ask('0.0.127.in-addr.arpa. PTR')
    expect([between.ours.rcode, between.theirs.rcode]).toEqual([0, 3])
    const any = await pair.ask('localhost. ANY')
    expect([any.ours.answer.length, any.theirs.answer.length]).toEqual([1, 0])
  })
})
