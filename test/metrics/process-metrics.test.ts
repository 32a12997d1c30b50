import { setTimeout } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'

import { composeExposition } from '../../src/metrics/exposition.ts'
import { registerProcessMetrics } from '../../src/metrics/process-metrics.ts'
import { MetricsRegistry } from '../../src/metrics/registry.ts'

test('registerProcessMetrics shows plausible figures of this process', async () => {
  const registry = new MetricsRegistry()
  onTestFinished(registerProcessMetrics(registry))
  await setTimeout(20)
  // The event loop stands still, once.
  const until = performance.now() + 60
  while (performance.now() < until);
  await setTimeout(20)
  const text = composeExposition(registry.families())
  const figure = (name: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.split(' ')[1],
    )
  expect(figure('process_cpu_seconds_total')).toBeGreaterThan(0)
  expect(figure('process_resident_memory_bytes')).toBeGreaterThan(10_000_000)
  expect(Math.abs(figure('process_start_time_seconds') - Date.now() / 1000)).toBeLessThan(3_600)
  expect(figure('nodejs_heap_size_used_bytes')).toBeGreaterThan(1_000_000)
  expect(figure('nodejs_eventloop_delay_seconds{statistic="max"}')).toBeGreaterThan(0.03)
  expect(figure('nodejs_eventloop_utilization_ratio')).toBeLessThanOrEqual(1)
})

test.skipIf(process.platform !== 'linux')('registerProcessMetrics counts file descriptors', () => {
  const registry = new MetricsRegistry()
  onTestFinished(registerProcessMetrics(registry))
  const valueOf = (name: string) => {
    const family = registry.families().find(({ spec }) => spec.name === name)
    return Number([...(family?.series() ?? [])][0]?.value)
  }
  expect(valueOf('process_open_fds')).toBeGreaterThan(2)
  expect(valueOf('process_max_fds')).toBeGreaterThan(valueOf('process_open_fds'))
  expect(valueOf('process_virtual_memory_bytes')).toBeGreaterThan(valueOf('nodejs_heap_size_used_bytes'))
})
