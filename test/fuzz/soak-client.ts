import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import { once } from 'node:events'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'

import { writeSeed } from './corpus.ts'
import type { Datagram } from './soak-traffic.ts'

const REPLY_TIMEOUT_MS = 6_000
/** So that the system drops no reply: that would be nobody's fault. */
const RECEIVE_BUFFER_OCTETS = 4 * 1024 * 1024

/** Sends batches of datagrams and holds what comes back against what must, by id. */
export class SoakClient {
  /** Files of datagrams that got too few or too many replies, twice. */
  readonly kept: string[] = []
  readonly #socket: Socket
  readonly #waitingIds = new Set<number>()
  #replies = 0
  #silences = 0
  #surplus = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('message', (reply) => {
      this.#replies++
      if (!this.#waitingIds.delete(reply.readUInt16BE(0))) this.#surplus++
    })
  }

  static async open(port: number): Promise<SoakClient> {
    return new SoakClient(await openSocket(port))
  }

  get failures(): number {
    return this.#silences + this.#surplus
  }

  /** Resolves when every reply is here, or is too late. */
  async exchange(batch: readonly Datagram[]): Promise<void> {
    const before = this.failures
    await this.#send(batch)
    if (this.failures === before) return
    for (const datagram of batch) await this.#sendAgain(datagram)
  }

  describe(): string {
    return `${this.#replies} replies, ${this.#silences} silences, ${this.#surplus} replies too many`
  }

  close(): void {
    this.#socket.close()
  }

  async #send(batch: readonly Datagram[]): Promise<void> {
    for (const { octets, isAnswered } of batch) {
      if (isAnswered) this.#waitingIds.add(octets.readUInt16BE(0))
      this.#socket.send(octets)
    }
    const deadline = performance.now() + REPLY_TIMEOUT_MS
    do await setImmediate()
    while (this.#waitingIds.size > 0 && performance.now() < deadline)
    this.#silences += this.#waitingIds.size
    this.#waitingIds.clear()
  }

  /** Keeps the datagram as a seed where it fails again. Does not count a second time. */
  async #sendAgain(datagram: Datagram): Promise<void> {
    const [silences, surplus] = [this.#silences, this.#surplus]
    await this.#send([datagram])
    await sleep(20)
    const why = `${this.#silences - silences} replies missing, ${this.#surplus - surplus} too many in a soak`
    if (this.failures > silences + surplus)
      this.kept.push(writeSeed({ name: 'query', seedForm: 'hex' }, datagram.octets, why))
    this.#silences = silences
    this.#surplus = surplus
  }
}

/** Connected, so that no send asks the resolver for what is an address. */
async function openSocket(port: number): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BUFFER_OCTETS })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  socket.connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}
