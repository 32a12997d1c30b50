import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'

import type { ListenTarget, Listener } from './listener.ts'
import { plainAddress } from './plain-address.ts'
import { TcpConnection } from './tcp-connection.ts'
import type { TcpConnectionOptions } from './tcp-connection.ts'
import { TcpConnections } from './tcp-connections.ts'

export interface TcpListenerOptions extends ListenTarget, TcpConnectionOptions {}

/** How often deadlines are looked at: at least once a second, and often enough for short ones. */
const MAX_SWEEP_INTERVAL_MS = 1_000

/** Listens for connections; `::` takes IPv4 too where the system can. Rejects with what `listen` says. */
export async function openTcpListener(options: TcpListenerOptions): Promise<Listener> {
  const { counters, limits } = options
  const connections = new TcpConnections(options)
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    if (!connections.admit(plainAddress(socket.remoteAddress ?? ''))) {
      counters.connectionsRefused++
      socket.on('error', () => counters.socketErrors++)
      socket.resetAndDestroy()
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
