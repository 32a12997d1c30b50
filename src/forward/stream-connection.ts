import type { Socket } from 'node:net'

import { composeFrame, createFrameReader } from '../wire/frame.ts'
import { MAX_MISMATCHES } from './exchange-result.ts'
import type { ExchangeRequest, ExchangeResult } from './exchange-result.ts'
import { networkErrorToText } from './network-error.ts'

/** One TCP or TLS connection to an upstream, on which any number of queries wait at a time (RFC 7766 section 6.2.1.1). */
export interface StreamConnection {
  /**
   * Sends a query and waits for its reply. Where `stallMs` pass in which nothing at all comes over the connection, that is
   * silence already: the other end may be gone. Never rejects.
   */
  exchange<T>(request: ExchangeRequest<T>, stallMs?: number): Promise<ExchangeResult<T>>
  readonly inFlightCount: () => number
  /** Whether a reply has come over it. */
  readonly isProven: () => boolean
  /** No further query is to go over it; closed when the last of those that wait has ended. */
  readonly retire: () => void
  readonly close: () => void
}

export interface StreamConnectionOptions {
  /** Connecting, or connected. */
  readonly socket: Socket
  /** Closed after so long without a query. */
  readonly idleMs: number
  /** Closed when it is that old, once the last query over it has ended. */
  readonly maxAgeMs: number
  /** Asked when nothing waits any more: whether the connection is kept for later queries. */
  readonly mayRest: () => boolean
  /** Called once, when no query can go over it any more. */
  readonly onRetired: () => void
}

interface Waiting {
  readonly id: number
  /** Takes the message where it is the reply. */
  readonly offer: (message: Uint8Array) => boolean
  readonly onMismatch: () => void
  readonly end: (result: Extract<ExchangeResult<never>, { kind: 'unreachable' | 'flooded' }>) => void
}

/** Makes a connection of a socket. Replies are matched by id and question, in whatever order they come. */
export function createStreamConnection(options: StreamConnectionOptions): StreamConnection {
  const connection = new Connection(options)
  return {
    exchange: (request, stallMs) => connection.exchange(request, stallMs),
    inFlightCount: () => connection.inFlightCount,
    isProven: () => connection.isProven,
    retire: () => connection.retire(),
    close: () => connection.end({ kind: 'unreachable', text: 'the connection was given up' }),
  }
}

class Connection {
  readonly #options: StreamConnectionOptions
  readonly #waiting = new Set<Waiting>()
  #idleTimer: NodeJS.Timeout | undefined
  readonly #ageTimer: NodeJS.Timeout | undefined
  #isRetired = false
  #hasEnded = false
  #receivedCount = 0
  #mismatchCount = 0
  /** Queries whose reply nobody waits for any more: it may still come, and is no guess. */
  #abandonedCount = 0
  isProven = false

  constructor(options: StreamConnectionOptions) {
    this.#options = options
    const { socket, maxAgeMs } = options
    if (maxAgeMs !== Infinity) this.#ageTimer = setTimeout(() => this.retire(), maxAgeMs).unref()
    socket.on('error', (error) => this.end({ kind: 'unreachable', text: networkErrorToText(error) }))
    socket.on('close', () => this.end({ kind: 'unreachable', text: CLOSED }))
    socket.on('end', () => this.end({ kind: 'unreachable', text: CLOSED }))
    const receive = createFrameReader((message) => this.#receive(message))
    socket.on('data', (chunk) => {
      this.#receivedCount++
      receive(chunk)
    })
  }

  get inFlightCount(): number {
    return this.#waiting.size
  }

  exchange<T>(request: ExchangeRequest<T>, stallMs?: number): Promise<ExchangeResult<T>> {
    const { query, read, onMismatch, timeoutMs, signal } = request
    if (signal.aborted) return Promise.resolve({ kind: 'aborted' })
    if (this.#hasEnded) return Promise.resolve({ kind: 'unreachable', text: CLOSED })
    return new Promise((resolve) => {
      const finish = (result: ExchangeResult<T>) => {
        clearTimeout(timer)
        clearTimeout(stallTimer)
        signal.removeEventListener('abort', abort)
        if (result.kind === 'silence' || result.kind === 'aborted') this.#abandonedCount++
        this.#waiting.delete(waiting)
        if (result.kind === 'silence') this.retire()
        if (this.#waiting.size === 0) this.#rest()
        resolve(result)
      }
      const waiting: Waiting = {
        id: idOf(query),
        offer: (message) => {
          const reply = read(message)
          if (reply === undefined) return false
          this.isProven = true
          finish({ kind: 'reply', reply })
          return true
        },
        onMismatch,
        end: finish,
      }
      const abort = () => finish({ kind: 'aborted' })
      const timer = setTimeout(() => finish({ kind: 'silence' }), timeoutMs)
      const before = this.#receivedCount
      const stallTimer =
        stallMs === undefined
          ? undefined
          : setTimeout(() => {
              if (this.#receivedCount === before) finish({ kind: 'silence' })
            }, stallMs)
      signal.addEventListener('abort', abort, { once: true })
      clearTimeout(this.#idleTimer)
      this.#waiting.add(waiting)
      this.#options.socket.ref()
      this.#options.socket.write(composeFrame(query))
    })
  }

  retire(): void {
    if (this.#isRetired) return
    this.#isRetired = true
    clearTimeout(this.#ageTimer)
    this.#options.onRetired()
    if (this.#waiting.size === 0) this.#options.socket.destroy()
  }

  /** Ends whatever waits, and the connection. Only the first call counts. */
  end(result: Extract<ExchangeResult<never>, { kind: 'unreachable' | 'flooded' }>): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.retire()
    for (const waiting of this.#waiting) waiting.end(result)
    this.#options.socket.destroy()
  }

  #receive(message: Uint8Array): void {
    const id = idOf(message)
    for (const waiting of this.#waiting) if (waiting.id === id && waiting.offer(message)) return
    if (this.#abandonedCount > 0) {
      this.#abandonedCount--
      return
    }
    const [first] = this.#waiting
    first?.onMismatch()
    if (++this.#mismatchCount >= MAX_MISMATCHES) this.end({ kind: 'flooded' })
  }

  /** Nothing waits. A connection that has never been of use is not kept; an idle one must not keep the process. */
  #rest(): void {
    if (!this.isProven || !this.#options.mayRest()) this.retire()
    if (this.#isRetired) {
      this.#options.socket.destroy()
      return
    }
    this.#options.socket.unref()
    this.#idleTimer = setTimeout(() => this.retire(), this.#options.idleMs)
    this.#idleTimer.unref()
  }
}

const CLOSED = 'the connection was closed before the whole reply came'

function idOf(message: Uint8Array): number {
  return ((message[0] ?? 0) << 8) | (message[1] ?? 0)
}
