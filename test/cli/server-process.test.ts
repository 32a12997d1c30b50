import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, onTestFinished, test } from 'vitest'

import { corefileFromText } from '../../src/cli/read-corefile.ts'
import type { Serving } from '../../src/cli/start-server.ts'
import { startServing } from '../../src/cli/start-server.ts'
import { dnsClient } from '../helpers/dns-client.ts'
import { closedPort, startScriptedUpstream } from '../helpers/scripted-upstream.ts'
import { tempFolder } from '../helpers/temp-folder.ts'
import { headerOf, rawQuery, TcpClient } from '../server/harness.ts'
import { replyTo } from '../forward/reply-octets.ts'
import { testHost } from '../plugins/plugin-harness.ts'

const service = (name: string, address: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: shop }\nspec: { clusterIP: ${address}, ports: [{ port: 80 }] }\n`

const A = 'web.shop.svc.cluster.local'

interface Reloadable {
  readonly serving: Serving
  readonly lines: string[]
  /** Serves another text, if it can, and gives what was logged as an error or a warning. */
  readonly reload: (text: string) => Promise<readonly string[]>
}

async function serve(first: string): Promise<Reloadable> {
  let text = first
  const { log, lines } = testHost()
  const read = () => corefileFromText(text, 'Corefile')
  const serving = await startServing({ corefile: read(), readAgain: read, defaultPort: 0, watch: true, log })
  onTestFinished(() => serving.close())
  await serving.synced
  return {
    serving,
    lines,
    reload: async (next) => {
      text = next
      lines.length = 0
      await serving.reload()
      return lines.filter((line) => !line.startsWith('info'))
    },
  }
}

/** A block for all names on 127.0.0.1. */
const block = (port: number, directives: string): string =>
  `.:${port} {\n bind 127.0.0.1\n ${directives}\n}\n`

async function outcomeAt(port: number): Promise<string> {
  try {
    return (await dnsClient(port).ask('x.example')).rcode
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Whether somebody listens on the port over TCP. */
function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(true))
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(false)))
  })
}

test('K01 before a live cluster is known its names are SERVFAIL and others are forwarded; a stop does not wait for it', async () => {
  const [port, readyPort, nobody] = [await closedPort(), await closedPort(), await closedPort()]
  const upstream = await startScriptedUpstream((query) => [{ do: 'send', octets: replyTo(query) }])
  onTestFinished(() => upstream.close())
  const { log } = testHost()
  const cluster = `kubernetes cluster.local {\n endpoint http://127.0.0.1:${nobody}\n }`
  const forward = `forward . 127.0.0.1:${upstream.port}`
  const corefile = corefileFromText(
    block(port, `ready 127.0.0.1:${readyPort}\n ${cluster}\n ${forward}`),
    'Corefile',
  )
  const serving = await startServing({ corefile, defaultPort: 0, watch: false, log })
  onTestFinished(() => serving.close())
  const reply = await dnsClient(port).ask(A)
  expect([reply.rcode, reply.extendedError?.code]).toEqual(['SERVFAIL', 14])
  expect(await outcomeAt(port)).toBe('NOERROR')
  expect((await fetch(`http://127.0.0.1:${readyPort}/ready`)).status).toBe(503)
  await serving.close()
  await expect(serving.synced).resolves.toBeUndefined()
})

