import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import { Packet } from 'dns2'
import type { BenchServer } from '../servers.ts'

const ASK_EVERY_MS = 0.25
const LIMIT_MS = 30_000

/** Asks servers for addresses again and again, closely enough to time a change. */
export class AnswerPoll {
  readonly #socket: Socket
  readonly #ports: readonly number[]
  readonly #query: Buffer
  #onReply: (port: number, addresses: readonly string[]) => void = () => {}

  constructor(servers: readonly BenchServer[], name: string) {
    this.#ports = servers.map(({ port }) => port)
    this.#query = composeQuery(name)
    this.#socket = createSocket('udp4')
    this.#socket.on('message', (octets, { port }) => this.#onReply(port, addressesOf(octets)))
  }

  /** When each server, by its port, first gave an answer that holds the address, in milliseconds as of performance.now. */
  async timeUntil(address: string): Promise<ReadonlyMap<number, number>> {
    const times = new Map<number, number>()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#onReply = (port, addresses) => {
      if (!times.has(port) && addresses.includes(address)) times.set(port, performance.now())
      if (times.size === this.#ports.length) resolve()
    }
    const stop = this.#askAgainAndAgain((port) => !times.has(port))
    const late = setTimeout(() => reject(new Error(`${address} was not answered in time`)), LIMIT_MS)
    try {
      await promise
      return times
    } finally {
      stop()
      clearTimeout(late)
    }
  }

  close(): void {
    this.#socket.close()
  }

  /** Timers are no finer than 1 ms, so turns of the event loop are counted instead. */
  #askAgainAndAgain(isWanted: (port: number) => boolean): () => void {
    let isRunning = true
    let askedAt = 0
    const turn = (): void => {
      if (!isRunning) return
      const now = performance.now()
      if (now - askedAt >= ASK_EVERY_MS) {
        askedAt = now
        for (const port of this.#ports) if (isWanted(port)) this.#socket.send(this.#query, port, '127.0.0.1')
      }
      setImmediate(turn)
    }
    turn()
    return () => (isRunning = false)
  }
}

function composeQuery(name: string): Buffer {
  const query = new Packet()
  query.header.id = 1
  query.questions.push(new Packet.Question(name, Packet.TYPE.A, Packet.CLASS.IN))
  return query.toBuffer()
}

function addressesOf(octets: Buffer): readonly string[] {
  return Packet.parse(octets).answers.flatMap(({ address }) => address ?? [])
}
