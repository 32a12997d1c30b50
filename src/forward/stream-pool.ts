import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { SecureContext } from 'node:tls'

import type { ExchangeRequest, ExchangeResult } from './exchange-result.ts'
import { createStreamConnection } from './stream-connection.ts'
import type { StreamConnection } from './stream-connection.ts'
import { upstreamToText } from './upstream-address.ts'
import type { Upstream } from './upstream-address.ts'

/** How connections to upstreams are made and kept. */
export interface StreamOptions {
  /** A connection that nobody uses is closed after that. */
  readonly idleMs: number
  /** No query goes over an older one; Infinity for any age. */
  readonly maxAgeMs: number
  /** To one upstream, that nobody uses and that are kept all the same. */
  readonly maxIdle: number
  /** Where they come from; undefined for the address that the system chooses. */
  readonly sourceAddress: string | undefined
  /** Certificates for TLS: which to trust, which to show. Undefined for those the system trusts, and none. */
  readonly secureContext: SecureContext | undefined
  /** The name in the certificates of all upstreams; undefined for the one that each has, or its address. */
  readonly serverName: string | undefined
}

/** Connections to upstreams, used again and by many queries at a time (RFC 7766 section 6.2.1, RFC 7858 section 3.4). */
export interface StreamPool {
  /**
   * Sends a query over a connection and waits for its reply. Where a connection that was used before breaks or stalls, the
   * query goes once more over a new one. Never rejects.
   */
  exchange<T>(request: ExchangeRequest<T>, use: StreamUse): Promise<ExchangeResult<T>>
  readonly close: () => void
}

/** What a query has to do with the connections it goes over. */
export interface StreamUse {
  /** Asked before it is sent once more. */
  readonly mayRepeat: () => boolean
  /** Told of each connection it is sent over: one that was open before, or a new one. */
  readonly onConnection: (isReused: boolean) => void
}

/** To one upstream. An idle one is taken before another is opened, so that no query waits behind a slow one in vain. */
const MAX_CONNECTIONS = 4

/** After that, a connection over which nothing comes may be dead: its other end restarted, or a NAT forgot it. */
const STALL_MS = 1_000

export function createStreamPool(options: StreamOptions, nowMs: () => number): StreamPool {
  const pools = new Map<string, Set<StreamConnection>>()
  const open = (upstream: Upstream): StreamConnection => {
    const key = upstreamToText(upstream)
    const pool = pools.get(key) ?? new Set()
    pools.set(key, pool)
    const connection: StreamConnection = createStreamConnection({
      socket: openSocket(upstream, options),
      idleMs: options.idleMs,
      maxAgeMs: options.maxAgeMs,
      mayRest: () => [...pool].filter((each) => each.inFlightCount() === 0).length <= options.maxIdle,
      onRetired: () => {
        pool.delete(connection)
        if (pool.size === 0) pools.delete(key)
      },
    })
    pool.add(connection)
    return connection
  }
  const pick = (upstream: Upstream, { onConnection }: StreamUse): StreamConnection => {
    const pool = pools.get(upstreamToText(upstream)) ?? new Set()
    let least: StreamConnection | undefined
    for (const connection of pool)
      if (least === undefined || connection.inFlightCount() < least.inFlightCount()) least = connection
    const isFree = least !== undefined && (least.inFlightCount() === 0 || pool.size >= MAX_CONNECTIONS)
    onConnection(isFree)
    return least !== undefined && isFree ? least : open(upstream)
  }
  return {
    exchange: async (request, use) => {
      const startMs = nowMs()
      const connection = pick(request.upstream, use)
      if (!connection.isProven()) return connection.exchange(request)
      const result = await connection.exchange(request, STALL_MS)
      if (result.kind !== 'unreachable' && result.kind !== 'silence') return result
      const timeoutMs = request.timeoutMs - (nowMs() - startMs)
      if (timeoutMs <= 0 || !use.mayRepeat()) return result
      use.onConnection(false)
      return open(request.upstream).exchange({ ...request, timeoutMs })
    },
    close: () => {
      for (const pool of pools.values()) for (const connection of pool) connection.close()
    },
  }
}

/** Over TLS the certificate must be valid, and for the name or else the address; what is wrong with it ends the connection. */
function openSocket(upstream: Upstream, options: StreamOptions): Socket {
  const { secureContext, serverName, sourceAddress } = options
  const { address, port, tls } = upstream
  const source = sourceAddress === undefined ? {} : { localAddress: sourceAddress }
  if (tls === undefined) return connect({ host: address, port, noDelay: true, ...source })
  const name = serverName ?? tls.serverName
  const socket = connectTls({
    host: address,
    port,
    minVersion: 'TLSv1.2',
    ...source,
    ...(name === undefined ? {} : { servername: name }),
    ...(secureContext === undefined ? {} : { secureContext }),
  })
  socket.setNoDelay(true)
  return socket
}
