import type * as nodeDgram from 'node:dgram'
import type { EventEmitter } from 'node:events'
import { describe, expect, test, vi } from 'vitest'

import { hasAnsweringPort, ownAddressTest } from '../../src/server/udp-listener.ts'
import type { Client } from '../../src/zone/responder.ts'
import {
  addresses,
  headerOf,
  rawOption,
  rawQuery,
  startTestServer,
  udpReply,
  UdpClient,
  uint16,
  until,
} from './harness.ts'

/** The sockets that were opened, so that datagrams can be made to come from anywhere. */
const sockets: EventEmitter[] = vi.hoisted(() => [])
vi.mock('node:dgram', async (original) => {
  const dgram = await original<typeof nodeDgram>()
  const createSocket = (...args: Parameters<typeof dgram.createSocket>) => {
    const socket = dgram.createSocket(...args)
    sockets.push(socket)
    return socket
  }
  return { ...dgram, createSocket }
})

/** A server, and a way to have its UDP socket receive a datagram from `address:port`. */
async function startForgeableServer(onClient: (client: Client) => void = () => {}) {
  sockets.length = 0
  const server = await startTestServer([
    (query, next) => {
      onClient(query.client)
      return next(query)
    },
    addresses(1),
  ])
  const receive = (address: string, port: number): void => {
    for (const socket of sockets)
      socket.emit('message', rawQuery(), { address, port, family: 'IPv4', size: 1 })
  }
  return { server, receive }
}

/** Counts that promise nine of everything, and half a pointer. */
const malformed = (flags: number): Buffer => Buffer.concat([uint16(1, flags, 9, 9, 9, 9), Buffer.of(0xc0)])

describe('UDP listener', () => {
  test('U01 datagrams from port 0 are dropped', async () => {
    const { server, receive } = await startForgeableServer()
    await using _ = server
    receive('127.0.0.1', 0)
    expect(server.counters).toMatchObject({ received: 0, replied: 0, droppedBySourcePort: 1 })
  })

  test('U02 datagrams from services that answer anything are dropped', async () => {
    const { server, receive } = await startForgeableServer()
    await using _ = server
    for (const port of [7, 13, 19, 37]) receive('127.0.0.1', port)
    expect(server.counters).toMatchObject({ received: 0, replied: 0, droppedBySourcePort: 4 })
    expect([1, 6, 8, 53, 1024, 65535].every(hasAnsweringPort)).toBe(true)
  })

  test('U03 datagrams that claim to come from our own address and port are dropped', async () => {
    const { server, receive } = await startForgeableServer()
    await using _ = server
    receive('127.0.0.1', server.port)
    expect(server.counters).toMatchObject({ received: 0, replied: 0, droppedFromSelf: 1 })
    receive('127.0.0.9', server.port)
    expect(server.counters).toMatchObject({ received: 1, droppedFromSelf: 1 })
  })

  test('U03 on a wildcard address every address of the host is our own', () => {
    const own = {
      address: '192.0.2.1',
      netmask: '',
      mac: '',
      internal: false,
      cidr: null,
      family: 'IPv4' as const,
    }
    const isOwn = ownAddressTest('::', () => ({ eth0: [own] }))
    expect(['192.0.2.1', '127.0.0.1', '127.9.9.9'].every(isOwn)).toBe(true)
    expect(['192.0.2.2', '2001:db8::1'].some(isOwn)).toBe(false)
  })

  test('U04 malformed responses get silence, malformed queries one reply each', async () => {
    await using server = await startTestServer([addresses(1)])
    using client = await UdpClient.open(server.port)
    expect(await client.flood(Array.from({ length: 40 }, () => malformed(0x8100)))).toEqual([])
    const replies = await client.flood(Array.from({ length: 40 }, () => malformed(0x0100)))
    expect(replies.map((reply) => headerOf(reply).rcode)).toEqual(Array.from({ length: 40 }, () => 1))
    expect(server.counters.malformed).toBe(40)
  })

  test('U06 a query of the largest datagram is read whole', async () => {
    await using server = await startTestServer([addresses(1)])
    const without = rawQuery({ edns: { options: rawOption(12) } })
    const query = rawQuery({ edns: { options: rawOption(12, Buffer.alloc(65_507 - without.length)) } })
    expect(headerOf(await udpReply(server.port, query))).toMatchObject({ rcode: 0, counts: [1, 1, 0, 1] })
  })

  test('U08 a reply that the system refuses to send is counted and nothing else happens', async () => {
    const { server, receive } = await startForgeableServer()
    await using _ = server
    receive('255.255.255.255', 1024)
    expect(await until(() => server.counters.sendErrors === 1, 1_000)).toBe(true)
    expect(headerOf(await udpReply(server.port, rawQuery())).rcode).toBe(0)
  })

  test('counts errors of the socket', async () => {
    const { server } = await startForgeableServer()
    await using _ = server
    for (const socket of sockets) socket.emit('error', new Error('broken'))
    expect(server.counters.socketErrors).toBe(1)
    expect(headerOf(await udpReply(server.port, rawQuery())).rcode).toBe(0)
  })

  test('shows IPv4 clients of a dual-stack socket as IPv4', async () => {
    const clients: Client[] = []
    const { server, receive } = await startForgeableServer((client) => clients.push(client))
    await using _ = server
    receive('::ffff:192.0.2.7', 1024)
    expect(clients).toEqual([{ address: '192.0.2.7', port: 1024, transport: 'udp' }])
  })
})
