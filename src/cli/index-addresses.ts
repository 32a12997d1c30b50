import { setImmediate } from 'node:timers/promises'
import type { ClusterStore } from '../kubernetes/cluster-store.ts'
import { createPause } from '../kubernetes/pause.ts'

const SLICE_MS = 5

/** Completes the index of endpoints' addresses of clusters that were read, without holding up the queries that wait for that. */
export async function indexAddresses(stores: readonly ClusterStore[]): Promise<void> {
  await setImmediate()
  const pause = createPause(SLICE_MS)
  for (const store of stores) {
    const steps = store.indexAddresses()
    while (steps.next().done !== true) await pause()
  }
}
