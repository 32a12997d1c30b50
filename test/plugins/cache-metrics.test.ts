import { expect, test } from 'vitest'

import { composeExposition } from '../../src/metrics/exposition.ts'
import { MetricsRegistry } from '../../src/metrics/registry.ts'
import { registerCacheMetrics } from '../../src/plugins/cache-metrics.ts'

const COUNTS = {
  requests: 10,
  misses: 3,
  hits: { success: 5, denial: 2 },
  prefetches: 1,
  servedStale: 4,
  drops: 12,
  kept: {
    success: { entries: 6, sizeOctets: 4_000, evictions: 8 },
    denial: { entries: 7, sizeOctets: 500, evictions: 9 },
  },
}

test('registerCacheMetrics shows the counts of the moment, until it is told to end', () => {
  const registry = new MetricsRegistry()
  let counts = { ...COUNTS, requests: 0 }
  const end = registerCacheMetrics(registry, { server: 'dns://:53', zones: 'a.,b.', view: 'v' }, () => counts)
  counts = COUNTS
  const lines = composeExposition(registry.families())
    .split('\n')
    .filter((line) => /^\w/.test(line))
    .map((line) => line.replace('server="dns://:53",', '').replace(/,?zones="a\.,b\.",view="v"/, ''))
  expect(lines).toEqual([
    'coredns_cache_drops_total{} 12',
    'coredns_cache_entries{type="success"} 6',
    'coredns_cache_entries{type="denial"} 7',
    'coredns_cache_evictions_total{type="success"} 8',
    'coredns_cache_evictions_total{type="denial"} 9',
    'coredns_cache_hits_total{type="success"} 5',
    'coredns_cache_hits_total{type="denial"} 2',
    'coredns_cache_misses_total{} 3',
    'coredns_cache_prefetch_total{} 1',
    'coredns_cache_requests_total{} 10',
    'coredns_cache_served_stale_total{} 4',
    'slicedns_cache_size_bytes{type="success"} 4000',
    'slicedns_cache_size_bytes{type="denial"} 500',
  ])
  end()
  expect(composeExposition(registry.families())).toBe('\n')
})