describe('a reload', () => {
  test('keeps what is known of a cluster, and goes on reading it', async () => {
    const folder = tempFolder({ 'web.yaml': service('web', '10.96.0.7') })
    const port = await closedPort()
    const kubernetes = (more: string) =>
      block(port, `kubernetes cluster.local {\n manifests "${folder}"\n${more}\n}`)
    const { serving, reload } = await serve(kubernetes(''))
    const [store] = serving.stores
    expect(await reload(kubernetes('ttl 30'))).toEqual([])
    expect(serving.stores).toEqual([store])
    expect((await dnsClient(port).ask(A)).answer).toEqual([`${A}. 30 IN A 10.96.0.7`])
  })

  test('reads another cluster before it answers from it, and lets go of the one before', async () => {
    const [one, two] = [
      tempFolder({ 'w.yaml': service('web', '10.96.0.1') }),
      tempFolder({ 'w.yaml': service('web', '10.96.0.2') }),
    ]
    const port = await closedPort()
    const { reload } = await serve(block(port, `kubernetes cluster.local {\n manifests "${one}"\n}`))
    expect(await reload(block(port, `kubernetes cluster.local {\n manifests "${two}"\n}`))).toEqual([])
    expect((await dnsClient(port).ask(A)).answer).toEqual([`${A}. 5 IN A 10.96.0.2`])
  })

  test('keeps a cache warm where nothing behind it has changed, and only there', async () => {
    const upstream = await startScriptedUpstream((query) => [
      { do: 'send', octets: replyTo(query, { answer: ['x.example. 300 A 192.0.2.1'] }) },
    ])
    onTestFinished(() => upstream.close())
    const port = await closedPort()
    const forward = `cache 60\n forward . 127.0.0.1:${upstream.port}`
    const { reload } = await serve(block(port, forward))
    expect(await outcomeAt(port)).toBe('NOERROR')
    await reload(block(port, `errors\n ${forward}`))
    expect([await outcomeAt(port), upstream.queries.length]).toEqual(['NOERROR', 1])
    await reload(block(port, `hosts /none {\n 10.0.0.1 x.example\n fallthrough\n}\n ${forward}`))
    expect((await dnsClient(port).ask('x.example')).answer).toEqual(['x.example. 60 IN A 10.0.0.1'])
    expect(upstream.queries.length).toBe(1)
  })

  test('answers queries that wait, as the configuration says that they came to', async () => {
    const upstream = await startScriptedUpstream((query) => [
      { do: 'send', octets: replyTo(query, { answer: ['x.example. 300 A 192.0.2.1'] }), afterMs: 300 },
    ])
    onTestFinished(() => upstream.close())
    const port = await closedPort()
    const { reload } = await serve(block(port, `forward . 127.0.0.1:${upstream.port}`))
    const waiting = dnsClient(port).ask('x.example')
    await setTimeout(100)
    await reload(block(port, 'whoami'))
    expect((await dnsClient(port).ask('y.example')).additional).toHaveLength(2)
    expect((await waiting).answer).toEqual(['x.example. 300 IN A 192.0.2.1'])
  })

  test('opens new ports and closes those that nobody asks for any more', async () => {
    const [one, two] = [await closedPort(), await closedPort()]
    const { serving, reload } = await serve(block(one, 'whoami'))
    expect(await reload(block(two, 'whoami'))).toEqual([])
    expect(await outcomeAt(two)).toBe('NOERROR')
    expect(serving.addresses.map(({ port }) => port)).toEqual([two, two])
    await expect.poll(() => isOpen(one)).toBe(false)
  })

  test('goes from one address to all of a port and back', async () => {
    const port = await closedPort()
    const { serving, reload } = await serve(`.:${port} {\n bind 127.0.0.1\n whoami\n}\n`)
    expect(await reload(`.:${port} {\n bind 0.0.0.0\n whoami\n}\n`)).toEqual([])
    expect(serving.addresses[0]?.address).toBe('0.0.0.0')
    expect(await outcomeAt(port)).toBe('NOERROR')
    expect(await reload(`.:${port} {\n bind 127.0.0.1\n whoami\n}\n`)).toEqual([])
    expect(serving.addresses[0]?.address).toBe('127.0.0.1')
    expect(await outcomeAt(port)).toBe('NOERROR')
  })

  test('takes over limits of TCP connections, whose sockets stay', async () => {
    const port = await closedPort()
    const { serving, reload } = await serve(block(port, 'whoami'))
    await reload(block(port, 'timeouts {\n maxtcpqueries 1\n}\n whoami'))
    await dnsClient(port).ask('x.example', { transport: 'tcp' })
    await expect.poll(() => serving.counters.connectionsUsedUp).toBe(1)
  })

  test('takes over bounds of clients for sockets that are open, and gives the defaults back', async () => {
    const port = await closedPort()
    const bounded = 'limits {\n max_connections_per_client 1\n max_in_flight 1\n }'
    const upstream = await startScriptedUpstream(() => [])
    onTestFinished(() => upstream.close())
    const forward = `forward . 127.0.0.1:${upstream.port}`
    const { serving, reload } = await serve(block(port, forward))
    using first = await TcpClient.open(port)
    expect(await reload(block(port, `${bounded}\n ${forward}`))).toEqual([])
    using second = await TcpClient.open(port)
    expect(await first.endsWithin(2_000)).toBe(true)
    second.send(rawQuery({ id: 1 }), rawQuery({ id: 2 }))
    await second.waitForReplies(1)
    expect(headerOf(second.replies[0] ?? Buffer.alloc(12))).toMatchObject({ id: 2, rcode: 2 })
    expect(serving.counters).toMatchObject({ connectionsEvicted: 1, shed: 0, shedOfOneClient: 1 })
    expect(await reload(block(port, forward))).toEqual([])
    using third = await TcpClient.open(port)
    third.send(rawQuery(), rawQuery())
    await expect.poll(() => serving.counters.received).toBe(4)
    expect(serving.counters).toMatchObject({ connectionsEvicted: 1, shedOfOneClient: 1 })
  })

  test('moves what is served over HTTP', async () => {
    const [port, one, two] = [await closedPort(), await closedPort(), await closedPort()]
    const { reload } = await serve(block(port, `health 127.0.0.1:${one}\n whoami`))
    expect(await reload(block(port, `health 127.0.0.1:${two}\n whoami`))).toEqual([])
    expect(await (await fetch(`http://127.0.0.1:${two}/health`)).text()).toBe('OK')
    expect(await isOpen(one)).toBe(false)
  })
})

