import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'

import { SeededRandom } from './random.ts'
import { SoakClient } from './soak-client.ts'
import { SoakMemory } from './soak-memory.ts'
import { SoakServer } from './soak-server.ts'
import { SoakTraffic } from './soak-traffic.ts'

export interface SoakOptions {
  readonly datagrams: number
  readonly print: (text: string) => void
}

/** Sent before their replies are waited for: what a socket of the system holds without losing any. */
const BATCH = 64
const PROGRESS_MS = 10_000
/** Memory may grow in the first minute, on a busy machine until a tenth of the datagrams are sent, and hardly after it. */
const FIRST_MS = 60_000
const FIRST_SHARE = 0.1

/**
 * Sends datagrams at a running server and counts: queries without a reply, replies to what gets none, lines of the server's
 * log, and growth of its memory. True where there is none of these.
 */
export async function soak({ datagrams, print }: SoakOptions): Promise<boolean> {
  const seed = randomInt(1, 2 ** 31)
  const upstream = await startUpstream()
  const server = await SoakServer.start(await freePort(), upstream.address().port)
  const client = await SoakClient.open(server.port)
  const traffic = new SoakTraffic(new SeededRandom(seed))
  const memory = new SoakMemory(server)
  print(`soak: ${datagrams} datagrams at 127.0.0.1:${server.port}, seed ${seed}\n`)
  const started = performance.now()
  let shown = started
  let sent = 0
  while (sent < datagrams && server.isRunning) {
    const batch = Array.from({ length: Math.min(BATCH, datagrams - sent) }, () => traffic.next())
    await client.exchange(batch)
    sent += batch.length
    memory.sample(performance.now() - started < FIRST_MS || sent < datagrams * FIRST_SHARE)
    if (performance.now() - shown < PROGRESS_MS) continue
    shown = performance.now()
    print(`${progress(sent, started)}, ${memory.describe()}, ${client.failures} failures\n`)
  }
  const isAlive = server.isRunning
  await server.stop()
  client.close()
  upstream.close()
  print(`${progress(sent, started)}, ${memory.describe()}, ${client.describe()}\n`)
  for (const path of client.kept) print(`kept: ${path}\n`)
  for (const line of server.errors) print(`the server says: ${line}\n`)
  const faults = server.errors.length + [!isAlive, !memory.isFlat].filter(Boolean).length
  print(`${sent - client.failures} passed, ${client.failures + faults} failed\n`)
  return client.failures + faults === 0
}

function progress(sent: number, startedMs: number): string {
  const seconds = (performance.now() - startedMs) / 1000
  return `${sent} datagrams in ${seconds.toFixed(0)} s (${(sent / seconds).toFixed(0)}/s)`
}

/** Answers everything at once with NXDOMAIN and the question. */
async function startUpstream(): Promise<Socket> {
  const socket = createSocket('udp4')
  socket.on('message', (query, { port, address }) => {
    const reply = Buffer.from(query)
    reply[2] = (query[2] ?? 0) | 0x80
    reply[3] = 0x83
    socket.send(reply, port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return socket
}

/** A port of 127.0.0.1 that is free for UDP. */
export async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  return port
}
