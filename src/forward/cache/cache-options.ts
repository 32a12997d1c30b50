import type { DomainName } from '../../wire/name.ts'

/** Bounds of what is kept of one kind: answers, or denials and failures. */
export interface CacheLimits {
  /** The most entries; their octets are bounded by 1 KiB for each (docs/limits.md). */
  readonly maxEntries: number
  readonly maxTtlSeconds: number
  readonly minTtlSeconds: number
  /** Names below these are not kept. */
  readonly exceptZones: readonly DomainName[]
}

/** Renews entries that are asked for often before their time is over. */
export interface PrefetchOptions {
  /** Queries that make an entry popular. */
  readonly minHits: number
  /** Between two of them may pass no more than this. */
  readonly maxGapMs: number
  /** Renewed once no more than this share of the TTL is left. */
  readonly remainingPercent: number
}

/** What an answer is still good for when its time is over (RFC 8767). */
export interface ServeStaleOptions {
  readonly maxStaleSeconds: number
  /** `immediate` answers first and renews then; `verify` tries to renew for that long before it answers. */
  readonly mode: 'immediate' | 'verify'
  readonly verifyTimeoutMs: number
  /** The TTL that is told. */
  readonly ttlSeconds: number
  /** After a failure to renew, so long nobody is asked again. */
  readonly recheckMs: number
  /** An answer that is stale goes before a denial that is not. */
  readonly preferPositive: boolean
}

/** All that the directive `cache` decides. */
export interface CacheOptions {
  readonly success: CacheLimits
  readonly denial: CacheLimits
  /** How long a failure is kept; 0 for not at all. */
  readonly failureTtlSeconds: number
  readonly prefetch: PrefetchOptions | undefined
  readonly serveStale: ServeStaleOptions | undefined
  /** TTLs are told as they came and do not count down. */
  readonly keepTtl: boolean
}

/** Longer, RFC 8767 section 5 says, and clients may have given up. */
export const MAX_VERIFY_TIMEOUT_MS = 1_800

/** As CoreDNS's, so that a `cache` without arguments keeps as much for as long. */
export const DEFAULT_CACHE_OPTIONS: CacheOptions = {
  success: { maxEntries: 9_984, maxTtlSeconds: 3_600, minTtlSeconds: 5, exceptZones: [] },
  denial: { maxEntries: 9_984, maxTtlSeconds: 1_800, minTtlSeconds: 5, exceptZones: [] },
  failureTtlSeconds: 5,
  prefetch: undefined,
  serveStale: undefined,
  keepTtl: false,
}
