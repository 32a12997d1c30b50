import type { Socket } from 'node:net'

import type { Counters } from '../metrics/counters.ts'
import { composeFrame } from '../wire/frame.ts'
import type { Client } from '../zone/responder.ts'
import type { Pending, Respond } from './message-answerer.ts'
import { plainAddress } from './plain-address.ts'
import type { LocalEndpoint } from './query.ts'
import { FrameReader } from './tcp-framing.ts'
import type { TcpLimits } from './tcp-limits.ts'

export interface TcpConnectionOptions {
  readonly respond: Respond
  readonly limits: TcpLimits
  readonly counters: Counters
  readonly nowMs: () => number
}

/**
 * One client's stream of queries. They are answered as they finish, not in the order they came (RFC 7766 6.2.1.1, 7).
 * Takes no more while too many wait for an answer or the client does not read; then TCP itself holds the client back.
 */
export class TcpConnection {
  readonly client: Client
  readonly #local: LocalEndpoint
  readonly #socket: Socket
  readonly #options: TcpConnectionOptions
  readonly #frames = new FrameReader()
  readonly #inFlight = new Set<Pending>()
  #queries = 0
  /** No more is taken off the stream: the client's end has been seen, a limit reached, or the server is closing. */
  #finishing = false
  #clientEnded = false
  /** The client sends what is no query: not even the end of its stream is waited for. */
  #misused = false
  #lastActivityMs: number
  /** When the first octet of an unfinished message came, and in how many pieces it has come so far. */
  #messageStartMs: number | undefined
  #messageReads = 0
  #deliveredOctets = 0
  #deliveredMs: number

  constructor(socket: Socket, options: TcpConnectionOptions) {
    this.#socket = socket
    this.#options = options
    this.#lastActivityMs = this.#deliveredMs = options.nowMs()
    this.client = {
      address: plainAddress(socket.remoteAddress ?? ''),
      port: socket.remotePort ?? 0,
      transport: 'tcp',
    }
    this.#local = { address: plainAddress(socket.localAddress ?? ''), port: socket.localPort ?? 0 }
    socket.setNoDelay(true)
    socket.on('data', (piece) => this.#receive(piece))
    socket.on('drain', () => this.#take())
    socket.on('end', () => this.#receiveEnd())
    // A reset or a broken pipe is how clients leave; 'close' follows.
    socket.on('error', () => options.counters.socketErrors++)
    socket.on('close', () => this.#abandon())
  }

  /** Nothing of this client waits for an answer. */
  get isIdle(): boolean {
    return this.#inFlight.size === 0
  }

  get lastActivityMs(): number {
    return this.#lastActivityMs
  }

  /** Answers what has been asked, then closes. */
  finish(): void {
    this.#finishing = true
    this.#closeIfDone()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  /** Closes the connection where one of its deadlines has passed. Asked now and then. */
  expire(nowMs: number, idleTimeoutMs: number): void {
    if (!this.#isOverdue(nowMs, idleTimeoutMs)) return
    this.#options.counters.connectionsTimedOut++
    this.#socket.destroy()
  }

  #isOverdue(nowMs: number, idleTimeoutMs: number): boolean {
    const { limits } = this.#options
    if (this.#messageStartMs !== undefined && nowMs - this.#messageStartMs >= limits.messageTimeoutMs)
      return true
    if (this.#isStalled(nowMs)) return true
    const quiet = this.isIdle && this.#socket.writableLength === 0
    return quiet && nowMs - this.#lastActivityMs >= idleTimeoutMs
  }

  #isStalled(nowMs: number): boolean {
    const delivered = this.#socket.bytesWritten - this.#socket.writableLength
    if (this.#socket.writableLength === 0 || delivered !== this.#deliveredOctets) {
      this.#deliveredOctets = delivered
      this.#deliveredMs = nowMs
    }
    return nowMs - this.#deliveredMs >= this.#options.limits.writeTimeoutMs
  }

  #receive(piece: Uint8Array): void {
    if (this.#finishing) return
    this.#frames.push(piece)
    this.#messageReads++
    this.#take()
  }

  #receiveEnd(): void {
    this.#clientEnded = true
    this.#take()
  }

  /** Takes as many messages off the stream as the limits allow. Their immediate replies leave in one write. */
  #take(): void {
    if (this.#socket.destroyed) return
    this.#socket.cork()
    while (this.#mayTakeMore()) {
      const frame = this.#frames.next()
      if (frame.kind === 'message') {
        this.#answer(frame.octets)
      } else if (frame.kind === 'garbage') {
        this.#giveUp()
      } else {
        this.#awaitMore()
        break
      }
    }
    this.#socket.uncork()
    this.#holdBack()
    this.#closeIfDone()
  }

  #mayTakeMore(): boolean {
    return (
      !this.#finishing &&
      !this.#socket.destroyed &&
      !this.#socket.writableNeedDrain &&
      this.#inFlight.size < this.#options.limits.maxInFlightPerConnection
    )
  }

  #awaitMore(): void {
    if (this.#clientEnded) {
      this.#finishing = true
      return
    }
    if (this.#frames.waitingOctets === 0) return
    this.#messageStartMs ??= this.#options.nowMs()
    if (this.#messageReads >= this.#options.limits.maxReadsPerMessage) this.#giveUp()
  }

  #giveUp(): void {
    this.#options.counters.connectionsMisused++
    this.#misused = this.#finishing = true
  }

  #useUp(): void {
    this.#options.counters.connectionsUsedUp++
    this.#finishing = true
  }

  #answer(octets: Uint8Array): void {
    this.#messageStartMs = undefined
    this.#messageReads = 0
    this.#lastActivityMs = this.#options.nowMs()
    this.#queries++
    if (this.#queries === this.#options.limits.maxQueriesPerConnection) this.#useUp()
    const pending = this.#options.respond(octets, this.client, this.#local, (reply) => this.#send(reply))
    if (pending === undefined) return
    this.#inFlight.add(pending)
    void pending.finished.then(() => {
      this.#inFlight.delete(pending)
      this.#lastActivityMs = this.#options.nowMs()
      this.#take()
    })
  }

  /** Length and message in one piece, so that no client sees them apart (RFC 7766 8). */
  #send(reply: Uint8Array): void {
    const { counters, limits } = this.#options
    if (!this.#socket.writable) return
    this.#socket.write(composeFrame(reply))
    if (this.#socket.writableLength <= limits.maxWaitingOctets) return
    counters.connectionsTimedOut++
    this.#socket.destroy()
  }

  #holdBack(): void {
    if (this.#mayTakeMore()) this.#socket.resume()
    else if (!this.#socket.isPaused()) this.#socket.pause()
  }

  /**
   * Closing with octets unread resets the connection, and replies on their way are lost. So a client that did nothing
   * wrong is told the end, and what it still sends is thrown away until it ends too or its idle time is over.
   */
  #closeIfDone(): void {
    if (!this.#finishing || !this.isIdle) return
    if (this.#misused) {
      this.#socket.destroySoon()
      return
    }
    this.#socket.end()
    this.#socket.resume()
  }

  #abandon(): void {
    this.#finishing = true
    for (const pending of this.#inFlight) pending.abort()
  }
}
