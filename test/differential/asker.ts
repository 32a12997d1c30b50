import { createSocket } from 'node:dgram'
import type { Socket as UdpSocket } from 'node:dgram'
import { connect } from 'node:net'
import type { Socket } from 'node:net'

type Resolve = (reply: Uint8Array | undefined) => void

/** Asks one server on 127.0.0.1, many questions at a time, over UDP and over one TCP connection. */
export class Asker {
  readonly #port: number
  readonly #udp: UdpSocket
  readonly #waiting = new Map<string, Resolve>()
  #tcp: Socket | undefined
  #lastId = 0

  constructor(port: number) {
    this.#port = port
    this.#udp = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 })
    this.#udp.on('message', (octets) => this.#settle('udp', octets))
    // An unreachable port shows as a reply that does not come.
    this.#udp.on('error', () => {})
  }

  /** The reply to the octets, whose id is set here; undefined where none came in time. */
  async ask(query: Uint8Array, options: { readonly tcp: boolean; readonly timeoutMs: number }) {
    const id = (this.#lastId = (this.#lastId + 1) & 0xffff)
    const octets = Buffer.from(query)
    octets.writeUInt16BE(id)
    const key = `${options.tcp ? 'tcp' : 'udp'} ${id}`
    return new Promise<Uint8Array | undefined>((resolve) => {
      const timer = setTimeout(() => this.#settleKey(key, undefined), options.timeoutMs)
      this.#waiting.set(key, (reply) => {
        clearTimeout(timer)
        resolve(reply)
      })
      if (options.tcp) this.#connection().write(framed(octets))
      else this.#udp.send(octets, this.#port, '127.0.0.1')
    })
  }

  close(): void {
    this.#udp.close()
    this.#tcp?.destroy()
    for (const key of this.#waiting.keys()) this.#settleKey(key, undefined)
  }

  /** Servers close idle connections: then there is a new one. */
  #connection(): Socket {
    if (this.#tcp !== undefined && !this.#tcp.destroyed && this.#tcp.writable) return this.#tcp
    const socket = connect({ host: '127.0.0.1', port: this.#port, noDelay: true })
    let pending: Buffer = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk])
      while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
        const end = 2 + pending.readUInt16BE(0)
        this.#settle('tcp', pending.subarray(2, end))
        pending = pending.subarray(end)
      }
    })
    socket.on('error', () => socket.destroy())
    socket.on('end', () => socket.destroy())
    this.#tcp = socket
    return socket
  }

  #settle(transport: 'udp' | 'tcp', octets: Buffer): void {
    if (octets.length >= 2) this.#settleKey(`${transport} ${octets.readUInt16BE(0)}`, octets)
  }

  #settleKey(key: string, reply: Uint8Array | undefined): void {
    const resolve = this.#waiting.get(key)
    this.#waiting.delete(key)
    resolve?.(reply)
  }
}

function framed(message: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(message.length >> 8, message.length & 0xff), message])
}
