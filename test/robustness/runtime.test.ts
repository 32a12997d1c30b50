import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'

import { startServer } from '../../src/index.ts'
import { tempFolder } from '../helpers/temp-folder.ts'
import { headerOf, rawQuery, TcpClient, udpReply, UdpClient, until } from '../server/harness.ts'
import { startServerProcess } from './server-process.ts'

const WHOAMI = '.:PORT {\n  bind 127.0.0.1\n  whoami\n}\n'

test('R01 a wall clock that jumps changes no TTL, closes nothing, and lowers no serial', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  onTestFinished(() => void vi.useRealTimers())
  const server = await startServer({ objects: [SERVICE] })
  onTestFinished(() => server.close())
  using client = await TcpClient.open(server.port)
  const hour = 3_600_000
  const start = Date.now()
  const serials: number[] = []
  const answers = new Set<string>()
  for (const offset of [0, hour, -hour, 24 * hour, 0]) {
    vi.setSystemTime(start + offset)
    server.replaceObjects([SERVICE, { ...SERVICE, metadata: { name: `other-${serials.length}` } }])
    answers.add((await client.exchange(rawQuery())).toString('hex'))
    serials.push(serialOf(await client.exchange(rawQuery({ name: 'cluster.local', type: 6 }))))
  }
  expect(answers.size).toBe(1)
  expect(serials).toEqual(serials.toSorted((a, b) => a - b))
  expect(client.ended).toBe(false)
})

test('R03 without file descriptors UDP goes on, and connections are taken again once there are some', async () => {
  const server = await startServerProcess({
    corefile: `${WHOAMI}x.:PORT {\n  bind 127.0.0.1\n  forward . 127.0.0.1:9\n}\n`,
    before: 'ulimit -n 60;',
  })
  const clients = await Promise.all(Array.from({ length: 100 }, () => connectTo(server.port)))
  const served = await Promise.all(clients.map(isServed))
  expect(served.filter(Boolean).length).toBeLessThan(60)
  expect(headerOf(await udpReply(server.port, rawQuery({ name: 'a.org' }))).rcode).toBe(0)
  // What needs a socket of its own fails, and says so.
  expect(headerOf(await udpReply(server.port, rawQuery({ name: 'a.x' }))).rcode).toBe(2)
  for (const client of clients) client?.socket.destroy()
  await expect.poll(async () => isServed(await connectTo(server.port))).toBe(true)
}, 30_000)

test('R12 a log that nobody reads costs lines and no query, also when its reader goes away', async () => {
  const fifo = join(tempFolder(), 'log')
  execFileSync('mkfifo', [fifo])
  const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK)
  const corefile = WHOAMI.replace('whoami', 'log\n  whoami')
  const server = await startServerProcess({ corefile, behind: `2>'${fifo}'` })
  const name = `${'a'.repeat(60)}.${'b'.repeat(60)}.org`
  using client = await UdpClient.open(server.port)
  const askMany = async (count: number): Promise<number> => {
    const batch = Array.from({ length: count }, (_, id) => rawQuery({ id, name }))
    return (await client.flood(batch)).length
  }
  // Some 250 octets a line: the pipe holds 64 KiB, and what waits for it 1 MiB.
  expect(await askMany(10_000)).toBe(10_000)
  closeSync(reader)
  expect(await askMany(2_000)).toBe(2_000)
  server.signal('SIGTERM')
  expect(await server.ended).toEqual({ exitCode: 0, signal: null })
}, 30_000)

test('R12 a log that nobody reads does not keep the server from stopping', async () => {
  const fifo = join(tempFolder(), 'log')
  execFileSync('mkfifo', [fifo])
  const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK)
  onTestFinished(() => closeSync(reader))
  const server = await startServerProcess({
    corefile: WHOAMI.replace('whoami', 'log\n  whoami'),
    behind: `2>'${fifo}'`,
  })
  using client = await UdpClient.open(server.port)
  await client.flood(Array.from({ length: 2_000 }, (_, id) => rawQuery({ id })))
  server.signal('SIGTERM')
  expect(await server.ended).toEqual({ exitCode: null, signal: 'SIGKILL' })
}, 15_000)

test('R12 a full disk below the log costs lines and no query', async () => {
  const corefile = WHOAMI.replace('whoami', 'log\n  whoami')
  const server = await startServerProcess({ corefile, behind: '2>/dev/full' })
  using client = await UdpClient.open(server.port)
  expect((await client.flood(Array.from({ length: 200 }, (_, id) => rawQuery({ id })))).length).toBe(200)
  server.signal('SIGTERM')
  expect(await server.ended).toEqual({ exitCode: 0, signal: null })
})

test('R20 what nobody catches is logged, and serving goes on', async () => {
  const preload = `setTimeout(() => void Promise.reject(new Error("rejected aside")), 1500)
    setTimeout(() => { throw new Error("thrown aside") }, 1500)`
  const server = await startServerProcess({
    corefile: WHOAMI,
    nodeArguments: ['--import', `data:text/javascript,${encodeURIComponent(preload)}`],
  })
  await expect.poll(() => server.stderr(), { timeout: 5_000 }).toContain('rejected aside')
  await expect.poll(() => server.stderr()).toContain('thrown aside')
  expect(headerOf(await udpReply(server.port, rawQuery())).rcode).toBe(0)
})

async function connectTo(port: number): Promise<TcpClient | undefined> {
  const client = await TcpClient.open(port).catch(() => undefined)
  onTestFinished(() => void client?.socket.destroy())
  return client
}

/** Whether a query over the connection is answered; not where it is closed or left alone. */
async function isServed(client: TcpClient | undefined): Promise<boolean> {
  if (client === undefined) return false
  client.send(rawQuery())
  await until(() => client.replies.length > 0 || client.ended || client.closed, 1_000)
  return client.replies.length > 0
}

/** The serial of the SOA record that is the whole answer: the first of its five numbers, which end the rdata. */
function serialOf(reply: Buffer): number {
  return reply.readUInt32BE(reply.length - 20)
}

const SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default' },
  spec: { clusterIP: '10.96.0.5', ports: [{ name: 'http', port: 80 }] },
}
