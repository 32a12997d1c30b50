import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'

import type { Responder } from '../../src/zone/responder.ts'
import { addresses, headerOf, rawQuery, startTestServer, TcpClient, until } from './harness.ts'

const never: Responder = () => new Promise(() => {})

describe('TCP listener', () => {
  test('C11 an idle connection is closed after its time, one with queries is not', async () => {
    await using server = await startTestServer([addresses(1)], { tcpLimits: { idleTimeoutMs: 400 } })
    using idle = await TcpClient.open(server.port)
    using busy = await TcpClient.open(server.port)
    for (let count = 0; count < 16; count++) {
      await busy.exchange(rawQuery())
      await sleep(50)
    }
    expect(idle.ended).toBe(true)
    expect(busy.ended).toBe(false)
    expect(server.counters.connectionsTimedOut).toBe(1)
  })

  test('C11 a connection that waits for an answer is not idle', async () => {
    await using server = await startTestServer([never], { tcpLimits: { idleTimeoutMs: 40 } })
    using client = await TcpClient.open(server.port)
    client.send(rawQuery())
    expect(await client.endsWithin(200)).toBe(false)
  })

  test('C11 idle connections are closed sooner while more than half of all are in use', async () => {
    const tcpLimits = { maxConnections: 4, idleTimeoutMs: 60_000, crowdedIdleTimeoutMs: 80 }
    await using server = await startTestServer([addresses(1)], { tcpLimits })
    using first = await TcpClient.open(server.port)
    using second = await TcpClient.open(server.port)
    expect(await first.endsWithin(250)).toBe(false)
    using third = await TcpClient.open(server.port)
    expect(await first.endsWithin(1_000)).toBe(true)
    expect(await until(() => server.counters.connectionsTimedOut > 0, 1_000)).toBe(true)
    expect([second, third].length).toBe(2)
  })

  test('C12 when full, the client that has the most loses its oldest idle connection', async () => {
    await using server = await startTestServer([addresses(1)], { tcpLimits: { maxConnections: 4 } })
    using oldest = await TcpClient.open(server.port)
    using middle = await TcpClient.open(server.port)
    using youngest = await TcpClient.open(server.port)
    using light = await TcpClient.open(server.port, '127.0.0.2')
    await light.exchange(rawQuery())
    for (const client of [oldest, middle, youngest]) {
      await client.exchange(rawQuery())
      await sleep(5)
    }
    await oldest.exchange(rawQuery())
    using newcomer = await TcpClient.open(server.port, '127.0.0.3')
    expect(headerOf(await newcomer.exchange(rawQuery())).rcode).toBe(0)
    expect(await middle.endsWithin(1_000)).toBe(true)
    for (const client of [light, oldest, youngest]) {
      expect(headerOf(await client.exchange(rawQuery())).rcode).toBe(0)
    }
    expect(server.counters.connectionsEvicted).toBe(1)
  })

  test('C12 when full of connections that wait for answers, the newcomer is refused', async () => {
    await using server = await startTestServer([never], { tcpLimits: { maxConnections: 2 } })
    using first = await TcpClient.open(server.port)
    using second = await TcpClient.open(server.port)
    first.send(rawQuery())
    second.send(rawQuery())
    await until(() => server.counters.received === 2, 1_000)
    using newcomer = await TcpClient.open(server.port)
    expect(await newcomer.endsWithin(1_000)).toBe(true)
    expect([first.ended, second.ended]).toEqual([false, false])
    expect(server.counters.connectionsEvicted).toBe(1)
  })
})
