import { execFileSync } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'

import { findTool } from '../../bench/tools.ts'
import { notApplicable } from '../helpers/not-applicable.ts'
import { closedPort } from '../helpers/scripted-upstream.ts'
import { headerOf, rawQuery, udpReply, UdpClient } from '../server/harness.ts'
import { startServerProcess } from './server-process.ts'
import type { ServerProcess } from './server-process.ts'

interface WatchedServer extends ServerProcess {
  /** Status and body of a page; undefined where nobody answers. */
  page(name: 'health' | 'ready' | 'metrics'): Promise<string | undefined>
}

/** A server with everything that is served over HTTP, each on a free port. */
async function startWatched(directives: string, healthBlock = ''): Promise<WatchedServer> {
  const ports = { health: await closedPort(), ready: await closedPort(), metrics: await closedPort() }
  const corefile = `.:PORT {
    bind 127.0.0.1
    health 127.0.0.1:${ports.health} ${healthBlock}
    ready 127.0.0.1:${ports.ready}
    prometheus 127.0.0.1:${ports.metrics}
    ${directives}
}
`
  const server = await startServerProcess({ corefile })
  const page = async (name: keyof typeof ports): Promise<string | undefined> => {
    try {
      const response = await fetch(`http://127.0.0.1:${ports[name]}/${name}`)
      return `${response.status} ${await response.text()}`
    } catch {
      return undefined
    }
  }
  return { ...server, page }
}

test('R10 SIGTERM: unready at once, answering and healthy through lameduck, then the end', async () => {
  const server = await startWatched('whoami', '{\n        lameduck 2s\n    }')
  expect(await server.page('ready')).toBe('200 OK')
  const startedMs = performance.now()
  server.signal('SIGTERM')
  await expect.poll(() => server.page('ready')).toBeUndefined()
  const unreadyMs = performance.now() - startedMs
  expect(unreadyMs).toBeLessThan(1_000)
  while (performance.now() - startedMs < 1_500) {
    expect(await server.page('health')).toBe('200 OK')
    expect(headerOf(await udpReply(server.port, rawQuery({ name: 'a.example' }))).rcode).toBe(0)
    await setTimeout(100)
  }
  expect(await server.ended).toEqual({ exitCode: 0, signal: null })
  const endedMs = performance.now() - startedMs
  expect(endedMs).toBeGreaterThan(1_950)
  expect(endedMs).toBeLessThan(5_000)
}, 30_000)

test('R10 a second SIGTERM ends lameduck', async () => {
  const server = await startWatched('whoami', '{\n        lameduck 1h\n    }')
  server.signal('SIGTERM')
  await server.waitFor(/answering for another 3600 s/)
  server.signal('SIGTERM')
  expect((await server.ended).exitCode).toBe(1)
}, 30_000)

test('R10 a query that waits when the stop begins is still answered', async () => {
  // Nobody answers there, so that the query waits until the upstream is given up.
  const server = await startWatched(
    `forward . 127.0.0.1:${await closedPort()}`,
    '{\n        lameduck 300ms\n    }',
  )
  using client = await UdpClient.open(server.port)
  const asked = client.exchange(rawQuery({ name: 'a.example' }), 10_000)
  server.signal('SIGTERM')
  expect(headerOf((await asked) ?? Buffer.alloc(12)).rcode).toBe(2)
  expect((await server.ended).exitCode).toBe(0)
}, 30_000)

test('R18 health answers under a flood', async () => {
  const server = await startWatched('whoami')
  using client = await UdpClient.open(server.port)
  const flood = Array.from({ length: 2_000 }, (_, id) => rawQuery({ id, name: `${id}.example` }))
  const answers: (string | undefined)[] = []
  for (let round = 0; round < 5; round++) {
    const [, answer] = await Promise.all([client.flood(flood), server.page('health')])
    answers.push(answer)
  }
  expect(answers).toEqual(Array(5).fill('200 OK'))
  expect(headerOf(await udpReply(server.port, rawQuery({ name: 'a.example' }))).rcode).toBe(0)
}, 30_000)

test('R18 health answers on a tenth of a CPU, each time within what a liveness probe waits', async () => {
  const server = await startWatched('whoami')
  const enough = new AbortController()
  const throttled = (async () => {
    while (!enough.signal.aborted) {
      server.signal('SIGSTOP')
      await setTimeout(90)
      server.signal('SIGCONT')
      await setTimeout(10)
    }
  })()
  const timesMs: number[] = []
  for (let round = 0; round < 5; round++) {
    const startedMs = performance.now()
    expect(await server.page('health')).toBe('200 OK')
    timesMs.push(performance.now() - startedMs)
  }
  enough.abort()
  await throttled
  // The liveness probe of the usual Deployment of CoreDNS waits for 5 s, and five have to fail in a row.
  expect(Math.max(...timesMs)).toBeLessThan(5_000)
}, 30_000)

test('R18 health does not depend on the cluster; ready does', async () => {
  const server = await startWatched('kubernetes cluster.local {\n        manifests examples/labs\n    }')
  expect(await server.page('health')).toBe('200 OK')
  await expect.poll(() => server.page('ready'), { timeout: 10_000 }).toBe('200 OK')
}, 30_000)

/** 2,000 queries for names and types that nobody asked for yet. */
function batch(round: number): readonly Buffer[] {
  return Array.from({ length: 2_000 }, (_, id) =>
    rawQuery({
      id,
      name: `${String.fromCodePoint(0x21 + (id % 90))}${round}-${id}.example`,
      type: id + 1,
    }),
  )
}

test('S10 200,000 random names and types make no new series, and the text stays valid', async () => {
  const server = await startWatched('whoami')
  using client = await UdpClient.open(server.port)
  const seriesOf = async () => (await server.page('metrics'))?.match(/^[a-z]\S*\{/gm)?.length ?? 0
  await client.flood(batch(0))
  const before = await seriesOf()
  for (let round = 1; round < 100; round++) await client.flood(batch(round))
  expect(await seriesOf()).toBeLessThan(before + 40)
  const text = (await server.page('metrics')) ?? ''
  expect(text).not.toContain('.example')
  expect(Buffer.from(text).toString()).toBe(text)
}, 60_000)

const promtool = findTool('promtool')
if (promtool === undefined) {
  notApplicable('promtool check metrics', 'promtool (Debian: prometheus) is not installed')
} else {
  test('promtool check metrics finds nothing to complain about', async () => {
    const server = await startWatched('errors\n    log\n    whoami')
    await udpReply(server.port, rawQuery({ name: 'a.example' }))
    await setTimeout(1_500)
    const text = (await server.page('metrics'))?.replace(/^200 /, '') ?? ''
    const said = execFileSync(promtool, ['check', 'metrics'], { input: text, encoding: 'utf8' })
    expect(said).toBe('')
    expect(text).toContain('coredns_dns_requests_total')
  }, 30_000)
}
