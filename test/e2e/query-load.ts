import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import { setTimeout as sleep } from 'node:timers/promises'
import { Packet } from 'dns2'

/** What became of all queries of a load. */
export interface LoadResult {
  readonly sent: number
  /** Replies that had the RCODE NOERROR and at least one record. */
  readonly good: number
  /** Others by their RCODE, and those that never came. */
  readonly bad: ReadonlyMap<string, number>
  /** Sorted. */
  readonly latenciesMs: readonly number[]
}

export interface LoadOptions {
  /** Of the server; several are asked in turn, as resolv.conf lists them: the next one where a reply does not come. */
  readonly ports: readonly number[]
  /** Questions such as `web.shop.svc.cluster.local`, type A. */
  readonly names: readonly string[]
  readonly queriesPerSecond: number
  /** How long a try may take. */
  readonly timeoutMs?: number
  /** Tries of one lookup in all. */
  readonly tries?: number
}

interface Lookup {
  readonly message: Buffer
  readonly sentMs: number
  triesLeft: number
  portIndex: number
  timer: NodeJS.Timeout | undefined
}

const TICK_MS = 5
const SERVFAIL = Packet.RCODE.SERVFAIL
const RCODE_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(Packet.RCODE).map(([name, code]) => [code, name]),
)

/** Asks at a steady rate, as a crowd of stub resolvers does, until it is stopped. Every lookup must be answered with records. */
export class QueryLoad {
  readonly #options: LoadOptions
  readonly #sockets: Socket[] = []
  readonly #waiting = new Map<number, Lookup>()
  readonly #messages: readonly Buffer[]
  readonly #bad = new Map<string, number>()
  readonly #latenciesMs: number[] = []
  readonly #startedMs = performance.now()
  readonly #ticking: NodeJS.Timeout
  #stopped: Promise<LoadResult> | undefined
  #sent = 0
  #good = 0
  #lastId = 0

  constructor(options: LoadOptions) {
    this.#options = options
    this.#messages = options.names.map(composeQuery)
    for (let count = 0; count < 4; count++) {
      const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 })
      socket.on('message', (reply) => this.#settle(reply))
      // A server that is gone shows as a reply that does not come.
      socket.on('error', () => {})
      this.#sockets.push(socket)
    }
    this.#ticking = setInterval(() => this.#tick(), TICK_MS)
  }

  get sent(): number {
    return this.#sent
  }

  /** Waits for the last replies. May be called again. */
  async stop(): Promise<LoadResult> {
    this.#stopped ??= this.#finish()
    return this.#stopped
  }

  async #finish(): Promise<LoadResult> {
    clearInterval(this.#ticking)
    while (this.#waiting.size > 0) await sleep(TICK_MS)
    for (const socket of this.#sockets) socket.close()
    return {
      sent: this.#sent,
      good: this.#good,
      bad: this.#bad,
      latenciesMs: this.#latenciesMs.toSorted((a, b) => a - b),
    }
  }

  #tick(): void {
    const due = ((performance.now() - this.#startedMs) / 1000) * this.#options.queriesPerSecond
    // What was missed while this process was busy is not made up for: no bursts.
    const count = Math.min(due - this.#sent, (this.#options.queriesPerSecond * TICK_MS * 4) / 1000)
    for (let index = 0; index < count; index++) this.#ask()
  }

  #ask(): void {
    const message = this.#messages[this.#sent++ % this.#messages.length]
    if (message === undefined) return
    const { tries = 1, ports } = this.#options
    const lookup = {
      message,
      sentMs: performance.now(),
      triesLeft: tries,
      portIndex: this.#sent % ports.length,
      timer: undefined,
    }
    this.#try(lookup)
  }

  #try(lookup: Lookup): void {
    const { ports, timeoutMs = 5000 } = this.#options
    lookup.triesLeft--
    const id = (this.#lastId = (this.#lastId + 1) & 0xffff)
    const octets = Buffer.from(lookup.message)
    octets.writeUInt16BE(id)
    this.#waiting.set(id, lookup)
    lookup.timer = setTimeout(() => {
      this.#waiting.delete(id)
      lookup.portIndex++
      if (lookup.triesLeft > 0) this.#try(lookup)
      else this.#count('no reply')
    }, timeoutMs)
    this.#sockets[id % this.#sockets.length]?.send(
      octets,
      ports[lookup.portIndex % ports.length] ?? 0,
      '127.0.0.1',
    )
  }

  #settle(reply: Buffer): void {
    if (reply.length < 12) return
    const id = reply.readUInt16BE(0)
    const lookup = this.#waiting.get(id)
    if (lookup === undefined) return
    clearTimeout(lookup.timer)
    this.#waiting.delete(id)
    const rcode = reply.readUInt16BE(2) & 0xf
    // Stub resolvers go on to the next server, where there is one.
    if (rcode === SERVFAIL && this.#options.ports.length > 1 && lookup.triesLeft > 0) {
      lookup.portIndex++
      return this.#try(lookup)
    }
    this.#latenciesMs.push(performance.now() - lookup.sentMs)
    if (rcode === 0 && reply.readUInt16BE(6) > 0) this.#good++
    else this.#count(rcode === 0 ? 'NODATA' : (RCODE_NAMES.get(rcode) ?? `RCODE ${rcode}`))
  }

  #count(outcome: string): void {
    this.#bad.set(outcome, (this.#bad.get(outcome) ?? 0) + 1)
  }
}

function composeQuery(name: string): Buffer {
  const packet = new Packet()
  packet.header.rd = 1
  packet.questions.push(new Packet.Question(name, Packet.TYPE.A, Packet.CLASS.IN))
  return packet.toBuffer()
}
