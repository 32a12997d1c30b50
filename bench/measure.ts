import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runDnsperf } from './dnsperf.ts'
import type { DnsperfResult } from './dnsperf.ts'
import { cpuSeconds } from './process-usage.ts'
import { composeQueryFile } from './queries.ts'
import type { QueryMix } from './queries.ts'
import type { BenchServer } from './servers.ts'

/** One run of one load on one server. */
export interface Sample {
  readonly server: string
  readonly mix: string
  /** CPU time per completed query, user and system. */
  readonly cpuMicroseconds: number
  readonly queriesPerSecond: number
  readonly lost: number
}

export interface MeasurePlan {
  readonly servers: readonly BenchServer[]
  readonly mixes: readonly QueryMix[]
  /** Each round measures every server once per load, one after the other: what disturbs the machine hits all. */
  readonly rounds: number
  /** Which servers take part in a round of a load; round 0 is the warm-up. */
  readonly takesPart: (server: BenchServer, mix: QueryMix, round: number) => boolean
  readonly seconds: number
  readonly loadCore: number
  /** Where the query files go. */
  readonly folder: string
  readonly progress: (line: string) => void
}

/** Long enough for a compiler that works while the program runs to have seen every path. */
const WARM_UP_SECONDS = 1

/** Runs every load on every server, `rounds` times over, after a warm-up that is not counted. */
export async function measure(plan: MeasurePlan): Promise<Sample[]> {
  const samples: Sample[] = []
  for (const mix of plan.mixes) {
    await writeFile(queryFile(plan, mix), composeQueryFile(mix.questions))
    for (const server of takingPart(plan, mix, 0)) await load(plan, server, mix, WARM_UP_SECONDS)
  }
  for (let round = 1; round <= plan.rounds; round++) {
    for (const mix of plan.mixes) {
      for (const server of takingPart(plan, mix, round)) {
        const sample = await measureOnce(plan, server, mix)
        samples.push(sample)
        const figure = `${sample.cpuMicroseconds.toFixed(2)} µs/query, ${Math.round(sample.queriesPerSecond)}/s`
        plan.progress(`round ${round}  ${mix.name.padEnd(9)} ${server.name.padEnd(16)} ${figure}`)
      }
    }
  }
  return samples
}

function takingPart({ servers, takesPart }: MeasurePlan, mix: QueryMix, round: number): BenchServer[] {
  return servers.filter((server) => takesPart(server, mix, round))
}

async function measureOnce(plan: MeasurePlan, server: BenchServer, mix: QueryMix): Promise<Sample> {
  const before = cpuSeconds(server.pid)
  const { completed, lost, queriesPerSecond } = await load(plan, server, mix, plan.seconds)
  const used = cpuSeconds(server.pid) - before
  return {
    server: server.name,
    mix: mix.name,
    cpuMicroseconds: (used / completed) * 1e6,
    queriesPerSecond,
    lost,
  }
}

function load(
  plan: MeasurePlan,
  { port }: BenchServer,
  mix: QueryMix,
  seconds: number,
): Promise<DnsperfResult> {
  const { edns, transport } = mix
  return runDnsperf({ port, queryFile: queryFile(plan, mix), seconds, edns, transport, core: plan.loadCore })
}

/** Where `measure` writes the questions of a load. */
export function queryFile({ folder }: Pick<MeasurePlan, 'folder'>, { name }: QueryMix): string {
  return join(folder, `${name}.queries`)
}
