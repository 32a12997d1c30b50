import type { CacheCounts } from '../forward/cache/reply-cache.ts'
import type { MetricsRegistry } from '../metrics/registry.ts'

/** What a cache is told apart by, as CoreDNS does it. */
export interface CacheLabels {
  readonly server: string
  /** Joined by commas. */
  readonly zones: string
  readonly view: string
}

/** Shows what the cache counts, under CoreDNS's names, until the function that is returned is called. */
export function registerCacheMetrics(
  registry: MetricsRegistry,
  { server, zones, view }: CacheLabels,
  counts: () => CacheCounts,
): () => void {
  const whole = ([name, help]: readonly [string, string], value: (counts: CacheCounts) => number) =>
    registry.read({ name, help, labels: ['server', 'zones', 'view'] }, 'counter', () => [
      { labelValues: [server, zones, view], value: value(counts()) },
    ])
  const byKind = (
    [name, help]: readonly [string, string],
    type: 'counter' | 'gauge',
    value: (counts: CacheCounts, kind: 'success' | 'denial') => number,
  ) =>
    registry.read({ name, help, labels: ['server', 'type', 'zones', 'view'] }, type, () =>
      (['success', 'denial'] as const).map((kind) => ({
        labelValues: [server, kind, zones, view],
        value: value(counts(), kind),
      })),
    )
  const removers = [
    whole(['coredns_cache_requests_total', 'Queries that came to the cache.'], ({ requests }) => requests),
    whole(['coredns_cache_misses_total', 'Queries that it had no answer to.'], ({ misses }) => misses),
    whole(
      ['coredns_cache_prefetch_total', 'Entries renewed while nobody waited for it.'],
      ({ prefetches }) => prefetches,
    ),
    whole(
      ['coredns_cache_served_stale_total', 'Queries answered from an entry whose time was over.'],
      ({ servedStale }) => servedStale,
    ),
    whole(['coredns_cache_drops_total', 'Replies that were too large to be kept.'], ({ drops }) => drops),
    byKind(
      ['coredns_cache_hits_total', 'Queries answered from the cache.'],
      'counter',
      ({ hits }, kind) => hits[kind],
    ),
    byKind(
      ['coredns_cache_entries', 'Entries that are kept.'],
      'gauge',
      ({ kept }, kind) => kept[kind].entries,
    ),
    byKind(
      ['coredns_cache_evictions_total', 'Entries that gave way to others.'],
      'counter',
      ({ kept }, kind) => kept[kind].evictions,
    ),
    byKind(
      ['slicedns_cache_size_bytes', 'Memory that the entries take, by estimate.'],
      'gauge',
      ({ kept }, kind) => kept[kind].sizeOctets,
    ),
  ]
  return () => {
    for (const remove of removers) remove()
  }
}
