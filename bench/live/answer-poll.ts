import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import { Packet } from 'dns2'
import type { BenchServer } from '../servers.ts'

const ASK_EVERY_MS = 0.25
const LIMIT_MS = 30_000

/** Asks a server for addresses again and again, closely enough to time a change. */
export class AnswerPoll {
  readonly #socket: Socket
  readonly #port: number
  readonly #query: Buffer
  readonly #sleeping = new Int32Array(new SharedArrayBuffer(4))
  #onReply: (addresses: readonly string[]) => void = () => {}

  constructor({ port }: BenchServer, name: string) {
    this.#port = port
    this.#query = composeQuery(name)
    this.#socket = createSocket('udp4')
    this.#socket.on('message', (octets) => this.#onReply(addressesOf(octets)))
  }

  /** When the server first gave an answer that holds the address, in milliseconds as of performance.now. */
  async timeUntil(address: string): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    this.#onReply = (addresses) => {
      if (addresses.includes(address)) resolve(performance.now())
    }
    const stop = this.#askAgainAndAgain()
    const late = setTimeout(() => reject(new Error(`${address} was not answered in time`)), LIMIT_MS)
    try {
      return await promise
    } finally {
      stop()
      clearTimeout(late)
    }
  }

  close(): void {
    this.#socket.close()
  }

  /** Timers are no finer than 1 ms, and a loop that never sleeps would take a core from what is measured. */
  #askAgainAndAgain(): () => void {
    let isRunning = true
    const turn = (): void => {
      if (!isRunning) return
      this.#socket.send(this.#query, this.#port, '127.0.0.1')
      Atomics.wait(this.#sleeping, 0, 0, ASK_EVERY_MS)
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
