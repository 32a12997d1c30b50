import { LRUCache } from 'lru-cache'

import type { CacheLimits } from './cache-options.ts'

/** One reply that is kept. What counts who asked for it and who renews it changes; the reply does not. */
export interface CacheEntry {
  /** As stored-reply.ts has it: a character for each octet. */
  readonly message: string
  readonly isFailure: boolean
  readonly ttlSeconds: number
  readonly storedMs: number
  /** Queries one behind another without a longer gap than prefetch allows; the last of them. */
  hits: number
  lastHitMs: number
  isRenewing: boolean
  /** Before that nobody is asked to renew it. */
  retryMs: number
}

/** Whether an entry may be answered with. */
export type IsUsable = (entry: CacheEntry) => boolean

/** The entries of one cache: answers apart from denials and failures, so that neither kind drives the other out. */
export interface EntryStore {
  /**
   * The denial before the answer, if the denial is the newer of the two it is the truth; a failure only where there is no
   * answer. `preferAnswer` turns that round. Entries that are not usable are dropped.
   */
  find(key: string, isUsable: IsUsable, preferAnswer: boolean): Found | undefined
  /** Keeps it, unless it alone would take more than a sixteenth of the room: then false, and what was there is gone. */
  put(kind: EntryKind, key: string, entry: CacheEntry): boolean
  delete(kind: EntryKind, key: string): void
  counts(kind: EntryKind): EntryCounts
}

export type EntryKind = 'success' | 'denial'

export interface Found {
  readonly kind: EntryKind
  readonly entry: CacheEntry
}

export interface EntryCounts {
  readonly entries: number
  readonly sizeOctets: number
  readonly evictions: number
}

/** What the process needs for an entry beside its octets and its key: objects, slots of the lists, the index. 280 measured, and room. */
const ENTRY_OCTETS = 450

/** Room for each entry that may be kept. The usual one takes 600; much larger ones then leave room for fewer. */
const OCTETS_PER_ENTRY = 1_024

/** The least share of the room of which one entry may take all. */
const LARGEST_SHARE = 16

export function createEntryStore(limits: Readonly<Record<EntryKind, CacheLimits>>): EntryStore {
  const kinds = { success: createKind(limits.success), denial: createKind(limits.denial) }
  const usable = (kind: EntryKind, key: string, isUsable: IsUsable): Found | undefined => {
    const { lru } = kinds[kind]
    const entry = lru.get(key)
    if (entry === undefined) return undefined
    if (isUsable(entry)) return { kind, entry }
    lru.delete(key)
    return undefined
  }
  return {
    find: (key, isUsable, preferAnswer) => {
      const answer = preferAnswer ? usable('success', key, isUsable) : undefined
      if (answer !== undefined) return answer
      const denial = usable('denial', key, isUsable)
      if (denial !== undefined && !denial.entry.isFailure) return denial
      return usable('success', key, isUsable) ?? denial
    },
    put: (kind, key, entry) => {
      const size = entry.message.length + key.length + ENTRY_OCTETS
      const { lru } = kinds[kind]
      lru.set(key, entry, { size })
      return size <= lru.maxEntrySize
    },
    delete: (kind, key) => {
      kinds[kind].lru.delete(key)
    },
    counts: (kind) => {
      const { lru, evictions } = kinds[kind]
      return { entries: lru.size, sizeOctets: lru.calculatedSize, evictions: evictions() }
    },
  }
}

/** The entries that were used longest ago give way first. */
function createKind({ maxEntries }: CacheLimits): {
  lru: LRUCache<string, CacheEntry>
  evictions: () => number
} {
  let evictions = 0
  const maxSize = maxEntries * OCTETS_PER_ENTRY
  const lru = new LRUCache<string, CacheEntry>({
    max: maxEntries,
    maxSize,
    maxEntrySize: Math.max(MIN_LARGEST_OCTETS, Math.floor(maxSize / LARGEST_SHARE)),
    dispose: (_entry, _key, reason) => {
      if (reason === 'evict') evictions++
    },
  })
  return { lru, evictions: () => evictions }
}

/** The largest message, with its key, where a cache is so small that a share of it would be less. */
const MIN_LARGEST_OCTETS = 68_000
