import { join } from 'node:path'
import { runPaced } from './dnsperf.ts'
import { queryFile } from './measure.ts'
import type { MeasurePlan, Sample } from './measure.ts'
import type { QueryMix } from './queries.ts'
import { composeTable, median } from './report.ts'

/** How long replies took in one run of one server at a steady rate. */
export interface LatencySample {
  readonly server: string
  readonly queriesPerSecond: number
  /** How many replies there were. */
  readonly count: number
  readonly medianMs: number
  readonly p99Ms: number
}

/** A server and the one it is held against: the same Corefile. */
export interface Pair {
  readonly slicedns: string
  readonly coredns: string
}

/** Half of what CoreDNS can take of this load, as the samples have it; NaN where it was not measured. */
export function halfOfMaximum(samples: readonly Sample[], { coredns }: Pair, { name }: QueryMix): number {
  const own = samples.filter(({ server, mix }) => server === coredns && mix === name)
  return median(own.map(({ queriesPerSecond }) => queriesPerSecond)) / 2
}

/** Asks both servers of the pair in turns, each at the same rate. Empty where one of them does not run. */
export async function measureLatency(
  plan: MeasurePlan,
  { pair, mix, queriesPerSecond }: { pair: Pair; mix: QueryMix; queriesPerSecond: number },
): Promise<LatencySample[]> {
  const servers = plan.servers.filter(({ name }) => name === pair.slicedns || name === pair.coredns)
  if (servers.length < 2) return []
  const samples: LatencySample[] = []
  for (let round = 1; round <= plan.rounds; round++) {
    for (const { name, port } of servers) {
      const latencies = await runPaced({
        port,
        queryFile: queryFile(plan, mix),
        seconds: plan.seconds,
        edns: mix.edns,
        transport: mix.transport,
        core: plan.loadCore,
        queriesPerSecond,
        outputFile: join(plan.folder, 'latencies'),
      })
      const sample = summarize(name, queriesPerSecond, latencies)
      samples.push(sample)
      plan.progress(`round ${round}  latency   ${name.padEnd(18)} ${sample.p99Ms.toFixed(3)} ms (p99)`)
    }
  }
  return samples
}

/** The share of the values that is at or below the result is at least `share` (nearest rank). NaN for none. */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

/** Medians over the rounds, one row a server. */
export function composeLatencyTable(samples: readonly LatencySample[]): string {
  const rows = [...new Set(samples.map(({ server }) => server))].map((server) => {
    const own = samples.filter((sample) => sample.server === server)
    return [
      server,
      Math.round(own[0]?.queriesPerSecond ?? 0).toLocaleString('en-GB'),
      median(own.map(({ medianMs }) => medianMs)).toFixed(3),
      median(own.map(({ p99Ms }) => p99Ms)).toFixed(3),
    ]
  })
  return composeTable(['latency, ms', 'queries/s', 'median', 'p99'], rows)
}

function summarize(server: string, queriesPerSecond: number, latencies: readonly number[]): LatencySample {
  const sorted = latencies.toSorted((left, right) => left - right)
  return {
    server,
    queriesPerSecond,
    count: sorted.length,
    medianMs: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
  }
}
