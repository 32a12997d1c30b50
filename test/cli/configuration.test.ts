import { expect, onTestFinished, test } from 'vitest'

import { corefileFromText } from '../../src/cli/read-corefile.ts'
import { startServing } from '../../src/cli/start-server.ts'
import { qnameOf, replyTo } from '../forward/reply-octets.ts'
import { dnsClient } from '../helpers/dns-client.ts'
import type { DnsClient } from '../helpers/dns-client.ts'
import { closedPort, startScriptedUpstream } from '../helpers/scripted-upstream.ts'
import type { ScriptedUpstream } from '../helpers/scripted-upstream.ts'
import { tempFolder } from '../helpers/temp-folder.ts'
import { testHost } from '../plugins/plugin-harness.ts'

/** A server whose Corefile is what `corefile` says of the directives. */
async function serve(first: string): Promise<{ client: DnsClient; reload: (text: string) => Promise<void> }> {
  const port = await closedPort()
  let text = first
  const { log, lines } = testHost()
  const read = () => corefileFromText(`.:${port} {\n bind 127.0.0.1\n${text}\n}\n`, 'Corefile')
  const serving = await startServing({ corefile: read(), readAgain: read, defaultPort: 0, watch: true, log })
  onTestFinished(() => serving.close())
  return {
    client: dnsClient(port),
    reload: async (next) => {
      text = next
      await serving.reload()
      expect(lines.filter((line) => line.startsWith('error'))).toEqual([])
    },
  }
}

async function upstreamOf(...addresses: readonly string[]): Promise<ScriptedUpstream> {
  const upstream = await startScriptedUpstream((query) => [
    {
      do: 'send',
      octets: replyTo(query, { answer: addresses.map((address) => `${qnameOf(query)} 60 A ${address}`) }),
    },
  ])
  onTestFinished(() => upstream.close())
  return upstream
}

const connectionsOf = ({ queries }: ScriptedUpstream) =>
  new Set(queries.map(({ sourcePort }) => sourcePort)).size

const clientQueries = ({ queries }: ScriptedUpstream) =>
  queries.filter(({ octets }) => qnameOf(octets) !== '.').length

test('a reload keeps connections to upstreams, where the forward has not changed', async () => {
  const upstream = await upstreamOf('192.0.2.1')
  const forward = (more: string) => `forward . 127.0.0.1:${upstream.port} {\n force_tcp\n${more}\n}`
  const { client, reload } = await serve(forward(''))
  await client.ask('a.example')
  await reload(`loadbalance\n${forward('')}`)
  await client.ask('b.example')
  // Names that are not forwarded are about the configuration, not about the upstreams.
  await reload(`errors\n${forward('except inner.example')}`)
  await client.ask('c.example')
  expect([upstream.queries.length, connectionsOf(upstream)]).toEqual([3, 1])
  await reload(forward('expire 20s'))
  await client.ask('d.example')
  expect([upstream.queries.length, connectionsOf(upstream)]).toEqual([4, 2])
})

test('a reload does not forget which upstream is dead', async () => {
  const [dead, alive] = [await startScriptedUpstream(() => []), await upstreamOf('192.0.2.2')]
  onTestFinished(() => dead.close())
  const forward = `forward . 127.0.0.1:${dead.port} 127.0.0.1:${alive.port} {\n policy sequential\n}`
  const { client, reload } = await serve(forward)
  await client.ask('a.example')
  expect([clientQueries(dead), clientQueries(alive)]).toEqual([1, 1])
  await reload(`loadbalance\n${forward}`)
  await client.ask('b.example')
  expect([clientQueries(dead), clientQueries(alive)]).toEqual([1, 2])
})

test('a chain that enters a zone goes on with our own data from the reload on that adds the zone', async () => {
  const upstream = await startScriptedUpstream((query) => [
    {
      do: 'send',
      octets: replyTo(query, {
        answer: ['www.example. 60 CNAME db.home.test.', 'db.home.test. 60 A 192.0.2.66'],
      }),
    },
  ])
  onTestFinished(() => upstream.close())
  const forward = `forward . 127.0.0.1:${upstream.port} {\n force_tcp\n}`
  const { client, reload } = await serve(forward)
  expect((await client.ask('www.example')).answer.at(-1)).toBe('db.home.test. 60 IN A 192.0.2.66')
  const zone = '@ 60 SOA ns.home.test. host.home.test. 1 2 3 4 5\ndb 60 A 10.0.0.1\n'
  const folder = tempFolder({ 'home.zone': zone })
  await reload(`file ${folder}/home.zone home.test\n${forward}`)
  expect((await client.ask('www.example')).answer.at(-1)).toBe('db.home.test. 60 IN A 10.0.0.1')
  expect(connectionsOf(upstream)).toBe(1)
})
