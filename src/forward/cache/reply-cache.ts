import { ExtendedErrorCode } from '../../wire/extended-error.ts'
import { isSubdomain } from '../../wire/name.ts'
import { Rcode } from '../../wire/rcode.ts'
import { queryOptionsKey } from '../../zone/query-options.ts'
import type { Next, Query, Reply, Responder } from '../../zone/responder.ts'
import type { RRset } from '../../zone/rrset.ts'
import type { CacheOptions } from './cache-options.ts'
import { createEntryStore } from './entry-store.ts'
import type { CacheEntry, EntryCounts, EntryKind, EntryStore, Found } from './entry-store.ts'
import { lifetimeOf } from './lifetime.ts'
import { composeStoredReply, parseStoredReply } from './stored-reply.ts'

/** Keeps replies of what answers behind it. */
export interface ReplyCache {
  /** Answers from what is kept, or asks `next` and keeps what it says. */
  readonly respond: Responder
  readonly counts: () => CacheCounts
}

/** `kept` is of now; the other numbers only grow. */
export interface CacheCounts {
  readonly requests: number
  readonly misses: number
  readonly hits: Readonly<Record<EntryKind, number>>
  /** Renewals that nobody waited for. */
  readonly prefetches: number
  readonly servedStale: number
  /** Replies that might have been kept, but for their size. */
  readonly drops: number
  readonly kept: Readonly<Record<EntryKind, EntryCounts>>
}

/**
 * Makes a cache (RFC 2308, RFC 8767). Queries that differ in type, class, DO or CD are kept apart; letter case does not
 * count. Replies that are `uncacheable` pass unchanged; the TTLs of all others are cut to the bounds, for the first asker
 * too. `nowMs` never runs backwards. Of one entry at most one renewal is under way; meanwhile others have what there is.
 */
export function createReplyCache(options: CacheOptions, nowMs: () => number): ReplyCache {
  const cache = new Cache(options, nowMs)
  return { respond: (query, next) => cache.respond(query, next), counts: () => cache.counts() }
}

/** A query that found an entry. */
interface Hit {
  readonly query: Query
  readonly key: string
  readonly next: Next
  readonly entry: CacheEntry
  readonly now: number
}

class Cache {
  readonly #options: CacheOptions
  readonly #nowMs: () => number
  readonly #store: EntryStore
  readonly #hits = { success: 0, denial: 0 }
  #requests = 0
  #misses = 0
  #prefetches = 0
  #servedStale = 0
  #drops = 0

  constructor(options: CacheOptions, nowMs: () => number) {
    this.#options = options
    this.#nowMs = nowMs
    this.#store = createEntryStore(options)
  }

  counts(): CacheCounts {
    return {
      requests: this.#requests,
      misses: this.#misses,
      hits: { ...this.#hits },
      prefetches: this.#prefetches,
      servedStale: this.#servedStale,
      drops: this.#drops,
      kept: { success: this.#store.counts('success'), denial: this.#store.counts('denial') },
    }
  }

  respond(query: Query, next: Next): Reply | Promise<Reply> {
    this.#requests++
    const key = keyOf(query)
    const now = this.#nowMs()
    const found = this.#find(key, now)
    if (found === undefined) {
      this.#misses++
      return whenReplied(next(query), (reply) => this.#keep(query, key, reply))
    }
    const { entry } = found
    this.#hits[found.kind]++
    const hit = { query, key, next, entry, now }
    if (remainingSeconds(entry, now) <= 0) return this.#stale(hit)
    if (this.#isWorthPrefetching(entry, now)) this.#renewAside(hit)
    return this.#tell(hit, this.#options.keepTtl ? entry.ttlSeconds : remainingSeconds(entry, now))
  }

  #find(key: string, now: number): Found | undefined {
    const { serveStale } = this.#options
    const isUsable = (entry: CacheEntry): boolean => {
      const remaining = remainingSeconds(entry, now)
      if (remaining > 0) return true
      return serveStale !== undefined && !entry.isFailure && -remaining < serveStale.maxStaleSeconds
    }
    return this.#store.find(key, isUsable, serveStale?.preferPositive ?? false)
  }

  #stale(hit: Hit): Reply | Promise<Reply> {
    const { serveStale } = this.#options
    if (hit.entry.isRenewing || hit.now < hit.entry.retryMs) return this.#tellStale(hit)
    if (serveStale?.mode !== 'verify') {
      this.#renewAside(hit)
      return this.#tellStale(hit)
    }
    return withinMs(this.#renew(hit), serveStale.verifyTimeoutMs).then(
      (renewed) => renewed ?? this.#tellStale(hit),
    )
  }

  #tellStale(hit: Hit): Reply {
    this.#servedStale++
    const reply = this.#tell(hit, this.#options.serveStale?.ttlSeconds ?? 0)
    const code =
      reply.rcode === Rcode.NXDOMAIN
        ? ExtendedErrorCode.STALE_NXDOMAIN_ANSWER
        : ExtendedErrorCode.STALE_ANSWER
    return { ...reply, extendedError: { code, text: STALE_TEXT } }
  }

  #tell({ entry, query }: Hit, ttlSeconds: number): Reply {
    return parseStoredReply(entry.message, query.question, query.lowerName, ttlSeconds)
  }

