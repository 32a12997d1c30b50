import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, test, vi } from 'vitest'

import { ListenError } from '../../src/server/listen-error.ts'
import type * as tcpListener from '../../src/server/tcp-listener.ts'
import type * as udpListener from '../../src/server/udp-listener.ts'
import type { Responder } from '../../src/zone/responder.ts'
import { addresses, headerOf, rawQuery, startTestServer, TcpClient, UdpClient, udpReply } from './harness.ts'

/** What the system says to the next attempts to listen. */
const failures = vi.hoisted(() => ({ udp: [] as string[], tcp: [] as string[] }))

function failNext(codes: string[]): void {
  const code = codes.shift()
  if (code !== undefined) throw Object.assign(new Error(code), { code })
}

vi.mock('../../src/server/udp-listener.ts', async (original) => {
  const { openUdpListener } = await original<typeof udpListener>()
  return {
    openUdpListener: async (...args: Parameters<typeof openUdpListener>) => {
      failNext(failures.udp)
      return await openUdpListener(...args)
    },
  }
})

vi.mock('../../src/server/tcp-listener.ts', async (original) => {
  const { openTcpListener } = await original<typeof tcpListener>()
  return {
    openTcpListener: async (...args: Parameters<typeof openTcpListener>) => {
      failNext(failures.tcp)
      return await openTcpListener(...args)
    },
  }
})

async function portTakenOverTcp() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('not listening')
  return { port: bound.port, [Symbol.dispose]: () => void server.close() }
}

async function portTakenOverUdp() {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return { port: socket.address().port, [Symbol.dispose]: () => void socket.close() }
}

const target = (port: number) => ({ address: '127.0.0.1', port })

async function errorOf(...targets: readonly { address?: string; port: number }[]): Promise<ListenError> {
  try {
    await using server = await startTestServer([addresses(1)], { targets })
    throw new Error(`listens on ${server.port}`)
  } catch (error) {
    if (error instanceof ListenError) return error
    throw error
  }
}

