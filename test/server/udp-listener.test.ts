import { createSocket } from 'node:dgram'
import type * as nodeDgram from 'node:dgram'
import type { Socket } from 'node:dgram'
import { once } from 'node:events'
import type { NetworkInterfaceInfo } from 'node:os'
import { describe, expect, onTestFinished, test, vi } from 'vitest'

import { hasAnsweringPort } from '../../src/server/udp-socket.ts'
import type { Client, Responder } from '../../src/zone/responder.ts'
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
import type { TestServerOptions } from './harness.ts'

/** The sockets that were opened, so that datagrams can be made to come from anywhere. */
const sockets: Socket[] = vi.hoisted(() => [])
const system = vi.hoisted(() => ({ sharesPorts: true }))

/** As on a system without SO_REUSEPORT. */
function refuseToBind(socket: Socket): void {
  socket.bind = () => {
    const error = Object.assign(new Error('bind ENOTSUP'), { code: 'ENOTSUP' })
    queueMicrotask(() => socket.emit('error', error))
    return socket
  }
}

vi.mock('node:dgram', async (original) => {
  const dgram = await original<typeof nodeDgram>()
  const openNoted = (...args: Parameters<typeof dgram.createSocket>) => {
    const socket = dgram.createSocket(...args)
    sockets.push(socket)
    const [options] = args
    if (!system.sharesPorts && typeof options === 'object' && options.reusePort === true) refuseToBind(socket)
    return socket
  }
  return { ...dgram, createSocket: openNoted }
})

interface ForgeableOptions {
  readonly onClient?: (client: Client) => void
  readonly options?: TestServerOptions
}

/** A server, and a way to have its UDP socket receive a datagram from `address:port`. */
async function startForgeableServer({ onClient = () => {}, options }: ForgeableOptions = {}) {
  sockets.length = 0
  const note: Responder = (query, next) => {
    onClient(query.client)
    return next(query)
  }
  const server = await startTestServer([note, addresses(1)], options)
  const receive = (address: string, port: number): void => {
    for (const socket of sockets)
      socket.emit('message', rawQuery(), { address, port, family: 'IPv4', size: 1 })
  }
  return { server, receive }
}

/** An address as `os.networkInterfaces` gives it. */
function hostAddress(address: string) {
  const family = address.includes(':') ? ('IPv6' as const) : ('IPv4' as const)
  return {
    address,
    netmask: '',
    mac: '',
    internal: false,
    cidr: null,
    scopeid: 0,
    family,
  } as NetworkInterfaceInfo
}

