import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'

import { rawQuery } from '../server/harness.ts'
import type { FloodOrder } from './flood-worker.ts'
import type { SoakOptions } from './soak.ts'
import { freePort } from './soak.ts'
import { SoakMemory } from './soak-memory.ts'
import { SoakServer } from './soak-server.ts'

const CALIBRATION_MS = 5_000
/** Enough at a time to keep the server busy, and few enough that the system loses none. */
const WINDOW = 100
/** Of the time, in which memory may grow. */
const FIRST_SHARE = 0.5
const PROBE_EVERY_MS = 10
const PROBE_TIMEOUT_MS = 1_000
/** Those that are answered while twice as much comes as can be: no slower than this. */
const MAX_P99_MS = 100

const QUERY = rawQuery({ name: 'clusterip1.default.svc.cluster.local' })

/**
 * Sends twice what a server can answer (U09) and asks as another client meanwhile: what is answered must be answered soon, and
 * memory must stay flat. True where both hold.
 */
export async function overload({
  seconds,
  print,
}: Pick<SoakOptions, 'print'> & { readonly seconds: number }): Promise<boolean> {
  const server = await SoakServer.start(await freePort(), 9)
  const capacity = await measureCapacity(server.port)
  print(
    `overload: ${capacity.toFixed(0)} queries a second can be answered; ${(2 * capacity).toFixed(0)} are sent for ${seconds} s\n`,
  )
  const calm = await probe(server.port, 2, () => {})
  const order: FloodOrder = { port: server.port, perSecond: 2 * capacity, datagrams: [QUERY] }
  const flood = new Worker(join(import.meta.dirname, 'flood-worker.ts'), { workerData: order })
  await sleep(1_000)
  const memory = new SoakMemory(server)
  const loaded = await probe(server.port, seconds, (share) => memory.sample(share < FIRST_SHARE))
  await flood.terminate()
  const after = await probe(server.port, 2, () => {})
  const isAlive = server.isRunning
  await server.stop()
  print(
    `before: ${describe(calm)}\nduring: ${describe(loaded)}, ${memory.describe()}\nafter: ${describe(after)}\n`,
  )
  for (const line of server.errors) print(`the server says: ${line}\n`)
  const faults = [
    !isAlive || server.errors.length > 0,
    percentile(loaded, 0.99) > MAX_P99_MS,
    !memory.isFlat,
    answeredShare(after) < 1,
  ].filter(Boolean).length
  print(`${4 - faults} passed, ${faults} failed\n`)
  return faults === 0
}

/** Queries a second while a window of them is always open. */
async function measureCapacity(port: number): Promise<number> {
  const socket = createSocket('udp4')
  socket.connect(port, '127.0.0.1')
  await once(socket, 'connect')
  let answered = 0
  socket.on('message', () => {
    answered++
    socket.send(QUERY)
  })
  for (let index = 0; index < WINDOW; index++) socket.send(QUERY)
  await sleep(CALIBRATION_MS)
  socket.close()
  return (answered / CALIBRATION_MS) * 1_000
}

/** Milliseconds that each query took; Infinity for those without an answer. */
async function probe(
  port: number,
  seconds: number,
  onTick: (share: number) => void,
): Promise<readonly number[]> {
  const socket = createSocket('udp4')
  socket.connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const sentMs = new Map<number, number>()
  const tookMs: number[] = []
  socket.on('message', (reply) => {
    const id = reply.readUInt16BE(0)
    const sent = sentMs.get(id)
    if (sent !== undefined && sentMs.delete(id)) tookMs.push(performance.now() - sent)
  })
  const count = Math.floor((seconds * 1_000) / PROBE_EVERY_MS)
  for (let id = 0; id < count; id++) {
    const query = Buffer.from(QUERY)
    query.writeUInt16BE(id & 0xffff, 0)
    sentMs.set(id & 0xffff, performance.now())
    socket.send(query)
    onTick(id / count)
    await sleep(PROBE_EVERY_MS)
  }
  await sleep(PROBE_TIMEOUT_MS)
  socket.close()
  return [...tookMs, ...Array.from(sentMs, () => Infinity)]
}

function answeredShare(tookMs: readonly number[]): number {
  return tookMs.filter((ms) => ms !== Infinity).length / tookMs.length
}

/** Of those that were answered. */
function percentile(tookMs: readonly number[], share: number): number {
  const answered = tookMs.filter((ms) => ms !== Infinity).toSorted((a, b) => a - b)
  return answered[Math.floor(answered.length * share)] ?? Infinity
}

function describe(tookMs: readonly number[]): string {
  const [p50, p99] = [percentile(tookMs, 0.5), percentile(tookMs, 0.99)]
  return `${(answeredShare(tookMs) * 100).toFixed(0)} % answered, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`
}
