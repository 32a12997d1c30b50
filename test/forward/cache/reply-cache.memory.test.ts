import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'

import { DEFAULT_CACHE_OPTIONS } from '../../../src/forward/cache/cache-options.ts'
import { Rcode } from '../../../src/wire/rcode.ts'
import { addressSet, cacheBench, denial, positive, soaSet } from './cache-harness.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: unknown = runInNewContext('gc')

/** Buffers are given back some time after their owners are. */
async function usedOctets(): Promise<number> {
  for (let round = 0; round < 4; round++) {
    if (typeof collectGarbage === 'function') collectGarbage()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

const NAMES = 100_000

test('F31 100,000 random names take no more memory than the cache counts, and a fifth', async () => {
  const limits = { ...DEFAULT_CACHE_OPTIONS.success, maxEntries: 20_000 }
  const { cache, ask, says, asked } = cacheBench({ success: limits, denial: limits })
  says(({ question: { qname } }) =>
    qname.length % 2 === 0
      ? positive(addressSet(qname, 600, 1, 2))
      : denial(Rcode.NXDOMAIN, soaSet('example.', 600, 600)),
  )
  const before = await usedOctets()
  for (let index = 0; index < NAMES; index++) {
    await ask(`${Math.random().toString(36).slice(2)}.${index}.example. A`)
    asked.length = 0
  }
  const used = (await usedOctets()) - before
  const { success, denial: denials } = cache.counts().kept
  const counted = success.sizeOctets + denials.sizeOctets
  expect(success.entries).toBe(20_000)
  expect(denials.entries).toBe(20_000)
  expect(counted).toBeLessThanOrEqual(40_000 * 1_024)
  expect(used).toBeLessThanOrEqual(1.2 * counted)
}, 60_000)
