/**
 * CPU time per query, throughput and latency of SliceDNS and CoreDNS in one run, beside floors and peers: the same objects, the
 * same Corefile, replies compared first. `node bench/compare.ts --help` says what can be chosen.
 */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { PAIRS, composeBarTable, isMet, judgeBars } from './bars.ts'
import { composeChart } from './chart.ts'
import { makeCluster } from './cluster.ts'
import type { BenchCluster } from './cluster.ts'
import { composeCpuTable, composeThroughputTable, describeMixes } from './comparison.ts'
import { SERVER_NAMES, chooseServers } from './contenders.ts'
import { describeMachine } from './machine.ts'
import { composeLatencyTable, halfOfMaximum, measureLatency } from './latency.ts'
import type { LatencySample } from './latency.ts'
import { measure } from './measure.ts'
import type { MeasurePlan, Sample } from './measure.ts'
import { CACHED_MIX, makeMixes, nameOf } from './queries.ts'
import type { QueryMix } from './queries.ts'
import { findDifferences, waitForAnswer } from './replies.ts'
import { median } from './report.ts'
import { runBench } from './run-bench.ts'
import { withServers } from './servers.ts'
import type { BenchServer } from './servers.ts'
import { withWorkspace, writeChart, writeReport } from './workspace.ts'
import type { Workspace } from './workspace.ts'

/** The load generator has this core to itself, the servers another. */
const LOAD_CORE = 1

const USAGE = `Usage: node bench/compare.ts [options]
  --only NAMES      of ${SERVER_NAMES.join(', ')};
                    joined by commas (default: all)
  --entry FILE      what is run as SliceDNS (default: src/main.ts)
  --services N      size of the cluster (default: 1000)
  --rounds N        how often each load is measured (default: 3)
  --seconds N       how long each load lasts (default: 2)
  --write           write the figures into docs/benchmarks.md and docs/benchmarks.svg
`

/** How many questions of each load are compared before anything is measured. */
const COMPARED_COUNT = 250
/** They have no answers and are the same under every load: one is enough. */
const FLOORS: ReadonlySet<string> = new Set(['C echo', 'node:dgram echo'])
/** Those whose Corefile is kubeadm's. */
const WITH_CACHE: ReadonlySet<string> = new Set(['SliceDNS, kubeadm', 'CoreDNS, kubeadm'])
/** The load that stands for a cluster's: floors and latency are measured with it. */
const TYPICAL_MIX = 'mixed'

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: SERVER_NAMES.join(',') },
    entry: { type: 'string', default: 'src/main.ts' },
    services: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

await runBench(async () => {
  if (options.help) return say(USAGE)
  const cluster = makeCluster({ serviceCount: Number(options.services), endpointsPerSlice: 10 })
  const exitCode = await withWorkspace(cluster, (workspace) =>
    withServers(chooseServers(options.only, { cluster, workspace, entry: options.entry }), (servers) =>
      compare(servers, cluster, workspace),
    ),
  )
  if (options.write) writeProfile()
  return exitCode
})

/** So that one command renews every figure of this comparison. */
function writeProfile(): void {
  const program = fileURLToPath(new URL('profile.ts', import.meta.url))
  execFileSync(process.execPath, [program, '--entry', options.entry, '--write'], { stdio: 'inherit' })
}

/** Returns the exit code: 1 where the replies differ or a bar is missed. */
async function compare(
  servers: readonly BenchServer[],
  cluster: BenchCluster,
  { folder }: Workspace,
): Promise<number> {
  await waitForAll(servers, cluster)
  const mixes = makeMixes(cluster)
  const differences = await compareReplies(servers, mixes)
  if (differences.length > 0) {
    say(`The replies differ, so nothing was measured:\n${differences.slice(0, 20).join('\n')}`)
    return 1
  }
  const [rounds, seconds] = [Number(options.rounds), Number(options.seconds)]
  const plan = { servers, mixes, rounds, seconds, takesPart, loadCore: LOAD_CORE, folder, progress: say }
  const samples = await measure(plan)
  const latencies = await measureLatencies(plan, samples)
  const bars = judgeBars(samples, latencies)
  const report = [
    composeBarTable(bars),
    composeCpuTable(samples, mixes),
    composeThroughputTable(samples, mixes),
    describeMixes(mixes),
    composeLatencyTable(latencies),
    `${rounds} rounds of ${seconds} s. ${describeMachine()}.\n`,
  ].join('\n')
  say(`\n${report}`)
  if (options.write) {
    await writeReport('compare', `![CPU time per query](benchmarks.svg)\n\n${report}`)
    await writeChart(composeCpuChart(samples, mixes))
  }
  return bars.every(isMet) ? 0 : 1
}

/** Those that are judged are measured in every round, peers once, the floors under one load; the cache where there is one. */
function takesPart({ name }: BenchServer, mix: QueryMix, round: number): boolean {
  if (FLOORS.has(name)) return mix.name === TYPICAL_MIX
  if (mix.name === CACHED_MIX && !WITH_CACHE.has(name)) return false
  return round <= 1 || PAIRS.some(({ slicedns, coredns }) => name === slicedns || name === coredns)
}

async function measureLatencies(plan: MeasurePlan, samples: readonly Sample[]): Promise<LatencySample[]> {
  const mix = plan.mixes.find(({ name }) => name === TYPICAL_MIX)
  if (mix === undefined) return []
  const latencies: LatencySample[] = []
  for (const pair of PAIRS) {
    const queriesPerSecond = halfOfMaximum(samples, pair, mix)
    latencies.push(...(await measureLatency(plan, { pair, mix, queriesPerSecond })))
  }
  return latencies
}

function composeCpuChart(samples: readonly Sample[], mixes: readonly QueryMix[]): string {
  const judged = PAIRS.flatMap(({ slicedns, coredns }) => [slicedns, coredns])
  const groups = mixes.map(({ name, title }) => ({
    title: `${name}: ${title}`,
    bars: judged.flatMap((label) => {
      const own = samples.filter(({ server, mix }) => server === label && mix === name)
      return own.length === 0 ? [] : [{ label, value: median(own.map((sample) => sample.cpuMicroseconds)) }]
    }),
  }))
  return composeChart('CPU time per query, µs (less is better)', groups)
}

async function waitForAll(servers: readonly BenchServer[], { services }: BenchCluster): Promise<void> {
  const last = services.at(-1)
  if (last === undefined) throw new RangeError('Cannot compare on a cluster without Services')
  // An echo never has an answer; when the others have theirs, it is there too.
  const answering = servers.filter(({ name }) => !FLOORS.has(name))
  for (const server of answering) await waitForAnswer(server, { name: nameOf(last), type: 'A' })
}

async function compareReplies(
  servers: readonly BenchServer[],
  mixes: readonly QueryMix[],
): Promise<string[]> {
  const [slicedns, coredns] = ['SliceDNS', 'CoreDNS'].map((name) =>
    servers.find((server) => server.name === name),
  )
  if (slicedns === undefined || coredns === undefined) return []
  const compared = mixes.filter(({ name }) => name !== CACHED_MIX)
  const questions = compared.flatMap((mix) => mix.questions.slice(0, COMPARED_COUNT))
  const differences = await findDifferences([slicedns.port, coredns.port], questions)
  say(`${questions.length} replies compared, ${differences.length} differ`)
  return differences
}

function say(line: string): number {
  process.stdout.write(`${line}\n`)
  return 0
}
