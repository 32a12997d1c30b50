import type { Counters } from '../metrics/counters.ts'
import { clientKey } from './client-key.ts'
import type { TcpConnection } from './tcp-connection.ts'
import type { TcpLimits } from './tcp-limits.ts'

export interface TcpConnectionsOptions {
  readonly limits: TcpLimits
  readonly counters: Counters
  readonly nowMs: () => number
}

const SECOND_MS = 1_000

/** The open connections of one listener, by client, and who may open another. */
export class TcpConnections {
  readonly #options: TcpConnectionsOptions
  readonly #all = new Set<TcpConnection>()
  readonly #byClient = new Map<string, Set<TcpConnection>>()
  /** How many connections each client has opened in the second that began at `#secondMs`. */
  readonly #opened = new Map<string, number>()
  #secondMs = -Infinity

  constructor(options: TcpConnectionsOptions) {
    this.#options = options
  }

  add(connection: TcpConnection): void {
    this.#all.add(connection)
    const key = clientKey(connection.client.address)
    const ofClient = this.#byClient.get(key)
    if (ofClient === undefined) this.#byClient.set(key, new Set([connection]))
    else ofClient.add(connection)
  }

  remove(connection: TcpConnection): void {
    this.#all.delete(connection)
    const key = clientKey(connection.client.address)
    const ofClient = this.#byClient.get(key)
    ofClient?.delete(connection)
    if (ofClient?.size === 0) this.#byClient.delete(key)
  }

  /**
   * Whether a client may open one more connection. Where a bound is reached, an idle connection is closed to make room: the
   * client's own, or where all clients together have too many, one of the client that has the most.
   */
  admit(address: string): boolean {
    const { limits } = this.#options
    const key = clientKey(address)
    if (!this.#isSlowEnough(key)) return false
    const own = this.#byClient.get(key)
    if (own !== undefined && own.size >= limits.maxConnectionsPerClient) return this.#evict(oldestIdle(own))
    return this.#all.size < limits.maxConnections || this.#evict(this.#oldestOfHeaviest())
  }

  /** Closes the connections whose deadlines have passed. */
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

  #isSlowEnough(key: string): boolean {
    const { limits, nowMs } = this.#options
    const now = nowMs()
    if (now - this.#secondMs >= SECOND_MS) {
      this.#secondMs = now
      this.#opened.clear()
    }
    const opened = (this.#opened.get(key) ?? 0) + 1
    this.#opened.set(key, opened)
    return opened <= limits.maxNewConnectionsPerSecond
  }

  /** Undefined where every connection waits for an answer. */
  #oldestOfHeaviest(): TcpConnection | undefined {
    let heaviest = 0
    let victim: TcpConnection | undefined
    for (const ofClient of this.#byClient.values()) {
      if (ofClient.size <= heaviest) continue
      const candidate = oldestIdle(ofClient)
      if (candidate === undefined) continue
      heaviest = ofClient.size
      victim = candidate
    }
    return victim
  }

  #evict(victim: TcpConnection | undefined): boolean {
    if (victim === undefined) return false
    this.#options.counters.connectionsEvicted++
    victim.destroy()
    this.remove(victim)
    return true
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
