/**
 * CPU time per query of SliceDNS and CoreDNS in one run, beside a floor and a peer: the same objects, the same Corefile,
 * replies compared first. `node bench/compare.ts --help` says what can be chosen.
 */
import { parseArgs } from 'node:util'
import { makeCluster } from './cluster.ts'
import type { BenchCluster } from './cluster.ts'
import { composeComparison, meetsBar } from './comparison.ts'
import { describeMachine } from './machine.ts'
import { measure } from './measure.ts'
import { startEcho, startNsd } from './peers.ts'
import { makeMixes, nameOf } from './queries.ts'
import type { QueryMix } from './queries.ts'
import { findDifferences, waitForAnswer } from './replies.ts'
import { runBench } from './run-bench.ts'
import { startCoredns, startKubeadmCoredns, startSlicedns, withServers } from './servers.ts'
import type { BenchServer } from './servers.ts'
import { findTool, howToInstall } from './tools.ts'
import { withWorkspace, writeReport } from './workspace.ts'
import type { Workspace } from './workspace.ts'

const USAGE = `Usage: node bench/compare.ts [options]
  --only NAMES      of slicedns, coredns, kubeadm, nsd, echo; joined by commas (default: all)
  --entry FILE      what is run as SliceDNS (default: src/main.ts)
  --services N      size of the cluster (default: 1000)
  --rounds N        how often each load is measured (default: 3)
  --seconds N       how long each load lasts (default: 5)
  --write           write the figures into docs/benchmarks.md
`

/** The server has one core to itself, the load generator the other. */
const SERVER_CORE = 0
const LOAD_CORE = 1
/** How many questions of each load are compared before anything is measured. */
const COMPARED_COUNT = 250

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: 'slicedns,coredns,kubeadm,nsd,echo' },
    entry: { type: 'string', default: 'src/main.ts' },
    services: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

await runBench(async () => {
  if (options.help) return say(USAGE)
  const cluster = makeCluster({ serviceCount: Number(options.services), endpointsPerSlice: 10 })
  return withWorkspace(cluster, (workspace) =>
    withServers(starters(cluster, workspace), (servers) => compare(servers, cluster, workspace)),
  )
})

/** Returns the exit code: 1 where the replies differ or the bar is missed. */
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
  const samples = await measure({
    servers,
    mixes,
    rounds,
    seconds,
    loadCore: LOAD_CORE,
    folder,
    progress: say,
  })
  const report = `${composeComparison(samples, mixes)}\n${describeMachine()}.`
  say(`\n${report}`)
  if (options.write) await writeReport('compare', report)
  return meetsBar(samples) ? 0 : 1
}

function starters(
  { services }: BenchCluster,
  { folder, manifests, apiServerUrl }: Workspace,
): (() => Promise<BenchServer>)[] {
  const setup = { folder, core: SERVER_CORE }
  const fromManifests = { ...setup, source: { manifests } }
  const fromApiServer = { ...setup, source: { endpoint: apiServerUrl } }
  const known: Record<string, () => Promise<BenchServer>> = {
    slicedns: () => startSlicedns(fromManifests, options.entry),
    coredns: () => startCoredns(fromApiServer),
    kubeadm: () => startKubeadmCoredns(fromApiServer),
    nsd: () => startNsd(folder, services, SERVER_CORE),
    echo: () => startEcho(folder, SERVER_CORE),
  }
  return options.only.split(',').flatMap((name) => {
    const start = known[name]
    if (start === undefined)
      throw new Error(`Cannot measure "${name}": it is none of ${Object.keys(known).join(', ')}`)
    if (name !== 'nsd' || findTool('nsd') !== undefined) return [start]
    say(`NSD is left out. ${howToInstall('nsd')}`)
    return []
  })
}

async function waitForAll(servers: readonly BenchServer[], { services }: BenchCluster): Promise<void> {
  const last = services.at(-1)
  if (last === undefined) throw new RangeError('Cannot compare on a cluster without Services')
  // The echo never has an answer; when the others have theirs, it is there too.
  const answering = servers.filter(({ name }) => name !== 'C echo')
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
  const questions = mixes.flatMap((mix) => mix.questions.slice(0, COMPARED_COUNT))
  const differences = await findDifferences([slicedns.port, coredns.port], questions)
  say(`${questions.length} replies compared, ${differences.length} differ`)
  return differences
}

function say(line: string): number {
  process.stdout.write(`${line}\n`)
  return 0
}
