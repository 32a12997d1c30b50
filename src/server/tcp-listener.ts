import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'

import type { ListenTarget, Listener } from './listener.ts'
import { TcpConnection } from './tcp-connection.ts'
import type { TcpConnectionOptions } from './tcp-connection.ts'

export interface TcpListenerOptions extends ListenTarget, TcpConnectionOptions {}

/** How often deadlines are looked at: at least once a second, and often enough for short ones. */
const MAX_SWEEP_INTERVAL_MS = 1_000

/** Listens for connections; `::` takes IPv4 too where the system can. Rejects with what `listen` says. */
export async function openTcpListener(options: TcpListenerOptions): Promise<Listener> {
  const { counters, limits } = options
  const connections = new TcpConnections(options)
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    if (!connections.makeRoom()) {
      counters.connectionsEvicted++
      socket.on('error', () => counters.socketErrors++)
      socket.destroy()
      return
    }
    counters.connectionsAccepted++
    const connection = new TcpConnection(socket, options)
    connections.add(connection)
    socket.on('close', () => connections.remove(connection))
  })
  const { address, port } = await listen(server, options)
  server.on('error', () => counters.socketErrors++)
  const sweep = setInterval(() => connections.expire(), sweepIntervalMs(limits))
  const closed = Promise.withResolvers<void>()

  const stop = (): void => {
    if (server.listening) server.close(() => closed.resolve())
    connections.finish()
  }
  const close = async (): Promise<void> => {
    stop()
    clearInterval(sweep)
    connections.destroy()
    await closed.promise
  }
  return { transport: 'tcp', address, port, stop, close }
}

/** The open connections of one listener, by client. */
class TcpConnections {
  readonly #options: TcpListenerOptions
  readonly #all = new Set<TcpConnection>()
  readonly #byClient = new Map<string, Set<TcpConnection>>()

  constructor(options: TcpListenerOptions) {
    this.#options = options
  }

  add(connection: TcpConnection): void {
    this.#all.add(connection)
    const { address } = connection.client
    const ofClient = this.#byClient.get(address)
    if (ofClient === undefined) this.#byClient.set(address, new Set([connection]))
    else ofClient.add(connection)
  }

  remove(connection: TcpConnection): void {
    this.#all.delete(connection)
    const { address } = connection.client
    const ofClient = this.#byClient.get(address)
    ofClient?.delete(connection)
    if (ofClient?.size === 0) this.#byClient.delete(address)
  }

  /**
   * Sees to it that one more connection can be taken: the client that has the most loses the one of its connections that
   * has been idle longest. False where every connection waits for an answer.
   */
  makeRoom(): boolean {
    const { counters, limits } = this.#options
    if (this.#all.size < limits.maxConnections) return true
    let heaviest = 0
    let victim: TcpConnection | undefined
    for (const ofClient of this.#byClient.values()) {
      if (ofClient.size <= heaviest) continue
      const candidate = oldestIdle(ofClient)
      if (candidate === undefined) continue
      heaviest = ofClient.size
      victim = candidate
    }
    if (victim === undefined) return false
    counters.connectionsEvicted++
    victim.destroy()
    this.remove(victim)
    return true
  }

  expire(): void {
    const { limits, nowMs } = this.#options
    const isCrowded = this.#all.size > limits.maxConnections / 2
    const idleTimeoutMs = isCrowded ? limits.crowdedIdleTimeoutMs : limits.idleTimeoutMs
    const now = nowMs()
    for (const connection of this.#all) connection.expire(now, idleTimeoutMs)
  }

  finish(): void {
    for (const connection of this.#all) connection.finish()
  }

  destroy(): void {
    for (const connection of this.#all) connection.destroy()
  }
}

function oldestIdle(connections: Iterable<TcpConnection>): TcpConnection | undefined {
  let oldest: TcpConnection | undefined
  for (const connection of connections) {
    if (!connection.isIdle) continue
    if (oldest === undefined || connection.lastActivityMs < oldest.lastActivityMs) oldest = connection
  }
  return oldest
}

function sweepIntervalMs(limits: TcpListenerOptions['limits']): number {
  const { idleTimeoutMs, crowdedIdleTimeoutMs, messageTimeoutMs, writeTimeoutMs } = limits
  const shortest = Math.min(idleTimeoutMs, crowdedIdleTimeoutMs, messageTimeoutMs, writeTimeoutMs)
  return Math.max(1, Math.min(MAX_SWEEP_INTERVAL_MS, shortest / 4))
}

function listen(server: Server, { address, port }: ListenTarget): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: address, port, exclusive: true }, () => {
      server.off('error', reject)
      const bound = server.address()
      if (bound === null || typeof bound === 'string')
        reject(new TypeError('Cannot listen on what is no address'))
      else resolve(bound)
    })
  })
}
