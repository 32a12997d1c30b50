import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'

import type { Responder } from '../../src/zone/responder.ts'
import { notApplicable } from '../helpers/not-applicable.ts'
import { addresses, headerOf, rawQuery, startTestServer, TcpClient, until } from './harness.ts'

const never: Responder = () => new Promise(() => {})

/** Whether a new connection is reset at once, while it is made or just after. */
async function isRefused(port: number, localAddress?: string): Promise<boolean> {
  try {
    using newcomer = await TcpClient.open(port, localAddress)
    return await newcomer.endsWithin(500)
  } catch {
    return true
  }
}

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
    expect(await isRefused(server.port)).toBe(true)
    expect([first.ended, second.ended]).toEqual([false, false])
    expect(server.counters).toMatchObject({ connectionsEvicted: 0, connectionsRefused: 1 })
  })

  test('C12 a client with the most connections it may have loses its oldest idle one, others keep theirs', async () => {
    await using server = await startTestServer([addresses(1)], { tcpLimits: { maxConnectionsPerClient: 2 } })
    using other = await TcpClient.open(server.port, '127.0.0.2')
    await other.exchange(rawQuery())
    using first = await TcpClient.open(server.port)
    await first.exchange(rawQuery())
    using second = await TcpClient.open(server.port)
    await second.exchange(rawQuery())
    using third = await TcpClient.open(server.port)
    expect(headerOf(await third.exchange(rawQuery())).rcode).toBe(0)
    expect(await first.endsWithin(1_000)).toBe(true)
    for (const client of [other, second]) expect(headerOf(await client.exchange(rawQuery())).rcode).toBe(0)
    expect(server.counters).toMatchObject({ connectionsEvicted: 1, connectionsRefused: 0 })
  })

  test('C12 a client whose connections all wait for answers gets no more of them, others do', async () => {
    await using server = await startTestServer([never], { tcpLimits: { maxConnectionsPerClient: 1 } })
    using first = await TcpClient.open(server.port)
    first.send(rawQuery())
    await until(() => server.counters.received === 1, 1_000)
    expect(await isRefused(server.port)).toBe(true)
    expect(await isRefused(server.port, '127.0.0.2')).toBe(false)
    expect(first.ended).toBe(false)
    expect(server.counters).toMatchObject({ connectionsEvicted: 0, connectionsRefused: 1 })
  })

  test('C12 connections beyond the most a second are reset, for that client alone and for that second', async () => {
    let nowMs = 1_000
    await using server = await startTestServer([addresses(1)], {
      tcpLimits: { maxNewConnectionsPerSecond: 3 },
      nowMs: () => nowMs,
    })
    const refused: boolean[] = []
    for (let count = 0; count < 5; count++) refused.push(await isRefused(server.port))
    expect(refused).toEqual([false, false, false, true, true])
    expect(await isRefused(server.port, '127.0.0.2')).toBe(false)
    nowMs += 1_000
    expect(await isRefused(server.port)).toBe(false)
    expect(server.counters.connectionsRefused).toBe(2)
  })

  test('C14 thousands of connections that are reset at once leave no socket behind', async () => {
    await using server = await startTestServer([addresses(1)], {
      tcpLimits: { maxNewConnectionsPerSecond: 100_000 },
    })
    for (let round = 0; round < 20; round++) {
      await Promise.all(Array.from({ length: 100 }, () => connectAndReset(server.port)))
    }
    expect(await until(() => serverSockets(server.port).length === 0, 15_000)).toBe(true)
    using client = await TcpClient.open(server.port)
    expect(headerOf(await client.exchange(rawQuery())).rcode).toBe(0)
    expect(server.errors).toEqual([])
  })

  test('C15 clients that vanish while they wait, read half or have ended leave no CLOSE_WAIT behind', async () => {
    await using server = await startTestServer([slow(50), addresses(2_000)], {
      tcpLimits: { writeTimeoutMs: 100, idleTimeoutMs: 100 },
    })
    const clients = await Promise.all(Array.from({ length: 30 }, () => TcpClient.open(server.port)))
    for (const [index, client] of clients.entries()) {
      client.send(...Array.from({ length: 10 }, (_, id) => rawQuery({ id })))
      if (index % 3 === 0) client.socket.destroy()
      if (index % 3 === 1) client.socket.pause()
      if (index % 3 === 2) client.socket.pause().end()
    }
    expect(await until(() => serverSockets(server.port).length === 0, 15_000)).toBe(true)
    for (const client of clients) client.socket.destroy()
  })

  test.each([
    ['a TLS handshake', Buffer.from('160301020001fc0303', 'hex')],
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n')],
  ])('C16 %s on the plain port gets no reply and is closed by the message deadline', async (_, octets) => {
    await using server = await startTestServer([addresses(1)], { tcpLimits: { messageTimeoutMs: 80 } })
    using client = await TcpClient.open(server.port)
    client.socket.write(Buffer.concat([octets, Buffer.alloc(200)]))
    expect(await client.endsWithin(1_000)).toBe(true)
    expect(client.replies).toEqual([])
    expect(server.counters.connectionsTimedOut).toBe(1)
  })
})

notApplicable('C16', 'plain DNS to port 853, stalled handshakes and certificates: TLS is not served yet')

const slow =
  (ms: number): Responder =>
  async (query, next) => {
    await sleep(ms)
    return next(query)
  }

function connectAndReset(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.on('error', () => {})
    socket.on('connect', () => socket.resetAndDestroy())
    socket.on('close', () => resolve())
  })
}

/** States of TCP connections that a server on this port of 127.0.0.1 still has a socket for. */
function serverSockets(port: number): readonly string[] {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0')
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state = '']) => local.endsWith(`:${hexPort}`) && HOLDS_SOCKET.has(state))
    .map(([, , , state = '']) => state)
}

/** ESTABLISHED and CLOSE_WAIT, as linux/include/net/tcp_states.h numbers them. */
const HOLDS_SOCKET: ReadonlySet<string> = new Set(['01', '08'])
