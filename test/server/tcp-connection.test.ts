import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'

import type { Query, Responder } from '../../src/zone/responder.ts'
import {
  addresses,
  framed,
  headerOf,
  rawOption,
  rawQuery,
  startTestServer,
  TcpClient,
  udpReply,
  uint16,
  until,
} from './harness.ts'

const slowQuery = rawQuery({ name: 'slow.cluster.local', id: 1 })
const fastQuery = rawQuery({ name: 'fast.cluster.local', id: 2 })
const isSlow = (query: Query): boolean => query.lowerName.startsWith('slow')

/** Answers names that begin with `slow` after a while. */
const slowAfter =
  (ms: number): Responder =>
  async (query, next) => {
    if (isSlow(query)) await sleep(ms)
    return next(query)
  }

/** Never answers names that begin with `slow`; collects the queries. */
function holding(): { readonly responder: Responder; readonly held: Query[] } {
  const held: Query[] = []
  const responder: Responder = (query, next) => {
    if (!isSlow(query)) return next(query)
    held.push(query)
    return new Promise(() => {})
  }
  return { responder, held }
}

async function expectAlive(port: number): Promise<void> {
  using client = await TcpClient.open(port)
  expect(headerOf(await client.exchange(rawQuery())).rcode).toBe(0)
}

