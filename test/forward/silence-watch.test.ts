import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { watchSilence } from '../../src/forward/silence-watch.ts'
import { createUpstreamHealth } from '../../src/forward/upstream-health.ts'
import type { Upstream } from '../../src/forward/upstream-address.ts'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

/** Watches upstreams of which those on the ports in `answering` answer probes, and tells when all were found silent. */
function watch(count: number, answering: readonly number[] = [], { maxFails = 2, heard = false } = {}) {
  const probed: number[] = []
  const health = createUpstreamHealth({
    nowMs: () => performance.now(),
    maxFails,
    probeIntervalMs: 500,
    probe: (upstream, timeoutMs) => {
      probed.push(upstream.port)
      const isThere = answering.includes(upstream.port)
      return new Promise((resolve) => setTimeout(() => resolve(isThere), isThere ? 10 : timeoutMs))
    },
  })
  const upstreams = Array.from({ length: count }, (_none, index): Upstream => ({
    address: '192.0.2.1',
    port: index + 1,
  }))
  const startedMs = performance.now()
  const silentAtMs: number[] = []
  const stop = watchSilence({
    upstreams,
    health,
    hasHeard: () => heard,
    onSilent: () => silentAtMs.push(Math.round(performance.now() - startedMs)),
  })
  return { probed, silentAtMs, health, upstreams, stop }
}

test.each([1, 2, 3, 5, 15])('F09 %i upstreams that answer nothing are known after 1.8 s', async (count) => {
  const { silentAtMs, probed, health } = watch(count)
  await vi.advanceTimersByTimeAsync(4_000)
  expect(silentAtMs).toEqual([1_800])
  expect(new Set(probed).size).toBe(count)
  health.close()
})

test('watchSilence goes on waiting while one of many answers probes, and no longer', async () => {
  const { silentAtMs, health, upstreams, stop } = watch(15, [15])
  await vi.advanceTimersByTimeAsync(3_000)
  expect(upstreams.filter((one) => health.isFailing(one))).toHaveLength(14)
  expect(silentAtMs).toEqual([])
  stop()
  health.close()
})

test('watchSilence probes nobody where somebody was heard, or without probes', async () => {
  const heard = watch(3, [], { heard: true })
  const withoutProbes = watch(3, [], { maxFails: 0 })
  await vi.advanceTimersByTimeAsync(4_000)
  for (const { probed, silentAtMs, upstreams, health, stop } of [heard, withoutProbes]) {
    expect([probed, silentAtMs, upstreams.filter((one) => health.isFailing(one))]).toEqual([[], [], []])
    stop()
  }
  expect(vi.getTimerCount()).toBe(0)
})
