import { describe, expect, onTestFinished, test } from 'vitest'

import { corefileFromText } from '../../src/cli/read-corefile.ts'
import type { Serving } from '../../src/cli/start-server.ts'
import { startServing } from '../../src/cli/start-server.ts'
import { limits } from '../../src/plugins/limits.ts'
import { startScriptedUpstream } from '../helpers/scripted-upstream.ts'
import { headerOf, rawQuery, TcpClient, UdpClient } from '../server/harness.ts'
import { errorOf, setUp, testHost } from './plugin-harness.ts'

describe('limits', () => {
  test.for([
    ['max_in_flight 1', { maxInFlight: 1 }],
    ['max_in_flight_per_client 1000000', { maxInFlightPerClient: 1_000_000 }],
    ['max_connections 2', { maxConnections: 2 }],
    ['max_connections_per_client 3', { maxConnectionsPerClient: 3 }],
    ['max_new_connections_per_second 4', { maxNewConnectionsPerSecond: 4 }],
    ['max_in_flight_per_connection 5', { maxInFlightPerConnection: 5 }],
    ['crowded_idle_timeout 2m', { crowdedIdleTimeoutMs: 120_000 }],
    ['max_waiting_octets 65537', { maxWaitingOctets: 65_537 }],
    ['max_unsent_replies 6', { maxUnsentReplies: 6 }],
    ['max_address_sockets 7', { maxAddressSockets: 7 }],
    ['max_http_connections 8', { maxHttpConnections: 8 }],
    ['max_in_flight 9\n max_connections 10', { maxInFlight: 9, maxConnections: 10 }],
  ] as const)('%j', ([properties, expected]) => {
    expect(setUp(limits, `limits {\n ${properties}\n}`).limits).toEqual(expected)
  })

  test('asks for nothing where it is absent', () => {
    expect(setUp(limits, '').limits).toBeUndefined()
  })

  test.for([
    [
      'limits',
      'SLICEDNS_CONFIG_EMPTY_BLOCK Corefile:2:1: "limits" needs a property in braces; write limits {',
    ],
    ['limits 5 {\n max_in_flight 2\n}', 'SLICEDNS_CONFIG_ARGUMENT Corefile:2:8: "limits" takes no argument'],
    [
      'limits {\n max_in_flight\n}',
      'SLICEDNS_CONFIG_ARGUMENT Corefile:3:2: "max_in_flight" needs an argument; write max_in_flight COUNT',
    ],
    [
      'limits {\n max_in_flight 1 2\n}',
      'SLICEDNS_CONFIG_ARGUMENT Corefile:3:18: "max_in_flight" takes at most',
    ],
    [
      'limits {\n max_in_flight 0\n}',
      'SLICEDNS_CONFIG_VALUE Corefile:3:16: "0" is not a whole number from 1 to',
    ],
    ['limits {\n max_connections -1\n}', 'SLICEDNS_CONFIG_VALUE Corefile:3:18: "-1" is not a whole number'],
    [
      'limits {\n max_connections 1000001\n}',
      'SLICEDNS_CONFIG_VALUE Corefile:3:18: "1000001" is not a whole',
    ],
    ['limits {\n max_connections 1.5\n}', 'SLICEDNS_CONFIG_VALUE Corefile:3:18: "1.5" is not a whole number'],
    [
      'limits {\n max_waiting_octets 65536\n}',
      'SLICEDNS_CONFIG_VALUE Corefile:3:21: "65536" is not a whole number from 65537 to 1073741824',
    ],
    [
      'limits {\n crowded_idle_timeout 999ms\n}',
      'SLICEDNS_CONFIG_VALUE Corefile:3:23: "999ms" is not a time from 1s to 24h',
    ],
    ['limits {\n crowded_idle_timeout 10\n}', 'SLICEDNS_CONFIG_VALUE Corefile:3:23: "10" is not a duration'],
    [
      'limits {\n max_conections 5\n}',
      'SLICEDNS_CONFIG_UNKNOWN_PROPERTY Corefile:3:2: unknown property "max_conections" of "limits"; ' +
        'did you mean "max_connections"?',
    ],
    [
      'limits {\n max_connections 5\n max_connections 6\n}',
      'SLICEDNS_CONFIG_DUPLICATE_PROPERTY Corefile:4:2: property "max_connections" of "limits" stands twice',
    ],
    [
      'limits {\n max_connections 5\n}\nlimits {\n max_in_flight 6\n}',
      'SLICEDNS_CONFIG_DIRECTIVE_TWICE Corefile:5:1: a server block takes one "limits" only; put all bounds into one',
    ],
    [
      'limits {\n idle_timeout 5s\n}',
      'SLICEDNS_CONFIG_UNKNOWN_PROPERTY Corefile:3:2: "idle_timeout" is not set by "limits"; ' +
        'write timeouts { idle DURATION }',
    ],
    ['limits {\n message_timeout 5s\n}', 'write timeouts { read DURATION }'],
    ['limits {\n write_timeout 5s\n}', 'write timeouts { write DURATION }'],
    ['limits {\n max_queries_per_connection 5\n}', 'write timeouts { maxtcpqueries MAXIMUM }'],
  ] as const)('%j is an error', ([text, expected]) => {
    expect(errorOf(limits, text)).toContain(expected)
  })
})

