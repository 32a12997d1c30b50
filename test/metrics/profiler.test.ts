import { expect, test } from 'vitest'

import { recordCpuProfile } from '../../src/metrics/profiler.ts'

const NEVER = new AbortController().signal

test('recordCpuProfile records one profile at a time', async () => {
  const [first, second] = await Promise.all([recordCpuProfile(50, NEVER), recordCpuProfile(50, NEVER)])
  const profile: unknown = JSON.parse(first ?? '')
  expect(profile).toHaveProperty('nodes')
  expect(profile).toHaveProperty('samples')
  expect(second).toBeUndefined()
  expect(await recordCpuProfile(1, NEVER)).toBeDefined()
})

test('recordCpuProfile ends when nobody waits any more', async () => {
  const gone = new AbortController()
  const startedMs = performance.now()
  const profile = recordCpuProfile(60_000, gone.signal)
  gone.abort()
  await profile
  expect(performance.now() - startedMs).toBeLessThan(10_000)
})
