import { createSocket } from 'node:dgram'
import type { Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

import { createCounters } from '../../src/metrics/counters.ts'
import type { Counters } from '../../src/metrics/counters.ts'
import { composeChain } from '../../src/server/chain.ts'
import { openListeners } from '../../src/server/listener-group.ts'
import type { ListenerGroup, ListenerGroupOptions } from '../../src/server/listener-group.ts'
import { createServingPlan } from '../../src/server/serving-plan.ts'
import type { BlockPlan } from '../../src/server/serving-plan.ts'
import { nameFromText } from '../../src/wire/name.ts'
import type { DomainName } from '../../src/wire/name.ts'
import type { Reply, Responder } from '../../src/zone/responder.ts'

export const ZONE = domainName('cluster.local.')

/** A name that is known to be one. */
export function domainName(text: string): DomainName {
  const parsed = nameFromText(text)
  if (parsed === undefined) throw new Error(`no name: ${text}`)
  return parsed
}

/** A server on a free port of 127.0.0.1 for one test; `await using` closes it. */
export interface TestServer extends AsyncDisposable {
  readonly port: number
  readonly group: ListenerGroup
  readonly counters: Counters
  /** What went to `onError`, as `where: message`. */
  readonly errors: string[]
}

export interface TestServerOptions extends Partial<Omit<ListenerGroupOptions, 'counters' | 'onError'>> {
  readonly block?: Partial<BlockPlan>
  readonly graceMs?: number
}

/** One block for `cluster.local.` that asks the responders in order. */
export async function startTestServer(
  responders: readonly Responder[],
  { block, graceMs = 0, ...options }: TestServerOptions = {},
): Promise<TestServer> {
  const counters = createCounters()
  const errors: string[] = []
  const plan = createServingPlan([blockPlan(responders, block)])
  const group = await openListeners({
    targets: [{ address: '127.0.0.1', port: 0 }],
    plan: () => plan,
    counters,
    onError: (error, where) =>
      errors.push(`${where}: ${error instanceof Error ? error.message : String(error)}`),
    nowMs: () => performance.now(),
    ...options,
  })
  const port = group.listeners[0]?.port ?? 0
  return { port, group, counters, errors, [Symbol.asyncDispose]: () => group.close({ graceMs }) }
}

export function blockPlan(responders: readonly Responder[], overrides: Partial<BlockPlan> = {}): BlockPlan {
  return {
    zone: ZONE,
    answer: composeChain(responders),
    recursionAvailable: false,
    udpPayloadSizeOctets: 1232,
    explain: 'full',
    ...overrides,
  }
}

/** NOERROR with these RRsets, AA. */
export function positive(answer: Reply['answer'], more: Partial<Reply> = {}): Reply {
  return { rcode: 0, authoritativeAnswer: true, answer, authority: [], additional: [], ...more }
}

/** Answers every question with `count` A records at the name asked. */
export function addresses(count: number, more: Partial<Reply> = {}): Responder {
  return ({ question: { qname } }) =>
    positive(
      [
        {
          owner: qname,
          rrtype: 1,
          ttlSeconds: 5,
          rdatas: Array.from({ length: count }, (_, index) => ({ kind: 'A', address: 0x0a00_0000 + index })),
        },
      ],
      more,
    )
}

export interface RawQuery {
  readonly id?: number
  /** The header's second word; RD alone by default. */
  readonly flags?: number
  readonly name?: string
  readonly type?: number
  readonly class?: number
  readonly edns?: { size?: number; version?: number; flags?: number; options?: Buffer }
  /** Replaces the counts that follow from the rest: QD, AN, NS, AR. */
  readonly counts?: readonly [number, number, number, number]
  /** Appended as it is. */
  readonly tail?: Buffer
}

/** A query written by hand, octet by octet: nothing of the server's own wire code is in it. */
export function rawQuery(query: RawQuery = {}): Buffer {
  const opt = query.edns === undefined ? Buffer.alloc(0) : rawOpt(query.edns)
  const question = rawQuestion(
    query.name ?? 'web.default.svc.cluster.local',
    query.type ?? 1,
    query.class ?? 1,
  )
  const counts = query.counts ?? [1, 0, 0, opt.length === 0 ? 0 : 1]
  return Buffer.concat([
    uint16(query.id ?? 0x1234, query.flags ?? 0x0100, ...counts),
    question,
    opt,
    query.tail ?? Buffer.alloc(0),
  ])
}

export function rawQuestion(name: string, type = 1, rrclass = 1): Buffer {
  return Buffer.concat([rawName(name), uint16(type, rrclass)])
}

export function rawName(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '')
  const parts = labels.map((label) => Buffer.from(String.fromCharCode(label.length) + label, 'latin1'))
  return Buffer.concat([...parts, Buffer.of(0)])
}

export function rawOpt(edns: NonNullable<RawQuery['edns']>, owner = Buffer.of(0)): Buffer {
  const options = edns.options ?? Buffer.alloc(0)
  const ttl = Buffer.of(0, edns.version ?? 0)
  return Buffer.concat([
    owner,
    uint16(41, edns.size ?? 1232),
    ttl,
    uint16(edns.flags ?? 0, options.length),
    options,
  ])
}

export function rawOption(code: number, data = Buffer.alloc(0)): Buffer {
  return Buffer.concat([uint16(code, data.length), data])
}

