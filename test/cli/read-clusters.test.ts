import { expect, test, vi } from 'vitest'

import { readClusters } from '../../src/cli/read-clusters.ts'

test('readClusters resolves when the clusters are known, and rejects as they do', async () => {
  await expect(readClusters({ startNew: () => Promise.resolve() }, 30_000)).resolves.toBeUndefined()
  const failure = new Error('does not exist')
  await expect(readClusters({ startNew: () => Promise.reject(failure) }, 30_000)).rejects.toBe(failure)
})

test('R08 readClusters gives a cluster up that is not known in time, and says so', async () => {
  const never = vi.fn(() => new Promise<void>(() => {}))
  await expect(readClusters({ startNew: never }, 20)).rejects.toMatchObject({
    code: 'SLICEDNS_RELOAD_NOT_SYNCED',
    message: expect.stringContaining('were not known within 0.02 s'),
  })
  expect(never).toHaveBeenCalledTimes(1)
})