describe('TCP connection', () => {
  test.each([0, 1, 2, 11])('C01 a length of %i closes the connection', async (length) => {
    await using server = await startTestServer([addresses(1)])
    using client = await TcpClient.open(server.port)
    client.socket.write(Buffer.concat([uint16(length), Buffer.alloc(length)]))
    expect(await client.endsWithin(1_000)).toBe(true)
    expect(client.replies).toEqual([])
    expect(server.counters.connectionsMisused).toBe(1)
    // Nobody is there any more: what the client still sends is answered with a reset, which the next write meets.
    client.socket.write('x')
    await sleep(20)
    client.socket.write('x')
    expect(await until(() => client.closed, 1_000)).toBe(true)
  })

  test('H03 a response closes the connection, also before all of it is there', async () => {
    await using server = await startTestServer([addresses(1)])
    for (const size of [1_000, 4]) {
      using client = await TcpClient.open(server.port)
      client.socket.write(framed(rawQuery({ flags: 0x8100 })).subarray(0, size + 1))
      expect(await client.endsWithin(1_000)).toBe(true)
      expect(client.replies).toEqual([])
    }
  })

  test('C02 a length of 65535 and then silence is closed by the message deadline', async () => {
    await using server = await startTestServer([addresses(1)], { tcpLimits: { messageTimeoutMs: 80 } })
    using client = await TcpClient.open(server.port)
    client.socket.write(uint16(65_535))
    expect(await client.endsWithin(1_000)).toBe(true)
    expect(server.counters.connectionsTimedOut).toBe(1)
  })

  test('C03 one octet at a time is closed by the message deadline', async () => {
    await using server = await startTestServer([addresses(1)], { tcpLimits: { messageTimeoutMs: 150 } })
    using client = await TcpClient.open(server.port)
    const octets = framed(rawQuery())
    for (let index = 0; index < octets.length && !client.closed && !client.ended; index++) {
      client.socket.write(octets.subarray(index, index + 1))
      await sleep(20)
    }
    expect(client.replies).toEqual([])
    expect(server.counters.connectionsTimedOut).toBe(1)
  })

  test('C03 a message in too many pieces is closed by their count', async () => {
    await using server = await startTestServer([addresses(1)], { tcpLimits: { maxReadsPerMessage: 10 } })
    using client = await TcpClient.open(server.port)
    for (const octet of framed(rawQuery()).subarray(0, 20)) {
      client.socket.write(Buffer.of(octet))
      await sleep(2)
    }
    expect(await client.endsWithin(1_000)).toBe(true)
    expect(server.counters.connectionsMisused).toBe(1)
    expect(client.replies).toEqual([])
  })

  test('C04 the two length octets apart work; length and reply come in one piece', async () => {
    await using server = await startTestServer([addresses(1)])
    using client = await TcpClient.open(server.port)
    const octets = framed(rawQuery())
    const firstPiece = once(client.socket, 'data')
    for (const piece of [octets.subarray(0, 1), octets.subarray(1, 2), octets.subarray(2)]) {
      client.socket.write(piece)
      await sleep(10)
    }
    await client.waitForReplies(1)
    const [piece] = (await firstPiece) as readonly unknown[]
    expect(piece).toEqual(framed(client.replies[0] ?? Buffer.alloc(0)))
  })

  test('C05 65535 octets of garbage end the connection and leave the server alive', async () => {
    await using server = await startTestServer([addresses(1)])
    for (const garbage of [Buffer.alloc(65_535, 0xff), randomBytes(65_535), Buffer.alloc(65_535)]) {
      using client = await TcpClient.open(server.port)
      client.socket.end(garbage)
      expect(await client.endsWithin(2_000)).toBe(true)
      await expectAlive(server.port)
    }
    expect(server.errors).toEqual([])
  })

  test('C06 100 queries in one write are all answered, and the cap on those in flight holds', async () => {
    let [inFlight, most] = [0, 0]
    const responder: Responder = async (query, next) => {
      most = Math.max(most, ++inFlight)
      await sleep(5)
      inFlight--
      return next(query)
    }
    await using server = await startTestServer([responder, addresses(1)], {
      tcpLimits: { maxInFlightPerConnection: 10 },
    })
    using client = await TcpClient.open(server.port)
    client.send(...Array.from({ length: 100 }, (_, id) => rawQuery({ id })))
    await client.waitForReplies(100)
    const ids = client.replies.map((reply) => headerOf(reply).id)
    expect(ids.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, id) => id))
    expect(most).toBe(10)
  })

  test('C07 a fast answer overtakes a slow one', async () => {
    await using server = await startTestServer([slowAfter(60), addresses(1)])
    using client = await TcpClient.open(server.port)
    client.send(slowQuery, fastQuery)
    await client.waitForReplies(2)
    expect(client.replies.map((reply) => headerOf(reply).id)).toEqual([2, 1])
  })

  test('C08 the same id twice gets two answers', async () => {
    await using server = await startTestServer([slowAfter(10), addresses(1)])
    using client = await TcpClient.open(server.port)
    client.send(slowQuery, slowQuery)
    await client.waitForReplies(2)
    expect(client.replies.map((reply) => headerOf(reply).id)).toEqual([1, 1])
  })

  test('C09 a client that ends after its queries gets the answers, then the end', async () => {
    await using server = await startTestServer([slowAfter(50), addresses(1)])
    using client = await TcpClient.open(server.port)
    client.send(fastQuery, slowQuery)
    client.socket.end()
    expect(await client.endsWithin(2_000)).toBe(true)
    expect(client.replies.map((reply) => headerOf(reply).id)).toEqual([2, 1])
  })

  test('C09 a client that ends in the middle of a message gets the end', async () => {
    await using server = await startTestServer([addresses(1)])
    using client = await TcpClient.open(server.port)
    client.socket.end(Buffer.concat([framed(fastQuery), framed(slowQuery).subarray(0, 9)]))
    expect(await client.endsWithin(1_000)).toBe(true)
    expect(client.replies.length).toBe(1)
  })

  test('C10 a client that never reads is closed after its time, and is not read from until then', async () => {
    await using server = await startTestServer([addresses(4_000)], {
      tcpLimits: { writeTimeoutMs: 150, maxWaitingOctets: Number.POSITIVE_INFINITY },
    })
    using client = await TcpClient.open(server.port)
    client.socket.pause()
    client.send(...Array.from({ length: 2_000 }, (_, id) => rawQuery({ id })))
    expect(await until(() => server.counters.connectionsTimedOut === 1, 5_000)).toBe(true)
    expect(server.counters.replied).toBeLessThan(500)
    await expectAlive(server.port)
  })

  test('C10 a client with too much waiting for it is closed', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const together: Responder = async (query, next) => {
      if (isSlow(query)) await promise
      return next(query)
    }
    await using server = await startTestServer([together, addresses(4_000)], {
      tcpLimits: { maxInFlightPerConnection: 1_000, maxWaitingOctets: 100_000 },
    })
    using client = await TcpClient.open(server.port)
    client.socket.pause()
    client.send(...Array.from({ length: 300 }, (_, id) => rawQuery({ id, name: 'slow.cluster.local' })))
    await until(() => server.counters.received === 300, 5_000)
    resolve()
    expect(await until(() => server.counters.connectionsTimedOut === 1, 5_000)).toBe(true)
  })

  test('C13 queries without end are answered up to a number, then the connection ends', async () => {
    await using server = await startTestServer([addresses(1)], { tcpLimits: { maxQueriesPerConnection: 5 } })
    using client = await TcpClient.open(server.port)
    client.send(...Array.from({ length: 20 }, (_, id) => rawQuery({ id })))
    expect(await client.endsWithin(1_000)).toBe(true)
    expect(client.replies.map((reply) => headerOf(reply).id)).toEqual([0, 1, 2, 3, 4])
  })

  test('aborts what a client waits for when it goes away', async () => {
    const { responder, held } = holding()
    await using server = await startTestServer([responder, addresses(1)])
    using client = await TcpClient.open(server.port)
    client.send(slowQuery)
    await until(() => held.length === 1, 1_000)
    expect(held[0]?.signal.aborted).toBe(false)
    client.socket.resetAndDestroy()
    expect(await until(() => held[0]?.signal.aborted === true, 1_000)).toBe(true)
    expect(server.counters.abandoned).toBe(1)
    await expectAlive(server.port)
  })

  test('U06 a query of 65535 octets is read whole, also in small pieces', async () => {
    await using server = await startTestServer([addresses(1)])
    using client = await TcpClient.open(server.port)
    const without = rawQuery({ edns: { options: rawOption(12) } })
    const query = rawQuery({ edns: { options: rawOption(12, Buffer.alloc(65_535 - without.length)) } })
    const octets = framed(query)
    for (let start = 0; start < octets.length; start += 1_400) {
      client.socket.write(octets.subarray(start, start + 1_400))
    }
    await client.waitForReplies(1)
    expect(headerOf(client.replies[0] ?? Buffer.alloc(0))).toMatchObject({ rcode: 0, counts: [1, 1, 0, 1] })
  })

  test('answers as UDP does where nothing is cut', async () => {
    await using server = await startTestServer([addresses(3)])
    using client = await TcpClient.open(server.port)
    const query = rawQuery({ edns: {} })
    expect(await client.exchange(query)).toEqual(await udpReply(server.port, query))
  })
})
