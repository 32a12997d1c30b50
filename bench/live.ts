/**
 * SliceDNS and CoreDNS on one real API server with 10,000 Services and 150,000 endpoints: time, CPU and memory of a start, and
 * the time from a write to the answer that shows it. `node bench/live.ts --help` says what can be chosen.
 */
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ControlPlane } from '../test/control-plane/control-plane.ts'
import { TcpProxy } from '../test/control-plane/tcp-proxy.ts'
import { makeCluster } from './cluster.ts'
import type { BenchCluster } from './cluster.ts'
import { fillCluster } from './live/fill-cluster.ts'
import { measureLatency } from './live/measure-latency.ts'
import type { LatencySamples } from './live/measure-latency.ts'
import { measureLiveStart } from './live/measure-live-start.ts'
import { measureChurn, measureRelist } from './live/measure-stalls.ts'
import type { StallSample } from './live/measure-stalls.ts'
import { SERVER_CORE, withOwnCore } from './live/own-core.ts'
import { composeLiveReport, meetsLiveBars } from './live/live-report.ts'
import type { LiveFigures } from './live/live-report.ts'
import { describeMachine } from './machine.ts'
import { nameOf } from './queries.ts'
import { waitForAnswer } from './replies.ts'
import { runBench } from './run-bench.ts'
import {
  fillCompileCache,
  freePort,
  startCoredns,
  startImageSlicedns,
  startMeteredSlicedns,
  startSlicedns,
  withServers,
} from './servers.ts'
import { writeReport } from './workspace.ts'

const USAGE = `Usage: node bench/live.ts [options]
  --services N      Services, each with one slice of 15 endpoints (default: 10000)
  --entry FILE      what is run as SliceDNS (default: dist/bin.js)
  --runs N          how often each is started (default: 5)
  --changes N       how many changes are timed for each (default: 3000)
  --churn SECONDS   how long 100 endpoints change per second (default: 30)
  --write           write the figures into docs/benchmarks.md
`

const ENDPOINTS_PER_SLICE = 15
const LATENCY_ROUNDS = 10
const RELISTS = 3
const CHANGES_PER_SECOND = 100

const { values: options } = parseArgs({
  options: {
    services: { type: 'string', default: '10000' },
    entry: { type: 'string', default: 'dist/bin.js' },
    runs: { type: 'string', default: '5' },
    changes: { type: 'string', default: '3000' },
    churn: { type: 'string', default: '30' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

await runBench(async () => {
  if (!options.help) return measureAll()
  process.stdout.write(USAGE)
  return 0
})

/** Returns the exit code: 1 where a bar is missed. */
async function measureAll(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'slicedns-live-'))
  const plane = await ControlPlane.start({ say, hasControllers: false })
  try {
    const cluster = makeCluster({
      serviceCount: Number(options.services),
      endpointsPerSlice: ENDPOINTS_PER_SLICE,
    })
    await fillCluster(plane, cluster, say)
    const figures = await measure(plane, cluster, folder)
    const report = `${composeLiveReport(figures)}\nMedians of ${options.runs} starts, ${options.changes} changes, ${options.churn} s of ${CHANGES_PER_SECOND} changes per second. ${describeMachine()}, kube-apiserver 1.36.3.\n`
    process.stdout.write(`\n${report}`)
    if (options.write) await writeReport('live', report)
    return meetsLiveBars(figures) ? 0 : 1
  } finally {
    await plane.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(plane: ControlPlane, cluster: BenchCluster, folder: string): Promise<LiveFigures> {
  const inCluster = { accountFolder: await writeAccount(plane, folder), port: plane.apiPort }
  const setup = { folder, source: { inCluster }, core: undefined }
  const slicedns = () => startImageSlicedns(setup, options.entry)
  // As npx starts it: Node compiles on threads of its own.
  const plain = async () => ({ ...(await startSlicedns(setup, options.entry)), name: 'SliceDNS, plain Node' })
  const coredns = () => startCoredns(setup)
  fillCompileCache(folder, options.entry)
  const starts = []
  for (let run = 0; run < Number(options.runs); run++) {
    for (const start of inOrder([slicedns, plain, coredns], run)) {
      starts.push(await measureLiveStart(start, cluster, say))
    }
  }
  const latencies: LatencySamples[] = []
  // One at a time: two of them, the API server and this process on two cores would wait for each other.
  for (let round = 0; round < LATENCY_ROUNDS; round++) {
    for (const start of [slicedns, coredns]) {
      await withServers([start], async ([server]) => {
        if (server === undefined) throw new RangeError('Cannot measure the latency of nothing')
        await waitForAnswer(server, lastQuestion(cluster))
        say(`${server.name}: timing changes`)
        latencies.push(await measureLatency(plane, cluster, server, Number(options.changes) / LATENCY_ROUNDS))
      })
    }
  }
  const stalls = await withOwnCore(plane, () => measureStalls(plane, cluster, folder))
  return { starts, latencies, ...stalls }
}

async function measureStalls(
  plane: ControlPlane,
  cluster: BenchCluster,
  folder: string,
): Promise<Pick<LiveFigures, 'relists' | 'churn'>> {
  const proxy = await TcpProxy.start(plane.apiPort)
  const metricsPort = await freePort()
  const inCluster = {
    accountFolder: await writeAccount(plane, folder),
    port: Number(new URL(proxy.url).port),
  }
  const setup = { folder, source: { inCluster }, core: SERVER_CORE }
  try {
    return await withServers(
      [() => startMeteredSlicedns(setup, options.entry, metricsPort)],
      async ([server]) => {
        if (server === undefined) throw new RangeError('Cannot measure the stalls of nothing')
        await waitForAnswer(server, lastQuestion(cluster))
        say(`${CHANGES_PER_SECOND} changes per second for ${options.churn} s`)
        const rate = { changesPerSecond: CHANGES_PER_SECOND, seconds: Number(options.churn) }
        const churn = await measureChurn(plane, cluster, { server, metricsPort }, rate)
        const relists: StallSample[] = []
        for (let relist = 0; relist < RELISTS; relist++) {
          say('listing everything again')
          relists.push(await measureRelist(plane, cluster, { server, metricsPort, proxy }))
        }
        return { churn, relists }
      },
    )
  } finally {
    await proxy.close()
  }
}

/** Of six runs each has another order: the API server is not done with one that has gone when the next is started. */
function inOrder<T>(items: readonly T[], run: number): readonly T[] {
  const first = run % items.length
  const rotated = [...items.slice(first), ...items.slice(0, first)]
  return run % 2 === 0 ? rotated : rotated.toReversed()
}

function lastQuestion({ services }: BenchCluster): { readonly name: string; readonly type: 'A' } {
  const last = services.findLast(({ clusterIP }) => clusterIP === undefined)
  if (last === undefined) throw new RangeError('Cannot measure a cluster without headless Services')
  return { name: nameOf(last), type: 'A' }
}

/** The folder that the kubelet would give a Pod. */
async function writeAccount(plane: ControlPlane, folder: string): Promise<string> {
  const account = join(folder, 'account')
  await mkdir(account, { recursive: true })
  await copyFile(plane.caFile, join(account, 'ca.crt'))
  await writeFile(join(account, 'token'), plane.adminToken)
  await writeFile(join(account, 'namespace'), 'kube-system')
  return account
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