  #renewAside(hit: Hit): void {
    this.#prefetches++
    void this.#renew(hit)
  }

  /** Asks anew in the name of one query. Gives the reply where it takes the place of the entry. Never rejects. */
  async #renew({ query, key, next, entry }: Hit): Promise<Reply | undefined> {
    entry.isRenewing = true
    const reply = await Promise.try(next, query).catch(() => undefined)
    entry.isRenewing = false
    if (reply !== undefined && this.#replaces(reply, query)) return this.#keep(query, key, reply, entry)
    entry.retryMs = this.#nowMs() + (this.#options.serveStale?.recheckMs ?? 0)
    return undefined
  }

  /** A failure does not replace what is known, nor, where answers are preferred, does a denial. */
  #replaces(reply: Reply, { question }: Query): boolean {
    if (reply.uncacheable === true) return false
    if (this.#options.serveStale?.preferPositive === true)
      return lifetimeOf(reply, question, this.#options).kind === 'success'
    return reply.rcode === Rcode.NOERROR || reply.rcode === Rcode.NXDOMAIN
  }

  #isWorthPrefetching(entry: CacheEntry, now: number): boolean {
    const { prefetch } = this.#options
    if (prefetch === undefined) return false
    entry.hits = now - entry.lastHitMs > prefetch.maxGapMs ? 1 : entry.hits + 1
    entry.lastHitMs = now
    if (entry.hits < prefetch.minHits || entry.isRenewing || now < entry.retryMs) return false
    return remainingSeconds(entry, now) <= Math.ceil((prefetch.remainingPercent / 100) * entry.ttlSeconds)
  }

  /** Keeps the reply where it may be kept, and gives it as it is told. `before`: the entry that it replaces. */
  #keep(query: Query, key: string, reply: Reply, before?: CacheEntry): Reply {
    if (reply.uncacheable === true) return reply
    const { kind, ttlSeconds } = lifetimeOf(reply, query.question, this.#options)
    if (ttlSeconds === 0) return reply
    const told = withTtl(reply, ttlSeconds)
    // Without RD less may be said than is known (RFC 1034 section 4.3.1), so it is nothing for others.
    if (kind === 'transient' || !query.recursionDesired) return told
    const place = kind === 'success' ? 'success' : 'denial'
    if (this.#options[place].exceptZones.some((zone) => isSubdomain(query.lowerName, zone))) return told
    const message = composeStoredReply(told, query.question, query.lowerName)
    const isKept =
      message !== undefined &&
      this.#store.put(place, key, {
        message,
        isFailure: kind === 'failure',
        ttlSeconds,
        storedMs: this.#nowMs(),
        hits: before?.hits ?? 0,
        lastHitMs: before?.lastHitMs ?? 0,
        isRenewing: false,
        retryMs: 0,
      })
    if (!isKept) this.#drops++
    if (message === undefined) return told
    if (kind !== 'failure') this.#store.delete(kind === 'success' ? 'denial' : 'success', key)
    return told
  }
}

const STALE_TEXT = 'the time of this answer is over, and no newer one is there yet'

/** All by which answers may differ. The numbers have no letters, so nothing runs into the name. */
function keyOf({
  question: { qtype, qclass },
  lowerName,
  dnssecOk,
  checkingDisabled,
  options,
}: Query): string {
  const flags = (dnssecOk ? 1 : 0) + (checkingDisabled ? 2 : 0)
  return `${qtype},${qclass},${flags},${lowerName}${queryOptionsKey(options)}`
}

/** Whole seconds; 0 and below once the time is over. */
function remainingSeconds(entry: CacheEntry, now: number): number {
  return entry.ttlSeconds - Math.floor((now - entry.storedMs) / 1000)
}

function withTtl(reply: Reply, ttlSeconds: number): Reply {
  const cut = (rrsets: readonly RRset[]): readonly RRset[] =>
    rrsets.map((rrset) => ({ ...rrset, ttlSeconds }))
  return {
    ...reply,
    answer: cut(reply.answer),
    authority: cut(reply.authority),
    additional: cut(reply.additional),
  }
}

function whenReplied(reply: Reply | Promise<Reply>, then: (reply: Reply) => Reply): Reply | Promise<Reply> {
  return reply instanceof Promise ? reply.then(then) : then(reply)
}

/** What the promise gives within that time; undefined beyond. */
function withinMs<T>(promise: Promise<T>, timeoutMs: number): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => resolve(undefined), timeoutMs)
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
