import { setTimeout as sleep } from 'node:timers/promises'
import type { ControlPlane } from '../../test/control-plane/control-plane.ts'
import type { TcpProxy } from '../../test/control-plane/tcp-proxy.ts'
import { waitFor } from '../../test/control-plane/wait-for.ts'
import { sliceOf } from '../cluster.ts'
import type { BenchCluster } from '../cluster.ts'
import { peakResidentOctets, residentOctets } from '../process-usage.ts'
import type { BenchServer } from '../servers.ts'

/** What a server went through. Times are how late its event loop was; 1 MB is 1,000,000 octets. */
export interface StallSample {
  readonly p99Ms: number
  readonly maxMs: number
  readonly residentBeforeMegabytes: number
  readonly residentAfterMegabytes: number
  readonly peakMegabytes: number
}

/** A server with its metrics, behind a proxy to the API server. */
export interface MeteredServer {
  readonly server: BenchServer
  readonly metricsPort: number
  readonly proxy: TcpProxy
}

/**
 * Cuts the server off, lets its place in the history of the API server be forgotten, and lets it back: it has to list everything
 * again.
 */
export async function measureRelist(
  plane: ControlPlane,
  { services }: BenchCluster,
  { server, metricsPort, proxy }: MeteredServer,
): Promise<StallSample> {
  const listsBefore = await metric(metricsPort, 'slicedns_kubernetes_lists_total')
  await proxy.refuse()
  for (const service of services.slice(0, 10)) await plane.client.replace(sliceOf(service))
  await plane.restartApiServer()
  const before = residentOctets(server.pid)
  await metric(metricsPort, 'nodejs_eventloop_delay_seconds')
  await proxy.accept()
  // Each look begins the metric anew: the longest of all of them counts.
  let maxMs = 0
  await waitFor(
    'three more lists',
    async () => {
      const text = await metricsText(metricsPort)
      maxMs = Math.max(maxMs, delayMs(text, 'max'))
      return sumOf(text, 'slicedns_kubernetes_lists_total') >= listsBefore + 3
    },
    { limitMs: 60_000, everyMs: 200 },
  )
  const last = await stallsSince(before, { server, metricsPort })
  return { ...last, maxMs: Math.max(maxMs, last.maxMs) }
}

/** A server that has just started has not taken yet what it needs for changes: from this part of them on its memory must be flat. */
const WARM_SHARE = 0.1

/** Writes so many changes of endpoints in each second. */
export async function measureChurn(
  plane: ControlPlane,
  { services }: BenchCluster,
  { server, metricsPort }: Omit<MeteredServer, 'proxy'>,
  { changesPerSecond, seconds }: { readonly changesPerSecond: number; readonly seconds: number },
): Promise<StallSample> {
  const changes = changesPerSecond * seconds
  let before = residentOctets(server.pid)
  await metric(metricsPort, 'nodejs_eventloop_delay_seconds')
  const from = performance.now()
  for (let change = 0; change < changes; change++) {
    if (change === Math.ceil(changes * WARM_SHARE)) before = residentOctets(server.pid)
    const service = services[(change * 7919) % services.length]
    if (service === undefined) break
    const endpointAddresses = service.endpointAddresses.slice(change % 2)
    const written = plane.client.replace(sliceOf({ ...service, endpointAddresses }))
    const dueMs = from + ((change + 1) * 1000) / changesPerSecond - performance.now()
    if (dueMs > 0) await sleep(dueMs)
    await written
  }
  return stallsSince(before, { server, metricsPort })
}

async function stallsSince(
  before: number,
  { server, metricsPort }: Omit<MeteredServer, 'proxy'>,
): Promise<StallSample> {
  const text = await metricsText(metricsPort)
  return {
    p99Ms: delayMs(text, 'p99'),
    maxMs: delayMs(text, 'max'),
    residentBeforeMegabytes: before / 1e6,
    residentAfterMegabytes: residentOctets(server.pid) / 1e6,
    peakMegabytes: peakResidentOctets(server.pid) / 1e6,
  }
}

async function metric(port: number, name: string): Promise<number> {
  return sumOf(await metricsText(port), name)
}

async function metricsText(port: number): Promise<string> {
  return (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
}

/** How late the event loop was since the last look. */
function delayMs(text: string, statistic: string): number {
  const line = new RegExp(`^nodejs_eventloop_delay_seconds\\{statistic="${statistic}"\\} (\\S+)$`, 'm')
  return Number(line.exec(text)?.[1]) * 1000
}

/** Over all series of a metric. */
function sumOf(text: string, name: string): number {
  const values = text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))
  return [...values].reduce((sum, [, value]) => sum + Number(value), 0)
}
