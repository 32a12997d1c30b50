import { expect, test } from 'vitest'

import { createCounters } from '../../src/metrics/counters.ts'
import { MetricsRegistry } from '../../src/metrics/registry.ts'
import { registerServerMetrics } from '../../src/metrics/server-metrics.ts'

test('registerServerMetrics shows every counter once, with its value of the moment', () => {
  const registry = new MetricsRegistry()
  const counters = createCounters()
  registerServerMetrics(registry, counters)
  const names = Object.keys(counters)
  Object.assign(counters, Object.fromEntries(names.map((name, index) => [name, index + 1])))
  const series = registry.families().flatMap((family) => Array.from(family.series()))
  const values = series.map(({ value }) => Number(value)).toSorted((a, b) => a - b)
  expect(values).toEqual(names.map((_, index) => index + 1))
  for (const { spec } of registry.families()) expect(spec.name).toMatch(/^(slicedns|coredns)_[a-z_]+_total$/)
})