/** The address that the reply to a query sent to `address` comes from. The asker has 127.0.0.1 or ::1. */
async function replySource(port: number, address: string): Promise<string> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
  socket.bind(0, address.includes(':') ? '::1' : '127.0.0.1')
  socket.send(rawQuery(), port, address)
  return await new Promise((resolve) => {
    socket.once('message', (_, remote) => socket.close(() => resolve(remote.address)))
  })
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

  test('U03 on a wildcard address every address of the host is our own', async () => {
    const { server, receive } = await startForgeableServer({
      options: { targets: [{ port: 0 }], interfaces: () => ({ eth0: [hostAddress('192.0.2.1')] }) },
    })
    await using _ = server
    for (const own of ['192.0.2.1', '127.0.0.1', '127.9.9.9']) receive(own, server.port)
    expect(server.counters).toMatchObject({ received: 0, droppedFromSelf: 3 })
    receive('192.0.2.2', server.port)
    expect(server.counters).toMatchObject({ received: 1, droppedFromSelf: 3 })
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

  test('U07 on all addresses a reply leaves from the one that was asked', async () => {
    const asked: string[] = []
    const note: Responder = (query, next) => {
      asked.push(query.local.address)
      return next(query)
    }
    await using server = await startTestServer([note, addresses(1)], {
      targets: [{ port: 0 }],
      interfaces: () => ({ lo: ['127.0.0.1', '127.0.0.2', '::1'].map(hostAddress) }),
    })
    for (const address of ['127.0.0.1', '127.0.0.2', '::1']) {
      expect(await replySource(server.port, address)).toBe(address)
    }
    expect(asked).toEqual(['127.0.0.1', '127.0.0.2', '::1'])
    // An address that nobody knew of is answered too, by the wildcard.
    expect(await replySource(server.port, '127.0.0.3')).toBe('127.0.0.1')
    expect(server.group.listeners.map(({ address }) => address)).toEqual(['::', '::'])
  })

  test('U07 addresses that come and go are followed', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    let found = ['127.0.0.1']
    await using server = await startTestServer([addresses(1)], {
      targets: [{ address: '0.0.0.0', port: 0 }],
      interfaces: () => ({ lo: found.map(hostAddress) }),
    })
    expect(await replySource(server.port, '127.0.0.2')).toBe('127.0.0.1')
    found = ['127.0.0.1', '127.0.0.2', '192.0.2.1', '::1']
    await vi.advanceTimersByTimeAsync(10_000)
    await expect.poll(() => replySource(server.port, '127.0.0.2')).toBe('127.0.0.2')
    found = ['127.0.0.1']
    await vi.advanceTimersByTimeAsync(10_000)
    await expect.poll(() => replySource(server.port, '127.0.0.2')).toBe('127.0.0.1')
  })

  test('U07 a host with more addresses than it may have sockets is answered on all of them', async () => {
    sockets.length = 0
    await using server = await startTestServer([addresses(1)], {
      targets: [{ address: '0.0.0.0', port: 0 }],
      udpLimits: { maxAddressSockets: 2 },
      interfaces: () => ({ lo: ['127.0.0.1', '127.0.0.2', '127.0.0.3'].map(hostAddress) }),
    })
    expect(sockets.length).toBe(3)
    expect(await replySource(server.port, '127.0.0.2')).toBe('127.0.0.2')
    expect(await replySource(server.port, '127.0.0.3')).toBe('127.0.0.1')
  })

  test('U07 where a port cannot be shared there is one socket for all addresses', async () => {
    system.sharesPorts = false
    onTestFinished(() => void (system.sharesPorts = true))
    await using server = await startTestServer([addresses(1)], {
      targets: [{ address: '0.0.0.0', port: 0 }],
      interfaces: () => ({ lo: ['127.0.0.1', '127.0.0.2'].map(hostAddress) }),
    })
    expect(await replySource(server.port, '127.0.0.2')).toBe('127.0.0.1')
  })

  test('U07 interfaces that cannot be read are no reason not to answer', async () => {
    await using server = await startTestServer([addresses(1)], {
      targets: [{ address: '0.0.0.0', port: 0 }],
      interfaces: () => {
        throw new Error('uv_interface_addresses EMFILE')
      },
    })
    expect(await replySource(server.port, '127.0.0.1')).toBe('127.0.0.1')
  })

  test('U07 the port of a wildcard is refused to sockets that do not share it', async () => {
    await using server = await startTestServer([addresses(1)], { targets: [{ address: '0.0.0.0', port: 0 }] })
    const other = createSocket('udp4').bind(server.port, '127.0.0.9')
    const [error] = (await once(other, 'error')) as readonly unknown[]
    other.close()
    expect(error).toMatchObject({ code: 'EADDRINUSE' })
  })

  test('U08 replies that the system does not take are bounded, counted and not kept', async () => {
    const server = await startTestServer([addresses(1)], { udpLimits: { maxUnsentReplies: 3 } })
    await using _ = server
    const stuck = sockets.at(-1)
    if (stuck === undefined) throw new Error('no socket was opened')
    const send = vi.spyOn(stuck, 'send').mockImplementation(() => {})
    vi.spyOn(stuck, 'getSendQueueCount').mockImplementation(() => send.mock.calls.length)
    for (let count = 0; count < 5; count++)
      stuck.emit('message', rawQuery(), { address: '127.0.0.1', port: 1024, family: 'IPv4', size: 1 })
    await expect.poll(() => server.counters.repliesDropped).toBe(2)
    expect(server.counters).toMatchObject({ received: 5, replied: 5 })
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
    const { server, receive } = await startForgeableServer({ onClient: (client) => clients.push(client) })
    await using _ = server
    receive('::ffff:192.0.2.7', 1024)
    expect(clients).toEqual([{ address: '192.0.2.7', port: 1024, transport: 'udp' }])
  })
})