describe('R08 a reload that fails leaves everything as it was, and says why on one line', () => {
  const failing: readonly (readonly [string, (taken: number, folder: string) => string, RegExp])[] = [
    ['an unknown directive', () => 'whoamo', /Corefile:3:2: unknown directive "whoamo".*whoami/],
    ['a wrong argument', () => 'bufsize 1\n whoami', /Corefile:3:10: /],
    [
      'a folder that is missing',
      (_taken, folder) => `kubernetes a.test {\n manifests "${folder}"\n}`,
      /does not exist/,
    ],
    [
      'a bad zone file',
      (_taken, folder) => `file ${join(folder, 'db')} a.test {\n reload 0\n}`,
      /Corefile:3:7: zone a\.test\. cannot be served/,
    ],
    ['an HTTP port that is taken', (taken) => `health 127.0.0.1:${taken}\n whoami`, /the port is in use/],
    [
      'a DNS port that is taken',
      (taken) => `whoami\n}\n.:${taken} {\n bind 127.0.0.1\n whoami`,
      /the port is in use/,
    ],
    [
      'certificates to trust that are missing',
      () => 'forward . tls://127.0.0.1 {\n tls none.pem\n}',
      /Corefile:4:6: "none\.pem" cannot be read: .*no such file/,
    ],
    [
      'a certificate and a key that are none',
      (taken, folder) => `forward . tls://127.0.0.1:${taken} {\n tls "${folder}.pem" "${folder}.pem"\n}`,
      /Corefile:4:2: "tls" cannot use its files/,
    ],
    ['a resolv.conf without servers', () => 'forward . /dev/null', /Corefile:3:12: /],
  ]

  test.for(failing)('%s', async ([, directives, expected]) => {
    const [port, other, http] = [await closedPort(), await closedPort(), await closedPort()]
    const takenPort = await closedPort()
    const taken = createServer().listen(takenPort, '127.0.0.1')
    onTestFinished(() => void taken.close())
    const folder = tempFolder()
    rmSync(folder, { recursive: true })
    writeFileSync(`${folder}.pem`, 'no certificate')
    onTestFinished(() => rmSync(`${folder}.pem`))
    const { serving, reload } = await serve(block(port, `health 127.0.0.1:${http}\n whoami`))
    const before = serving.addresses
    const lines = await reload(`${block(port, directives(takenPort, folder))}${block(other, 'whoami')}`)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^error reload failed, what was served before goes on: [^\n]+$/)
    expect(lines[0]).toMatch(expected)
    expect(serving.addresses).toEqual(before)
    expect(await outcomeAt(port)).toBe('NOERROR')
    expect(await isOpen(other)).toBe(false)
    expect(await (await fetch(`http://127.0.0.1:${http}/health`)).text()).toBe('OK')
    expect(await reload(block(port, 'whoami'))).toEqual([])
  })

  test('a port that is taken where another address of it gives way', async () => {
    const port = await closedPort()
    const { reload } = await serve(`.:${port} {\n bind 127.0.0.1\n whoami\n}\n`)
    const taken = createServer().listen(port, '127.0.0.2')
    onTestFinished(() => void taken.close())
    const lines = await reload(`.:${port} {\n bind 0.0.0.0\n whoami\n}\n`)
    expect(lines).toEqual([expect.stringContaining('the port is in use')])
    expect(await outcomeAt(port)).toBe('NOERROR')
  })
})

