import { setImmediate } from 'node:timers/promises'
import type { ClusterStore } from '../kubernetes/cluster-store.ts'
import type { Pause } from '../kubernetes/pause.ts'

/** Completes the index of endpoints' addresses of a cluster that has been read. Queries that wait for that have their turn first. */
export async function indexAddresses(
  store: Pick<ClusterStore, 'indexAddresses'>,
  pause: Pause,
): Promise<void> {
  await setImmediate()
  const steps = store.indexAddresses()
  while (steps.next().done !== true) await pause()
}
