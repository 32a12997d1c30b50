import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'

import { composeExposition } from '../../src/metrics/exposition.ts'
import { DROPPED_ZONE, QueryMetrics } from '../../src/metrics/query-metrics.ts'
import { MetricsRegistry } from '../../src/metrics/registry.ts'
import { composeChain, noting } from '../../src/server/chain.ts'
import { createServingPlan } from '../../src/server/serving-plan.ts'
import type { Responder } from '../../src/zone/responder.ts'
import {
  addresses,
  blockPlan,
  rawQuery,
  startTestServer,
  TcpClient,
  UdpClient,
  udpReply,
  until,
} from './harness.ts'
import type { TestServer, TestServerOptions } from './harness.ts'

/** A server whose one block counts its queries; `counted` gives rcode, plugin and zone of each kind of reply so far. */
async function startCounting(
  directives: Readonly<Record<string, Responder>>,
  options: TestServerOptions = {},
): Promise<TestServer & { counted(): readonly string[]; text(): string }> {
  const registry = new MetricsRegistry()
  const metricsOf = (zone: string) =>
    new QueryMetrics(registry, { server: 'dns://:53', zone, view: '' }, () => performance.now())
  const answer = composeChain(Object.entries(directives).map(([name, responder]) => noting(name, responder)))
  const block = blockPlan([], { answer, metrics: metricsOf('cluster.local.') })
  const plan = createServingPlan([block], metricsOf(DROPPED_ZONE))
  const server = await startTestServer([], { ...options, plan: () => plan })
  const text = () => composeExposition(registry.families())
  const counted = () =>
    [
      ...text().matchAll(
        /^coredns_dns_responses_total\{.*zone="(.*?)".*rcode="(.*?)",plugin="(.*?)"\} (\d+)$/gm,
      ),
    ].map((match) => match.slice(1).join(' '))
  return { ...server, counted, text }
}

const pass: Responder = (query, next) => next(query)
const never: Responder = () => new Promise(() => {})

describe('MessageAnswerer counts', () => {
  test('a query under the directive that answered, however it waited', async () => {
    await using server = await startCounting({
      first: pass,
      second: async (query, next) => {
        await setTimeout(10)
        return await next(query)
      },
      third: addresses(1),
      fourth: addresses(2),
    })
    await udpReply(server.port, rawQuery())
    expect(server.counted()).toEqual(['cluster.local. NOERROR third 1'])
    expect(Number(/duration_seconds_sum\{.*\} (\S+)/.exec(server.text())?.[1])).toBeGreaterThan(0.009)
  })

  test('what is asked on behalf of a query not at all', async () => {
    await using server = await startCounting({
      chase: (query, next) => (query.depth === 0 ? query.resolve(query.question) : next(query)),
      answer: addresses(1),
    })
    await udpReply(server.port, rawQuery())
    expect(server.counted()).toEqual(['cluster.local. NOERROR chase 1'])
  })

  test('a query that nothing answers, and one that no block takes, under no directive', async () => {
    await using server = await startCounting({ first: pass })
    await udpReply(server.port, rawQuery())
    await udpReply(server.port, rawQuery({ name: 'example.org' }))
    expect(server.counted()).toEqual(['cluster.local. SERVFAIL  1', 'dropped REFUSED  1'])
  })

  test('what a directive fails at, under its name', async () => {
    await using server = await startCounting({
      broken: () => {
        throw new Error('broken')
      },
    })
    await udpReply(server.port, rawQuery())
    expect(server.counted()).toEqual(['cluster.local. SERVFAIL broken 1'])
  })

  test('queries that are turned away because too many wait', async () => {
    const release = Promise.withResolvers<void>()
    const slow: Responder = async (query, next) => {
      await release.promise
      return await next(query)
    }
    await using server = await startCounting(
      { slow, answer: addresses(1) },
      { queryLimits: { maxInFlight: 1 } },
    )
    using client = await UdpClient.open(server.port)
    client.send(rawQuery({ id: 1 }))
    client.send(rawQuery({ id: 2 }))
    await until(() => client.replies.length === 1, 2_000)
    release.resolve()
    await until(() => client.replies.length === 2, 2_000)
    expect(server.counted().toSorted()).toEqual([
      'cluster.local. NOERROR answer 1',
      'cluster.local. SERVFAIL slow 1',
    ])
  })

  test('no query that cannot be read, and none whose client is gone', async () => {
    await using server = await startCounting({ never })
    await udpReply(server.port, rawQuery({ counts: [2, 0, 0, 0] }))
    const client = await TcpClient.open(server.port)
    client.send(rawQuery())
    await until(() => server.counters.received === 2, 2_000)
    client.socket.destroy()
    await until(() => server.counters.abandoned === 1, 2_000)
    expect(server.text()).toBe('\n')
  })

  test('sizes as they stood on the wire', async () => {
    await using server = await startCounting({ answer: addresses(100) })
    const query = rawQuery({ edns: { size: 4096 } })
    const reply = await udpReply(server.port, query)
    expect(server.text()).toContain(
      `request_size_bytes_sum{server="dns://:53",zone="cluster.local.",view="",proto="udp"} ${query.length}\n`,
    )
    expect(server.text()).toContain(
      `response_size_bytes_sum{server="dns://:53",zone="cluster.local.",view="",proto="udp"} ${reply.length}\n`,
    )
  })
})