/** One block on 127.0.0.1, whose forwarded queries are never answered. */
async function serve(
  properties: string,
  more = '',
): Promise<{ readonly serving: Serving; readonly port: number }> {
  const upstream = await startScriptedUpstream(() => [])
  const text = `.:0 {
    bind 127.0.0.1
    limits {
      ${properties}
    }
    forward . 127.0.0.1:${upstream.port}
  }
  ${more}`
  const corefile = corefileFromText(text, 'Corefile')
  const serving = await startServing({ corefile, defaultPort: 0, watch: false, log: testHost().log })
  onTestFinished(async () => {
    await serving.close({ graceMs: 0 })
    await upstream.close()
  })
  return { serving, port: serving.addresses[0]?.port ?? 0 }
}

describe('limits served', () => {
  test('max_in_flight_per_client: what a client asks beyond is SERVFAIL at once, with the reason, and counted', async () => {
    const { serving, port } = await serve('max_in_flight_per_client 2')
    using client = await UdpClient.open(port)
    using other = await UdpClient.open(port, '127.0.0.2')
    for (const id of [1, 2, 3, 4]) client.send(rawQuery({ id, edns: {} }))
    other.send(rawQuery())
    await expect.poll(() => serving.counters.received).toBe(5)
    await expect.poll(() => client.replies.length).toBe(2)
    expect(client.replies.map((reply) => headerOf(reply))).toMatchObject([
      { id: 3, rcode: 2 },
      { id: 4, rcode: 2 },
    ])
    expect(client.replies[0]?.includes('too many queries wait for an answer')).toBe(true)
    expect(other.replies).toEqual([])
    expect(serving.counters).toMatchObject({ shed: 0, shedOfOneClient: 2 })
  })

  test('max_connections 2: the client with the most loses its oldest idle connection', async () => {
    const { serving, port } = await serve('max_connections 2\n max_connections_per_client 2')
    using first = await TcpClient.open(port)
    using second = await TcpClient.open(port)
    using other = await TcpClient.open(port, '127.0.0.2')
    expect(await first.endsWithin(2_000)).toBe(true)
    expect([second.ended, other.ended]).toEqual([false, false])
    expect(serving.counters).toMatchObject({ connectionsAccepted: 3, connectionsEvicted: 1 })
  })

  test('max_new_connections_per_second: one client is reset beyond', async () => {
    const { serving, port } = await serve('max_new_connections_per_second 1')
    using first = await TcpClient.open(port)
    // The reset may come before it is told that it was connected.
    using second = await TcpClient.open(port).catch(() => undefined)
    await expect.poll(() => serving.counters.connectionsRefused).toBe(1)
    expect([first.ended, second?.replies ?? []]).toEqual([false, []])
    expect(serving.counters).toMatchObject({ connectionsAccepted: 1, connectionsRefused: 1 })
  })

  test('max_in_flight_per_connection: no more is read until one is answered', async () => {
    const { serving, port } = await serve('max_in_flight_per_connection 2')
    using client = await TcpClient.open(port)
    client.send(rawQuery(), rawQuery(), rawQuery())
    await expect.poll(() => serving.counters.received).toBe(2)
    using after = await UdpClient.open(port)
    after.send(rawQuery())
    await expect.poll(() => serving.counters.received).toBe(3)
  })

  test('of blocks on one port the last counts, bound by bound', async () => {
    const more = 'other.example:0 {\n bind 127.0.0.1\n limits {\n max_in_flight_per_client 3\n }\n whoami\n }'
    const { serving, port } = await serve('max_in_flight_per_client 1\n max_connections_per_client 1', more)
    using client = await UdpClient.open(port)
    for (let id = 0; id < 4; id++) client.send(rawQuery({ id }))
    await expect.poll(() => serving.counters.shedOfOneClient).toBe(1)
    using first = await TcpClient.open(port)
    using second = await TcpClient.open(port)
    expect(await first.endsWithin(2_000)).toBe(true)
    expect(second.ended).toBe(false)
  })
})