export function uint16(...values: readonly number[]): Buffer {
  const octets = Buffer.alloc(values.length * 2)
  values.forEach((value, index) => octets.writeUInt16BE(value, index * 2))
  return octets
}

/** The header of a reply. */
export function headerOf(reply: Uint8Array) {
  const octets = Buffer.from(reply)
  const flags = octets.readUInt16BE(2)
  const bit = (mask: number): boolean => (flags & mask) !== 0
  return {
    id: octets.readUInt16BE(0),
    qr: bit(0x8000),
    opcode: (flags >>> 11) & 15,
    aa: bit(0x0400),
    tc: bit(0x0200),
    rd: bit(0x0100),
    ra: bit(0x0080),
    z: bit(0x0040),
    ad: bit(0x0020),
    cd: bit(0x0010),
    rcode: flags & 15,
    counts: [4, 6, 8, 10].map((offset) => octets.readUInt16BE(offset)),
  }
}

/** A UDP client with a socket of its own. */
export class UdpClient {
  readonly replies: Buffer[] = []
  readonly #socket: UdpSocket
  readonly #port: number

  private constructor(socket: UdpSocket, port: number) {
    this.#socket = socket
    this.#port = port
    socket.on('message', (octets) => this.replies.push(octets))
    socket.on('error', () => {})
  }

  static async open(port: number, localAddress = '127.0.0.1'): Promise<UdpClient> {
    const socket = createSocket('udp4')
    socket.bind(0, localAddress)
    await once(socket, 'listening')
    return new UdpClient(socket, port)
  }

  get localPort(): number {
    return this.#socket.address().port
  }

  send(octets: Uint8Array): void {
    this.#socket.send(octets, this.#port, '127.0.0.1')
  }

  /** The first reply to come, or undefined when none comes in time. */
  async exchange(octets: Uint8Array, timeoutMs = 2_000): Promise<Buffer | undefined> {
    const before = this.replies.length
    this.send(octets)
    await until(() => this.replies.length > before, timeoutMs)
    return this.replies[before]
  }

  /** Whatever the server has to say to these. Ends when it has answered a plain query sent after them. */
  async flood(messages: readonly Uint8Array[]): Promise<readonly Buffer[]> {
    const before = this.replies.length
    // A socket holds about 250 small datagrams that nobody has read yet.
    for (let start = 0; start < messages.length || start === 0; start += 50) {
      for (const octets of messages.slice(start, start + 50)) this.send(octets)
      const reply = this.replies.length
      this.send(rawQuery({ id: 0xfffe }))
      if (!(await until(() => this.replies.slice(reply).some(isLast), 5_000)))
        throw new Error('the server is gone')
    }
    return this.replies.slice(before).filter((reply) => !isLast(reply))
  }

  [Symbol.dispose](): void {
    this.#socket.close()
  }
}

const isLast = (reply: Buffer): boolean => reply.readUInt16BE(0) === 0xfffe

/** The reply to one UDP query, which must come. */
export async function udpReply(port: number, octets: Uint8Array): Promise<Buffer> {
  using client = await UdpClient.open(port)
  const reply = await client.exchange(octets)
  if (reply === undefined) throw new Error('no reply')
  return reply
}

/** A TCP client that shows what comes as whole messages. */
export class TcpClient {
  readonly socket: Socket
  readonly replies: Buffer[] = []
  ended = false
  closed = false
  #waiting = Buffer.alloc(0)

  private constructor(socket: Socket) {
    this.socket = socket
    socket.setNoDelay(true)
    socket.on('data', (piece) => this.#receive(piece))
    socket.on('end', () => (this.ended = true))
    socket.on('close', () => (this.closed = true))
    socket.on('error', () => {})
  }

  static async open(port: number, localAddress = '127.0.0.1'): Promise<TcpClient> {
    const socket = connect({ port, host: '127.0.0.1', localAddress, allowHalfOpen: true })
    await once(socket, 'connect')
    return new TcpClient(socket)
  }

  send(...messages: readonly Uint8Array[]): void {
    this.socket.write(Buffer.concat(messages.map(framed)))
  }

  async exchange(octets: Uint8Array): Promise<Buffer> {
    const before = this.replies.length
    this.send(octets)
    await this.waitForReplies(before + 1)
    const reply = this.replies[before]
    if (reply === undefined) throw new Error('no reply')
    return reply
  }

  async waitForReplies(count: number, timeoutMs = 5_000): Promise<void> {
    if (await until(() => this.replies.length >= count, timeoutMs)) return
    throw new Error(`${this.replies.length} replies instead of ${count}`)
  }

  /** Whether the server ends the connection in time. */
  async endsWithin(timeoutMs: number): Promise<boolean> {
    return await until(() => this.ended || this.closed, timeoutMs)
  }

  #receive(piece: Buffer): void {
    this.#waiting = Buffer.concat([this.#waiting, piece])
    while (this.#waiting.length >= 2) {
      const end = 2 + this.#waiting.readUInt16BE(0)
      if (this.#waiting.length < end) return
      this.replies.push(this.#waiting.subarray(2, end))
      this.#waiting = this.#waiting.subarray(end)
    }
  }

  [Symbol.dispose](): void {
    this.socket.destroy()
  }
}

export function framed(octets: Uint8Array): Buffer {
  return Buffer.concat([uint16(octets.length), octets])
}

/** Whether `condition` comes true in time. */
export async function until(condition: () => boolean, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs
  while (!condition()) {
    if (performance.now() > deadline) return false
    await sleep(2)
  }
  return true
}