test(
  '100 reloads under 2,000 queries a second lose none, and nothing grows',
  { timeout: 60_000 },
  async () => {
    const folder = tempFolder({ 'web.yaml': service('web', '10.96.0.7') })
    const [port, http] = [await closedPort(), await closedPort()]
    const upstream = await startScriptedUpstream((query) => [{ do: 'send', octets: replyTo(query) }])
    onTestFinished(() => upstream.close())
    const corefile = (round: number): string =>
      block(
        port,
        `prometheus 127.0.0.1:${http}\n loadbalance\n cache ${30 + (round % 2)}\n forward . 127.0.0.1:${upstream.port}
 kubernetes cluster.local {\n manifests "${folder}"\n ttl ${5 + (round % 7)}\n}`,
      )
    const { serving, reload } = await serve(corefile(0))
    const load = startLoad(port, 2_000)
    const reloads = async (): Promise<void> => {
      for (let round = 1; round <= 100; round++) {
        expect(await reload(corefile(round))).toEqual([])
        await setTimeout(10)
      }
    }
    await reloads()
    await setTimeout(5_500)
    const before = heapMiB()
    await reloads()
    await setTimeout(5_500)
    const grown = heapMiB() - before
    const { sent, answered, wrong } = await load.stop()
    expect(sent).toBeGreaterThan(5_000)
    expect({ lost: sent - answered, wrong }).toEqual({ lost: 0, wrong: 0 })
    expect(grown).toBeLessThan(2)
    expect(serving.stores).toHaveLength(1)
  },
)

const MAX_IN_FLIGHT = 64

/** Asks for one Service again and again from one socket, and counts what comes back. */
function startLoad(port: number, perSecond: number) {
  const socket = createSocket('udp4')
  const question = Buffer.from(`\x03web\x04shop\x03svc\x07cluster\x05local\0\0\x01\0\x01`, 'latin1')
  const counts = { sent: 0, answered: 0, wrong: 0 }
  socket.on('message', (reply) => {
    counts.answered++
    if ((reply.readUInt8(3) & 15) !== 0 || reply.readUInt16BE(6) !== 1) counts.wrong++
  })
  const startedMs = performance.now()
  const timer = setInterval(() => {
    const due = ((performance.now() - startedMs) * perSecond) / 1000
    // No more at a time than a socket holds: a pause of this very process is no loss of the server's.
    while (counts.sent < due && counts.sent - counts.answered < MAX_IN_FLIGHT) {
      const header = Buffer.from([counts.sent >> 8, counts.sent, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0])
      counts.sent++
      socket.send(Buffer.concat([header, question]), port, '127.0.0.1')
    }
  }, 2)
  return {
    stop: async () => {
      clearInterval(timer)
      await setTimeout(500)
      socket.close()
      return counts
    },
  }
}

function heapMiB(): number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect !== 'function') throw new Error('no gc')
  collect()
  return process.memoryUsage().heapUsed / 2 ** 20
}
