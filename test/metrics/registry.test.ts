import { expect, test } from 'vitest'

import { MetricsRegistry } from '../../src/metrics/registry.ts'

test('MetricsRegistry gives the same metric for the same name', () => {
  const registry = new MetricsRegistry()
  const spec = { name: 'x_total', help: 'X.', labels: ['a'] }
  registry.counter(spec).with('1').value++
  registry.counter(spec).with('1').value++
  expect(registry.counter(spec).with('1').value).toBe(2)
  const histogram = { name: 'h', help: 'H.', upperBounds: [1] }
  expect(registry.histogram(histogram)).toBe(registry.histogram(histogram))
  expect(registry.families()).toHaveLength(2)
})

test('MetricsRegistry.read asks for the values of the moment, of the last reader', () => {
  const registry = new MetricsRegistry()
  let value = 1
  const remove = registry.read({ name: 'x', help: 'X.' }, 'gauge', () => [{ labelValues: [], value: 5 }])
  registry.read({ name: 'x', help: 'X.' }, 'gauge', () => [{ labelValues: [], value }])
  value = 7
  expect(registry.families().flatMap((family) => Array.from(family.series()))).toEqual([
    { labelValues: [], value: 7 },
  ])
  registry.read({ name: 'x', help: 'X.', labels: ['a'] }, 'gauge', () => [{ labelValues: ['1'], value: 2 }])
  remove()
  const [family] = registry.families()
  expect([...(family?.series() ?? [])].map((series) => series.value)).toEqual([7, 2])
})
