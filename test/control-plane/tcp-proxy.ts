import { connect, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { freePorts } from './free-ports.ts'

/**
 * What becomes of octets: `pass`; `stall` (connections stay open, nothing moves); `hold` (the server's octets are kept and come all
 * at once when it passes again).
 */
export type TcpFault = 'pass' | 'stall' | 'hold'

interface Pair {
  readonly client: Socket
  readonly server: Socket
  readonly held: Buffer[]
  /** Whatever becomes of others. */
  isStalled: boolean
}

/** Stands between a client and a server on 127.0.0.1 and does to their connections what networks do. TLS goes through untouched. */
export class TcpProxy {
  readonly #upstreamPort: number
  readonly #address: string
  readonly #pairs = new Set<Pair>()
  readonly #listener: Server
  #fault: TcpFault = 'pass'
  #port = 0
  #connections = 0

  private constructor(upstreamPort: number, address: string) {
    this.#upstreamPort = upstreamPort
    this.#address = address
    this.#listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client))
  }

  /** Listens on an address of the loopback interface. */
  static async start(upstreamPort: number, address = '127.0.0.1'): Promise<TcpProxy> {
    const proxy = new TcpProxy(upstreamPort, address)
    const [port = 0] = await freePorts(1)
    proxy.#port = port
    await proxy.accept()
    return proxy
  }

  get url(): string {
    return `https://${this.#address}:${this.#port}`
  }

  /** Connections since the start. */
  get connections(): number {
    return this.#connections
  }

  set fault(fault: TcpFault) {
    this.#fault = fault
    for (const pair of this.#pairs) this.#applyTo(pair)
  }

  /** Moves nothing any more on the connections that are open. New ones are not touched. */
  stallOpenConnections(): void {
    for (const pair of this.#pairs) {
      pair.isStalled = true
      this.#applyTo(pair)
    }
  }

  /** Breaks all connections with RST. */
  reset(): void {
    for (const { client, server } of this.#pairs) {
      client.resetAndDestroy()
      server.destroy()
    }
    this.#pairs.clear()
  }

  /** Ends the server's side of all connections with FIN, and goes on taking what the client sends. */
  halfClose(): void {
    for (const { client, server, held } of this.#pairs) {
      held.length = 0
      server.destroy()
      client.end()
    }
  }

  /** Nobody listens any more: new connections are refused. */
  async refuse(): Promise<void> {
    const closed = new Promise((resolve) => {
      this.#listener.close(resolve)
    })
    this.reset()
    await closed
  }

  async accept(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#listener.once('error', reject)
      this.#listener.listen(this.#port, this.#address, resolve)
    })
  }

  async close(): Promise<void> {
    if (this.#listener.listening) await this.refuse()
    this.reset()
  }

  #accept(client: Socket): void {
    this.#connections++
    const server = connect({ host: '127.0.0.1', port: this.#upstreamPort, noDelay: true })
    const pair: Pair = { client, server, held: [], isStalled: false }
    this.#pairs.add(pair)
    client.on('data', (chunk) => forward(chunk, server, client))
    server.on('data', (chunk) => {
      if (this.#fault === 'hold') pair.held.push(chunk)
      else forward(chunk, client, server)
    })
    client.once('end', () => server.end())
    server.once('end', () => client.end())
    client.on('error', () => client.destroy())
    server.on('error', () => client.destroy())
    client.once('close', () => {
      server.destroy()
      this.#pairs.delete(pair)
    })
    this.#applyTo(pair)
  }

  #applyTo({ client, server, held, isStalled }: Pair): void {
    if (isStalled || this.#fault === 'stall') {
      client.pause()
      server.pause()
      return
    }
    if (this.#fault === 'pass') for (const chunk of held.splice(0)) client.write(chunk)
    client.resume()
    server.resume()
  }
}

function forward(chunk: Buffer, to: Socket, from: Socket): void {
  if (to.destroyed || to.write(chunk)) return
  from.pause()
  to.once('drain', () => from.resume())
}
