/**
 * Time from start to first answer, and resident memory once settled, of SliceDNS and CoreDNS in one run.
 * `node bench/start.ts --help` says what can be chosen.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { makeCluster } from './cluster.ts'
import type { BenchCluster, ClusterSize } from './cluster.ts'
import { describeMachine } from './machine.ts'
import { cpuSeconds, residentOctets } from './process-usage.ts'
import { nameOf } from './queries.ts'
import { waitForAnswer } from './replies.ts'
import { runBench } from './run-bench.ts'
import { startCoredns, startSlicedns, withServers } from './servers.ts'
import type { BenchServer } from './servers.ts'
import { composeStartReport, meetsStartBars } from './start-report.ts'
import type { StartBar, StartSample } from './start-report.ts'
import { withWorkspace, writeReport } from './workspace.ts'
import type { Workspace } from './workspace.ts'

const USAGE = `Usage: node bench/start.ts [options]
  --only NAMES      of slicedns, coredns; joined by a comma (default: both)
  --entry FILE      what is run as SliceDNS (default: dist/bin.js)
  --runs N          how often each is started (default: 5)
  --write           write the figures into docs/benchmarks.md
`

const CASES: readonly (StartBar & { readonly size: ClusterSize })[] = [
  {
    cluster: '1,000 Services, 1,000 slices of 10 endpoints',
    size: { serviceCount: 1000, endpointsPerSlice: 10 },
    firstAnswerMs: 1000,
    residentMegabytes: 110,
  },
  {
    cluster: '10,000 Services in one YAML file',
    size: { serviceCount: 10_000, endpointsPerSlice: 0 },
    firstAnswerMs: 4000,
    residentMegabytes: undefined,
  },
]

/** Memory counts as settled this long after the first answer. */
const SETTLE_MS = 5000

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: 'slicedns,coredns' },
    entry: { type: 'string', default: 'dist/bin.js' },
    runs: { type: 'string', default: '5' },
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
  const samples: StartSample[] = []
  for (const { cluster: title, size } of CASES) {
    const cluster = makeCluster(size)
    await withWorkspace(cluster, async (workspace) => {
      for (let run = 0; run < Number(options.runs); run++) {
        for (const start of starters(workspace)) samples.push(await measureStart(start, title, cluster))
      }
    })
  }
  const table = composeStartReport(samples, CASES)
  const report = `${table}\nMedians of ${options.runs} starts. ${describeMachine()}.\n`
  process.stdout.write(`\n${report}`)
  if (options.write) await writeReport('start', report)
  return meetsStartBars(samples, CASES) ? 0 : 1
}

function starters({ folder, manifests, apiServerUrl }: Workspace): (() => Promise<BenchServer>)[] {
  const chosen = options.only.split(',')
  const slicedns = () => startSlicedns({ folder, source: { manifests }, core: undefined }, options.entry)
  const coredns = () => startCoredns({ folder, source: { endpoint: apiServerUrl }, core: undefined })
  return [
    ...(chosen.includes('slicedns') ? [slicedns] : []),
    ...(chosen.includes('coredns') ? [coredns] : []),
  ]
}

/** The first answer is that of the last Service with a cluster IP: by then everything was read. */
async function measureStart(
  start: () => Promise<BenchServer>,
  title: string,
  { services }: BenchCluster,
): Promise<StartSample> {
  const last = services.findLast(({ clusterIP }) => clusterIP !== undefined)
  if (last === undefined) throw new RangeError('Cannot measure a start without Services')
  const from = performance.now()
  return withServers([start], async ([server]) => {
    if (server === undefined) throw new RangeError('Cannot measure the start of nothing')
    await waitForAnswer(server, { name: nameOf(last), type: 'A' })
    const firstAnswerMs = performance.now() - from
    const cpuMs = cpuSeconds(server.pid) * 1000
    await sleep(SETTLE_MS)
    const residentMegabytes = residentOctets(server.pid) / 1e6
    const figures = `${firstAnswerMs.toFixed(0)} ms, ${residentMegabytes.toFixed(1)} MB`
    process.stdout.write(`${title}: ${server.name} ${figures}\n`)
    return { cluster: title, server: server.name, firstAnswerMs, cpuMs, residentMegabytes }
  })
}
