import { createSocket } from 'node:dgram'

/** What came of many questions. */
export interface LoopResult {
  /** Milliseconds from each query to its reply, lowest first. */
  readonly latencies: Float32Array
  readonly lost: number
  readonly seconds: number
  readonly rcodes: ReadonlyMap<number, number>
  /** The longest that this very thread stood still: as much of a latency may be its own. */
  readonly ownStallMs: number
}

export interface LoopOptions {
  readonly port: number
  readonly count: number
  /** Queries that wait at a time. */
  readonly outstanding: number
  /** The first label of the nth name. */
  readonly label: (index: number) => string
}

/** As a stub resolver waits. */
const TIMEOUT_MS = 5_000
const CHECK_MS = 1

/** Asks for addresses of names below `example.`, the next one whenever a reply has come. */
export function runClosedLoop({ port, count, outstanding, label }: LoopOptions): Promise<LoopResult> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 })
  const sentMs = new Float64Array(65_536)
  const latencies = new Float32Array(count)
  const rcodes = new Map<number, number>()
  const startedMs = performance.now()
  let [asked, answered, lost] = [0, 0, 0]
  let [lastTickMs, ownStallMs] = [startedMs, 0]
  const send = (): void => {
    if (asked >= count) return
    const id = asked & 0xffff
    const query = compose(id, label(asked++))
    sentMs[id] = performance.now()
    socket.send(query, port, '127.0.0.1')
  }
  return new Promise((resolve) => {
    const finish = (): void => {
      clearInterval(timer)
      socket.close()
      const seconds = (performance.now() - startedMs) / 1000
      resolve({ latencies: latencies.subarray(0, answered).toSorted(), lost, seconds, rcodes, ownStallMs })
    }
    const timer = setInterval(() => {
      const now = performance.now()
      ownStallMs = Math.max(ownStallMs, now - lastTickMs - CHECK_MS)
      lastTickMs = now
      for (let id = Math.max(0, asked - 65_536); id < asked; id++) {
        if (now - (sentMs[id & 0xffff] ?? 0) < TIMEOUT_MS) break
        if (sentMs[id & 0xffff] === Infinity) continue
        sentMs[id & 0xffff] = Infinity
        lost++
        send()
      }
      if (answered + lost >= count) finish()
    }, CHECK_MS)
    socket.on('message', (reply) => {
      const id = reply.readUInt16BE(0)
      const sent = sentMs[id] ?? Infinity
      if (sent === Infinity) return
      sentMs[id] = Infinity
      latencies[answered++] = performance.now() - sent
      const rcode = reply.readUInt8(3) & 15
      rcodes.set(rcode, (rcodes.get(rcode) ?? 0) + 1)
      send()
    })
    for (let round = 0; round < outstanding; round++) send()
  })
}

function compose(id: number, label: string): Buffer {
  const header = [id >> 8, id & 0xff, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
  return Buffer.from([
    ...header,
    label.length,
    ...Buffer.from(label),
    7,
    ...Buffer.from('example'),
    0,
    0,
    1,
    0,
    1,
  ])
}
