import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import { once } from 'node:events'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'

import { writeSeed } from './corpus.ts'
import type { Datagram } from './soak-traffic.ts'

const REPLY_TIMEOUT_MS = 6_000
/** So that the system drops no reply: that would be nobody's fault. */
const RECEIVE_BUFFER_OCTETS = 4 * 1024 * 1024

/** Sends batches of datagrams and holds what comes back against what must. */
export class SoakClient {
  /** Files of datagrams that got too few or too many replies, twice. */
  readonly kept: string[] = []
  /** Valid queries, told apart by id. */
  readonly #valid: Socket
  readonly #waitingIds = new Set<number>()
  /** Everything else, told by number alone: ids repeat. */
  readonly #other: Socket
  #otherReplies = 0
  #otherExpected = 0
  #replies = 0
  #silences = 0
  #surplus = 0

  private constructor(valid: Socket, other: Socket) {
    this.#valid = valid
    this.#other = other
    valid.on('message', (reply) => {
      this.#replies++
      if (!this.#waitingIds.delete(reply.readUInt16BE(0))) this.#surplus++
    })
    other.on('message', () => {
      this.#replies++
      this.#otherReplies++
    })
  }

  static async open(port: number): Promise<SoakClient> {
    return new SoakClient(await openSocket(port), await openSocket(port))
  }

  get failures(): number {
    return this.#silences + this.#surplus
  }

  /** Resolves when every reply is here, or is too late. */
  async exchange(batch: readonly Datagram[]): Promise<void> {
    for (const { octets, kind, isAnswered } of batch) {
      if (kind === 'valid') this.#waitingIds.add(Buffer.from(octets).readUInt16BE(0))
      else if (isAnswered) this.#otherExpected++
      const socket = kind === 'valid' ? this.#valid : this.#other
      socket.send(octets)
    }
    await this.#awaitReplies()
    if (this.#waitingIds.size === 0 && this.#otherReplies === this.#otherExpected) return
    this.#silences += this.#waitingIds.size + Math.max(0, this.#otherExpected - this.#otherReplies)
    this.#surplus += Math.max(0, this.#otherReplies - this.#otherExpected)
    await this.#keepCulprits(batch)
  }

  describe(): string {
    return `${this.#replies} replies, ${this.#silences} silences, ${this.#surplus} replies too many`
  }

  close(): void {
    this.#valid.close()
    this.#other.close()
  }

  async #awaitReplies(): Promise<void> {
    const deadline = performance.now() + REPLY_TIMEOUT_MS
    do await setImmediate()
    while (
      (this.#waitingIds.size > 0 || this.#otherReplies < this.#otherExpected) &&
      performance.now() < deadline
    )
  }

  /** Sends the datagrams of a batch again, one by one; those that fail again become seeds. */
  async #keepCulprits(batch: readonly Datagram[]): Promise<void> {
    for (const { octets, isAnswered } of batch) {
      this.#waitingIds.clear()
      this.#otherReplies = 0
      this.#otherExpected = isAnswered ? 1 : 0
      this.#other.send(octets)
      await this.#awaitReplies()
      await sleep(20)
      if (this.#otherReplies === this.#otherExpected) continue
      const why = `${this.#otherReplies} replies in a soak`
      this.kept.push(writeSeed({ name: 'query', seedForm: 'hex' }, octets, why))
    }
    this.#waitingIds.clear()
    this.#otherReplies = this.#otherExpected = 0
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
