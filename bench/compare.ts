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
import { startCoredns, startKubeadmCoredns, startSlicedns } from './servers.ts'
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

if (options.help) {
  process.stdout.write(USAGE)
} else {
  const cluster = makeCluster({ serviceCount: Number(options.services), endpointsPerSlice: 10 })
  process.exitCode = await withWorkspace(cluster, (workspace) => compare(cluster, workspace))
}

/** Returns the exit code: 1 where the replies differ or the bar is missed. */
async function compare(cluster: BenchCluster, workspace: Workspace): Promise<number> {
  const mixes = makeMixes(cluster)
  const servers = await startServers(cluster, workspace)
  try {
    const differences = await compareReplies(servers, mixes)
    if (differences.length > 0) {
      process.stdout.write(
        `The replies differ, so nothing was measured:\n${differences.slice(0, 20).join('\n')}\n`,
      )
      return 1
    }
    const samples = await measure({
      servers,
      mixes,
      rounds: Number(options.rounds),
      seconds: Number(options.seconds),
      loadCore: LOAD_CORE,
      folder: workspace.folder,
      progress: say,
    })
    const report = `${composeComparison(samples, mixes)}\n${describeMachine()}.\n`
    process.stdout.write(`\n${report}`)
    if (options.write) await writeReport('compare', report)
    return meetsBar(samples) ? 0 : 1
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
  }
}

async function startServers(cluster: BenchCluster, { folder, ...data }: Workspace): Promise<BenchServer[]> {
  const chosen = options.only.split(',')
  const manifests = { folder, source: { manifests: data.manifests }, core: SERVER_CORE }
  const endpoint = { folder, source: { endpoint: data.apiServerUrl }, core: SERVER_CORE }
  const servers: BenchServer[] = []
  if (chosen.includes('slicedns')) servers.push(await startSlicedns(manifests, options.entry))
  if (chosen.includes('coredns')) servers.push(await startCoredns(endpoint))
  if (chosen.includes('kubeadm')) servers.push(await startKubeadmCoredns(endpoint))
  if (chosen.includes('nsd')) {
    if (findTool('nsd') === undefined) say(`NSD is left out. ${howToInstall('nsd')}`)
    else servers.push(await startNsd(folder, cluster.services, SERVER_CORE))
  }
  const last = cluster.services.at(-1)
  if (last === undefined) throw new RangeError('Cannot compare on a cluster without Services')
  for (const { port } of servers) await waitForAnswer(port, { name: nameOf(last), type: 'A' })
  if (chosen.includes('echo')) servers.push(await startEcho(folder, SERVER_CORE))
  return servers
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

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
