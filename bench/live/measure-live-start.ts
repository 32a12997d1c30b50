import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchCluster, BenchService } from '../cluster.ts'
import { cpuSeconds, peakResidentOctets, residentOctets } from '../process-usage.ts'
import { nameOf } from '../queries.ts'
import { waitForAnswer } from '../replies.ts'
import type { BenchServer } from '../servers.ts'
import { withServers } from '../servers.ts'

/** One start of one server. 1 MB is 1,000,000 octets. */
export interface LiveStartSample {
  readonly server: string
  readonly firstAnswerMs: number
  /** CPU time until then, user and system. */
  readonly cpuMs: number
  readonly peakMegabytes: number
  readonly settledMegabytes: number
}

const SETTLE_MS = 5000
/** Before a start: the API server is still busy with the end of the watches of the one before. */
const REST_MS = 3000

/**
 * The first right answer is that of the headless Service whose slice is listed last, or may be: a server that waits for everything
 * and one that answers as it learns are held to the same.
 */
export async function measureLiveStart(
  start: () => Promise<BenchServer>,
  cluster: BenchCluster,
  say: (line: string) => void,
): Promise<LiveStartSample> {
  const last = lastListed(cluster)
  await sleep(REST_MS)
  const from = performance.now()
  return withServers([start], async ([server]) => {
    if (server === undefined) throw new RangeError('Cannot measure the start of nothing')
    await waitForAnswer(server, { name: nameOf(last), type: 'A' })
    const firstAnswerMs = performance.now() - from
    const cpuMs = cpuSeconds(server.pid) * 1000
    await sleep(SETTLE_MS)
    const [peakMegabytes, settledMegabytes] = [peakResidentOctets, residentOctets].map(
      (octets) => octets(server.pid) / 1e6,
    )
    const sample = {
      server: server.name,
      firstAnswerMs,
      cpuMs,
      peakMegabytes: peakMegabytes ?? 0,
      settledMegabytes: settledMegabytes ?? 0,
    }
    say(
      `${sample.server}: ${firstAnswerMs.toFixed(0)} ms, ${cpuMs.toFixed(0)} ms of CPU, ${sample.peakMegabytes.toFixed(1)} MB at most`,
    )
    return sample
  })
}

/** Lists are in the order of namespace and name. */
function lastListed({ services }: BenchCluster): BenchService {
  const headless = services.filter(({ clusterIP }) => clusterIP === undefined)
  const last = headless.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1)).at(-1)
  if (last === undefined) throw new RangeError('Cannot measure a cluster without headless Services')
  return last
}

function keyOf({ namespace, name }: BenchService): string {
  return `${namespace}/${name}`
}
