import type { ControlPlane } from '../../test/control-plane/control-plane.ts'
import { sliceOf } from '../cluster.ts'
import type { BenchCluster, BenchService } from '../cluster.ts'
import { nameOf } from '../queries.ts'
import type { BenchServer } from '../servers.ts'
import { AnswerPoll } from './answer-poll.ts'
import { WatchTimes } from './watch-times.ts'

/** Milliseconds of every change, by server. */
export interface LatencySamples {
  /** From the request of the write to the first answer that shows it. */
  readonly fromWriteMs: readonly number[]
  /** From the moment at which a watch of the bench's own heard of it; negative where the server was faster. */
  readonly fromEventMs: readonly number[]
}

/** Changes the endpoint of a headless Service again and again while all servers run, and times when each shows it. */
export async function measureLatency(
  plane: ControlPlane,
  { services }: BenchCluster,
  servers: readonly BenchServer[],
  changes: number,
): Promise<ReadonlyMap<string, LatencySamples>> {
  const service = services.findLast(({ clusterIP }) => clusterIP === undefined)
  if (service === undefined) throw new RangeError('Cannot measure a cluster without headless Services')
  const poll = new AnswerPoll(servers, nameOf(service))
  const watch = await WatchTimes.open(plane, service)
  const samples = new Map<number, Draft>(
    servers.map(({ port }) => [port, { fromWriteMs: [], fromEventMs: [] }]),
  )
  try {
    for (let change = 0; change < changes; change++)
      await measureChange({ plane, service, poll, watch }, change, samples)
  } finally {
    watch.close()
    poll.close()
  }
  return new Map(
    servers.map(({ name, port }) => [name, samples.get(port) ?? { fromWriteMs: [], fromEventMs: [] }]),
  )
}

interface Draft {
  readonly fromWriteMs: number[]
  readonly fromEventMs: number[]
}

interface Setting {
  readonly plane: ControlPlane
  readonly service: BenchService
  readonly poll: AnswerPoll
  readonly watch: WatchTimes
}

async function measureChange(
  { plane, service, poll, watch }: Setting,
  change: number,
  samples: ReadonlyMap<number, Draft>,
): Promise<void> {
  const address = `10.${200 + (change >> 16)}.${(change >> 8) & 255}.${change & 255}`
  const writtenAt = performance.now()
  const answered = poll.timeUntil(address)
  const heard = watch.timeOf(address)
  await plane.client.replace(sliceOf({ ...service, endpointAddresses: [address] }))
  const [times, heardAt] = await Promise.all([answered, heard])
  for (const [port, at] of times) {
    samples.get(port)?.fromWriteMs.push(at - writtenAt)
    samples.get(port)?.fromEventMs.push(at - heardAt)
  }
}
