import type { ControlPlane } from '../../test/control-plane/control-plane.ts'
import { sliceOf } from '../cluster.ts'
import type { BenchCluster } from '../cluster.ts'
import { nameOf } from '../queries.ts'
import type { BenchServer } from '../servers.ts'
import { AnswerPoll } from './answer-poll.ts'
import { WatchTimes } from './watch-times.ts'

/** Milliseconds of every change. */
export interface LatencySamples {
  readonly server: string
  /** From the request of the write to the first answer that shows it. */
  readonly fromWriteMs: readonly number[]
  /** From the moment at which a watch of the bench's own heard of it; negative where the server was faster. */
  readonly fromEventMs: readonly number[]
}

/** Not counted: what answers is still being compiled, and the API server and this process are new to it as well. */
const WARM_UP_CHANGES = 300

/** Changes the endpoint of a headless Service again and again while the server runs, and times when it shows it. */
export async function measureLatency(
  plane: ControlPlane,
  { services }: BenchCluster,
  server: BenchServer,
  changes: number,
): Promise<LatencySamples> {
  const service = services.findLast(({ clusterIP }) => clusterIP === undefined)
  if (service === undefined) throw new RangeError('Cannot measure a cluster without headless Services')
  const poll = new AnswerPoll(server, nameOf(service))
  const watch = await WatchTimes.open(plane, service)
  const [fromWriteMs, fromEventMs]: [number[], number[]] = [[], []]
  try {
    for (let change = -WARM_UP_CHANGES; change < changes; change++) {
      const number = change + WARM_UP_CHANGES
      const address = `10.${200 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`
      const writtenAt = performance.now()
      const answered = poll.timeUntil(address)
      const heard = watch.timeOf(address)
      await plane.client.replace(sliceOf({ ...service, endpointAddresses: [address] }))
      const [answeredAt, heardAt] = await Promise.all([answered, heard])
      if (change < 0) continue
      fromWriteMs.push(answeredAt - writtenAt)
      fromEventMs.push(answeredAt - heardAt)
    }
    return { server: server.name, fromWriteMs, fromEventMs }
  } finally {
    watch.close()
    poll.close()
    // The next server must not know the last answer already.
    await plane.client.replace(sliceOf(service))
  }
}
