import { setTimeout as wait } from 'node:timers/promises'

import type { BorrowedClusters } from './clusters.ts'
import { StartError } from './start-error.ts'

/**
 * Reads the clusters that no configuration had before: names of a cluster that is not known yet would be SERVFAIL, so the
 * configuration before answers meanwhile. Rejects where one cannot be read at all, or not within the limit.
 */
export async function readClusters(
  clusters: Pick<BorrowedClusters, 'startNew'>,
  limitMs: number,
): Promise<void> {
  const limit = new AbortController()
  const late = wait(limitMs, undefined, { signal: limit.signal, ref: false }).then(() => {
    throw new StartError(
      'SLICEDNS_RELOAD_NOT_SYNCED',
      `the objects of a cluster were not known within ${limitMs / 1000} s`,
    )
  })
  late.catch(() => {})
  try {
    await Promise.race([clusters.startNew(), late])
  } finally {
    limit.abort()
  }
}
