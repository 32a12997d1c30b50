import { expect, onTestFinished, test } from 'vitest'

import { DEFAULT_QUERY_LIMITS } from '../../src/server/query-limits.ts'
import { FORWARDER_OPTIONS, testForwarder } from '../forward/forwarder-options.ts'
import { qnameOf, replyTo } from '../forward/reply-octets.ts'
import { startScriptedUpstream } from '../helpers/scripted-upstream.ts'
import type { ScriptedUpstream } from '../helpers/scripted-upstream.ts'
import { UdpClient, rawQuery, startTestServer, until } from '../server/harness.ts'

test('U11 one client holds 5,000 queries on a stalled upstream: its share waits and is answered late, the rest fails at once', async () => {
  const share = DEFAULT_QUERY_LIMITS.maxInFlightPerClient
  // One after another, as a socket holds some 250 datagrams that nobody has read yet.
  const upstream: ScriptedUpstream = await startScriptedUpstream((query) => {
    const octets = replyTo(query, { answer: [`${qnameOf(query)} 60 A 192.0.2.1`] })
    return [{ do: 'send', octets, afterMs: 2_500 + upstream.queries.length }]
  })
  onTestFinished(() => upstream.close())
  // Without probes, which would end the waiting before the upstream answers.
  const health = { ...FORWARDER_OPTIONS.health, maxFails: 0 }
  const forwarder = testForwarder([upstream], { options: { health } })
  onTestFinished(() => forwarder.close())
  await using server = await startTestServer([(query) => forwarder.forward(query)])
  using client = await UdpClient.open(server.port)
  for (let id = 0; id < 5_000; id++) {
    client.send(rawQuery({ id, name: `n${id}.cluster.local` }))
    if (id % 50 === 49) await until(() => server.counters.received === id + 1, 2_000)
  }
  expect(server.counters.shedOfOneClient).toBe(5_000 - share)
  expect(await until(() => client.replies.length === 5_000 - share, 1_000)).toBe(true)
  expect(new Set(upstream.queries.map(({ octets }) => qnameOf(octets))).size).toBe(share)
  expect(await until(() => client.replies.length === 5_000, 6_000)).toBe(true)
  const rcodes = client.replies.map((reply) => reply.readUInt8(3) & 0x0f)
  expect(rcodes.filter((rcode) => rcode === 0)).toHaveLength(share)
}, 20_000)
