import { createSocket } from 'node:dgram'
import type { Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'

/** One thing a scripted upstream does with a query. Over TCP `octets` is a message: the length goes before it. */
export type Action =
  | { readonly do: 'send'; readonly octets: Uint8Array; readonly afterMs?: number }
  /** UDP only: the same, from a port nobody asked. */
  | { readonly do: 'sendFromOtherPort'; readonly octets: Uint8Array }
  /** TCP only: the framed message, one octet at a time. */
  | { readonly do: 'drip'; readonly octets: Uint8Array; readonly everyMs: number }
  /** TCP only: these octets as they are, no length before them. */
  | { readonly do: 'sendRaw'; readonly octets: Uint8Array }
  /** TCP only. */
  | { readonly do: 'close' }

export type Transport = 'udp' | 'tcp'

/** What to do with the query. Nothing is silence. */
export type Behaviour = (query: Uint8Array, transport: Transport) => readonly Action[]

export interface ReceivedQuery {
  readonly transport: Transport
  readonly octets: Uint8Array
  readonly sourceAddress: string
  readonly sourcePort: number
}

export interface ScriptedUpstream {
  readonly address: string
  readonly port: number
  /** Every query received, in order. */
  readonly queries: readonly ReceivedQuery[]
  /** TCP connections open now. */
  connectionCount(): number
  /** Exchanged while running. */
  behave(behaviour: Behaviour): void
  close(): Promise<void>
}

/**
 * Starts an upstream on 127.0.0.1 and a free port, the same for UDP and TCP, that does what `behaviour` says.
 * `tcp: false` leaves the TCP port closed, so that connecting is refused.
 */
export async function startScriptedUpstream(
  behaviour: Behaviour,
  options: { readonly tcp: boolean } = { tcp: true },
): Promise<ScriptedUpstream> {
  const queries: ReceivedQuery[] = []
  const connections = new Set<Socket>()
  let current = behaviour
  const { udp, tcp, port } = await bindBoth(options.tcp)
  udp.on('message', (octets, peer) => {
    queries.push({ transport: 'udp', octets, sourceAddress: peer.address, sourcePort: peer.port })
    for (const action of current(octets, 'udp')) performUdp(udp, action, peer)
  })
  tcp.on('connection', (socket) => {
    connections.add(socket)
    socket.on('close', () => connections.delete(socket))
    socket.on('error', () => socket.destroy())
    onFrames(socket, (octets) => {
      const { remoteAddress: sourceAddress = '', remotePort: sourcePort = 0 } = socket
      queries.push({ transport: 'tcp', octets, sourceAddress, sourcePort })
      for (const action of current(octets, 'tcp')) performTcp(socket, action)
    })
  })
  return {
    address: '127.0.0.1',
    port,
    queries,
    connectionCount: () => connections.size,
    behave: (next) => {
      current = next
    },
    close: async () => {
      for (const socket of connections) socket.destroy()
      if (tcp.listening) await new Promise((resolve) => tcp.close(resolve))
      closed.add(udp)
      await new Promise<void>((resolve) => udp.close(resolve))
    },
  }
}

/** What was to be sent later is not sent over these any more. */
const closed = new WeakSet<UdpSocket>()

/** A port of 127.0.0.1 on which nothing listens: UDP is answered by ICMP, TCP by RST. */
export async function closedPort(): Promise<number> {
  const { udp, tcp, port } = await bindBoth(true)
  await new Promise((resolve) => tcp.close(resolve))
  await new Promise<void>((resolve) => udp.close(resolve))
  return port
}

async function bindBoth(withTcp: boolean): Promise<{ udp: UdpSocket; tcp: Server; port: number }> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const tcp = createServer({ noDelay: true })
    tcp.listen(0, '127.0.0.1')
    await once(tcp, 'listening')
    const port = portOf(tcp.address())
    const udp = createSocket('udp4')
    const bound = await new Promise<boolean>((resolve) => {
      udp.once('error', () => resolve(false))
      udp.bind(port, '127.0.0.1', () => resolve(true))
    })
    if (bound && withTcp) return { udp, tcp, port }
    await new Promise((resolve) => tcp.close(resolve))
    if (bound) return { udp, tcp, port }
    udp.close()
  }
  throw new Error('no port is free for both UDP and TCP')
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}

function performUdp(udp: UdpSocket, action: Action, peer: { address: string; port: number }): void {
  if (action.do === 'send') {
    const send = () => {
      if (!closed.has(udp)) udp.send(action.octets, peer.port, peer.address, () => {})
    }
    if (action.afterMs === undefined) send()
    else setTimeout(send, action.afterMs).unref()
  }
  if (action.do === 'sendFromOtherPort') {
    const other = createSocket('udp4')
    other.send(action.octets, peer.port, peer.address, () => other.close())
  }
}

function performTcp(socket: Socket, action: Action): void {
  if (action.do === 'close') socket.end()
  if (action.do === 'sendRaw') socket.write(action.octets)
  if (action.do === 'send') {
    const send = () => socket.write(framed(action.octets))
    if (action.afterMs === undefined) send()
    else setTimeout(send, action.afterMs).unref()
  }
  if (action.do === 'drip') {
    const octets = [...framed(action.octets)]
    const timer = setInterval(() => {
      const octet = octets.shift()
      if (octet === undefined || socket.destroyed) clearInterval(timer)
      else socket.write(Uint8Array.of(octet))
    }, action.everyMs)
    timer.unref()
  }
}

function onFrames(socket: Socket, onFrame: (octets: Uint8Array) => void): void {
  let pending: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk])
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const end = 2 + pending.readUInt16BE(0)
      onFrame(pending.subarray(2, end))
      pending = pending.subarray(end)
    }
  })
}

function framed(message: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(message.length >> 8, message.length & 0xff), message])
}
