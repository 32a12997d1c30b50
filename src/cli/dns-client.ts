import { createSocket } from 'node:dgram'
import { connect } from 'node:net'

import { composeFrame, createFrameReader } from '../wire/frame.ts'

/** Where a question goes. */
export interface ServerEndpoint {
  readonly address: string
  readonly port: number
}

/** A reply's octets, and how long they took. */
export interface RawReply {
  readonly octets: Buffer
  readonly transport: 'udp' | 'tcp'
  readonly elapsedMs: number
}

/** A stub resolver's patience (resolv.conf(5) `timeout`), in milliseconds. */
const TIMEOUT_MS = 5_000

/** Sends one message over UDP and takes the first reply with its id. Rejects where none comes in time. */
export async function askUdp(message: Buffer, { address, port }: ServerEndpoint): Promise<RawReply> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
  const startMs = performance.now()
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  socket.on('error', reject)
  socket.on('message', (octets) => {
    if (octets.length >= 12 && octets.readUInt16BE(0) === message.readUInt16BE(0)) resolve(octets)
  })
  const timer = setTimeout(() => reject(new Error(`no reply within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS)
  // A connected socket hears of a port where nobody listens; an unconnected one would wait.
  socket.connect(port, address, () => socket.send(message))
  try {
    return { octets: await promise, transport: 'udp', elapsedMs: performance.now() - startMs }
  } finally {
    clearTimeout(timer)
    socket.close()
  }
}

/** Sends one message over TCP (RFC 7766: two octets of length before it) and takes the first reply. */
export async function askTcp(message: Buffer, { address, port }: ServerEndpoint): Promise<RawReply> {
  const startMs = performance.now()
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const socket = connect({ host: address, port })
  const timer = setTimeout(() => reject(new Error(`no reply within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS)
  socket.on('connect', () => socket.write(composeFrame(message)))
  socket.on('error', reject)
  socket.on('end', () => reject(new Error('the connection was closed before a reply came')))
  socket.on(
    'data',
    createFrameReader((reply) => resolve(Buffer.from(reply))),
  )
  try {
    return { octets: await promise, transport: 'tcp', elapsedMs: performance.now() - startMs }
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
}