describe('openListeners', () => {
  test('opens UDP and TCP on one free port', async () => {
    await using server = await startTestServer([addresses(1)])
    const { listeners } = server.group
    expect(listeners.map(({ transport }) => transport)).toEqual(['udp', 'tcp'])
    expect(new Set(listeners.map(({ port }) => port)).size).toBe(1)
    expect(server.port).toBeGreaterThan(0)
  })

  test('listens on every address of both families when none is named', async () => {
    const clients: string[] = []
    const note: Responder = (query, next) => {
      clients.push(`${query.client.transport} ${query.client.address}`)
      return next(query)
    }
    await using server = await startTestServer([note, addresses(1)], { targets: [{ port: 0 }] })
    expect(server.group.listeners.map(({ address }) => address)).toEqual(['::', '::'])
    expect(headerOf(await udpReply(server.port, rawQuery())).rcode).toBe(0)
    using client = await TcpClient.open(server.port)
    expect(headerOf(await client.exchange(rawQuery())).rcode).toBe(0)
    expect(clients).toEqual(['udp 127.0.0.1', 'tcp 127.0.0.1'])
  })

  test('R13 falls back to 0.0.0.0 on a host without IPv6', async () => {
    failures.tcp.push('EAFNOSUPPORT')
    await using server = await startTestServer([addresses(1)], { targets: [{ port: 0 }] })
    expect(server.group.listeners.map(({ address }) => address)).toEqual(['0.0.0.0', '0.0.0.0'])
    expect(headerOf(await udpReply(server.port, rawQuery())).rcode).toBe(0)
  })

  test('tries another free port where UDP finds the one of TCP taken', async () => {
    failures.udp.push('EADDRINUSE', 'EADDRINUSE')
    await using server = await startTestServer([addresses(1)])
    expect(headerOf(await udpReply(server.port, rawQuery())).rcode).toBe(0)
    expect(failures.udp).toEqual([])
  })

  test.each([
    ['TCP', portTakenOverTcp],
    ['UDP', portTakenOverUdp],
  ] as const)(
    'R13 says in one line who is in the way when the port is taken over %s',
    async (transport, take) => {
      using taken = await take()
      const error = await errorOf(target(taken.port))
      expect(error.code).toBe('SLICEDNS_PORT_IN_USE')
      expect(error.message).toBe(
        `Cannot listen on 127.0.0.1:${taken.port} (${transport}): the port is in use; ` +
          `"lsof -nP -i :${taken.port}" shows by whom, -dns.port chooses another`,
      )
    },
  )

  test('R13 names an address that the host does not have', async () => {
    const error = await errorOf({ address: '192.0.2.1', port: 0 })
    expect(error.code).toBe('SLICEDNS_ADDRESS_NOT_AVAILABLE')
    expect(error.message).toContain('192.0.2.1:0')
  })

  test('R13 explains a port that this user may not open', () => {
    const cause = Object.assign(new Error('listen EACCES'), { code: 'EACCES' })
    const error = new ListenError({ address: '::', port: 53, transport: 'udp' }, cause)
    expect(error.code).toBe('SLICEDNS_PORT_NOT_PERMITTED')
    expect(error.message).toMatch(/^Cannot listen on \[::\]:53 \(UDP\): .*-dns\.port/)
  })

  test('passes on what else the system says', () => {
    const error = new ListenError({ address: '::', port: 53, transport: 'tcp' }, new Error('listen EMFILE'))
    expect(error).toMatchObject({ code: 'SLICEDNS_LISTEN_FAILED', transport: 'tcp', address: '::', port: 53 })
    expect(error.message).toContain('listen EMFILE')
  })

  test('closes what it has opened when one target fails', async () => {
    using taken = await portTakenOverTcp()
    const free = await (async () => {
      using other = await portTakenOverTcp()
      return other.port
    })()
    expect((await errorOf(target(free), target(taken.port))).port).toBe(taken.port)
    await using server = await startTestServer([addresses(1)], { targets: [target(free)] })
    expect(server.port).toBe(free)
  })

  test('setLimits holds for sockets that are open, and gives back the defaults that it does not name', async () => {
    await using server = await startTestServer([addresses(1)])
    using client = await UdpClient.open(server.port)
    server.group.setLimits({ udpLimits: { maxUnsentReplies: 0 } })
    client.send(rawQuery({ id: 1 }))
    await expect.poll(() => server.counters.repliesDropped).toBe(1)
    server.group.setLimits({})
    expect(headerOf((await client.exchange(rawQuery({ id: 2 }))) ?? Buffer.alloc(12)).id).toBe(2)
  })

  test('close frees the ports at once and ends idle connections', async () => {
    const server = await startTestServer([addresses(1)])
    using client = await TcpClient.open(server.port)
    await client.exchange(rawQuery())
    await server.group.close({ graceMs: 5_000 })
    expect(await client.endsWithin(1_000)).toBe(true)
    await using again = await startTestServer([addresses(1)], { targets: [target(server.port)] })
    expect(again.port).toBe(server.port)
  })

  test('close lets queries in flight finish, and answers what still waits after the grace with SERVFAIL', async () => {
    for (const [graceMs, rcode] of [
      [2_000, 0],
      [10, 2],
    ] as const) {
      const server = await startTestServer([
        async (query, next) => {
          await new Promise((resolve) => setTimeout(resolve, 150))
          return next(query)
        },
        addresses(1),
      ])
      using overTcp = await TcpClient.open(server.port)
      using overUdp = await UdpClient.open(server.port)
      overTcp.send(rawQuery())
      overUdp.send(rawQuery({ edns: {} }))
      await expect.poll(() => server.counters.received).toBe(2)
      await server.group.close({ graceMs })
      expect(await overTcp.endsWithin(1_000)).toBe(true)
      await expect.poll(() => overUdp.replies.length).toBe(1)
      const replies = [...overTcp.replies, ...overUdp.replies]
      expect(replies.map((reply) => headerOf(reply).rcode)).toEqual([rcode, rcode])
      expect(overUdp.replies[0]?.includes('the server stops')).toBe(rcode === 2)
    }
  })
})
