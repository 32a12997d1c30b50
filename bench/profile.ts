/**
 * Where the microseconds of a query go: SliceDNS under a load, profiled from outside. `node bench/profile.ts --help` says what
 * can be chosen.
 */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { makeCluster } from './cluster.ts'
import { runDnsperf } from './dnsperf.ts'
import { describeMachine } from './machine.ts'
import { queryFile } from './measure.ts'
import { cpuSplit } from './process-usage.ts'
import { composeProfileTable, sumProfile } from './profile-table.ts'
import type { CpuProfile } from './profile-table.ts'
import { composeQueryFile, makeMixes, nameOf } from './queries.ts'
import type { QueryMix } from './queries.ts'
import { waitForAnswer } from './replies.ts'
import { runBench } from './run-bench.ts'
import { freePort, startProfiledSlicedns, withServers } from './servers.ts'
import type { BenchServer } from './servers.ts'
import { withWorkspace, writeReport } from './workspace.ts'

const USAGE = `Usage: node bench/profile.ts [options]
  --load NAME       of the loads of bench/compare.ts (default: mixed)
  --entry FILE      what is run as SliceDNS (default: src/main.ts)
  --seconds N       how long it is profiled (default: 5)
  --keep FILE       keep the profile, for the developer tools of a browser
  --write           write the table into docs/benchmarks.md
`

const SERVER_CORE = 0
const LOAD_CORE = 1
const WARM_UP_SECONDS = 3

const { values: options } = parseArgs({
  options: {
    load: { type: 'string', default: 'mixed' },
    entry: { type: 'string', default: 'src/main.ts' },
    seconds: { type: 'string', default: '5' },
    keep: { type: 'string' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

await runBench(async () => {
  if (options.help) return say(USAGE)
  const cluster = makeCluster({ serviceCount: 1000, endpointsPerSlice: 10 })
  const mix = makeMixes(cluster).find(({ name }) => name === options.load)
  const [first] = cluster.services
  if (mix === undefined || first === undefined)
    throw new RangeError(`Cannot profile "${options.load}": no such load`)
  return withWorkspace(cluster, async ({ folder, manifests }) => {
    const profilePort = await freePort()
    const setup = { folder, core: SERVER_CORE, source: { manifests } }
    await writeFile(queryFile({ folder }, mix), composeQueryFile(mix.questions))
    return withServers([() => startProfiledSlicedns(setup, options.entry, profilePort)], async ([server]) => {
      if (server === undefined) throw new RangeError('Cannot profile nothing')
      await waitForAnswer(server, { name: nameOf(first), type: 'A' })
      return profile(server, { mix, folder, profilePort })
    })
  })
})

async function profile(
  server: BenchServer,
  { mix, folder, profilePort }: { mix: QueryMix; folder: string; profilePort: number },
): Promise<number> {
  const load = { ...mix, port: server.port, queryFile: queryFile({ folder }, mix), core: LOAD_CORE }
  const seconds = Number(options.seconds)
  await runDnsperf({ ...load, seconds: WARM_UP_SECONDS })
  const before = cpuSplit(server.pid)
  const [profileText, { completed }] = await Promise.all([
    fetchProfile(profilePort, seconds),
    runDnsperf({ ...load, seconds }),
  ])
  const after = cpuSplit(server.pid)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as V8 writes it
  const shares = sumProfile(JSON.parse(profileText) as CpuProfile)
  const system = (after.systemSeconds - before.systemSeconds) / completed
  const user = (after.userSeconds - before.userSeconds) / completed
  const report = `${composeProfileTable(shares, completed)}
Load "${mix.name}" for ${seconds} s, ${completed.toLocaleString('en-GB')} queries. By the system's clock a query took
${(user * 1e6).toFixed(1)} µs in user mode and ${(system * 1e6).toFixed(1)} µs in the kernel, all threads and the profiler included.
${describeMachine()}.
`
  say(`\n${report}`)
  if (options.keep !== undefined) await writeFile(options.keep, profileText)
  if (options.write) await writeReport('profile', report)
  return 0
}

async function fetchProfile(port: number, seconds: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/debug/pprof/profile?seconds=${seconds}`)
  if (!response.ok) throw new Error(`Cannot profile: status ${response.status}, ${await response.text()}`)
  return response.text()
}

function say(line: string): number {
  process.stdout.write(`${line}\n`)
  return 0
}
