import { DEFAULT_CACHE_OPTIONS } from '../../../src/forward/cache/cache-options.ts'
import type { CacheOptions, ServeStaleOptions } from '../../../src/forward/cache/cache-options.ts'
import { createReplyCache } from '../../../src/forward/cache/reply-cache.ts'
import type { ReplyCache } from '../../../src/forward/cache/reply-cache.ts'
import { Rcode } from '../../../src/wire/rcode.ts'
import type { Query, Reply } from '../../../src/zone/responder.ts'
import type { RRset } from '../../../src/zone/rrset.ts'
import type { QueryParts } from '../client-query.ts'
import { clientQuery, nameOf } from '../client-query.ts'

/** A cache with a clock that stands still, in front of an upstream that says what it is told to. */
export interface CacheBench {
  readonly cache: ReplyCache
  /** Every query that got through to the upstream. */
  readonly asked: Query[]
  /** What the upstream says from now on. */
  readonly says: (reply: Reply | ((query: Query) => Reply | Promise<Reply>)) => void
  readonly ask: (text: string, parts?: QueryParts) => Promise<Reply>
  /** Lets time pass. */
  readonly pass: (seconds: number) => void
}

export function cacheBench(options: Partial<CacheOptions> = {}): CacheBench {
  let now = 1_000
  let answer: (query: Query) => Reply | Promise<Reply> = noAnswer
  const cache = createReplyCache({ ...DEFAULT_CACHE_OPTIONS, ...options }, () => now)
  const asked: Query[] = []
  return {
    cache,
    asked,
    says: (reply) => {
      answer = typeof reply === 'function' ? reply : () => reply
    },
    ask: async (text, parts) =>
      cache.respond(clientQuery(text, parts), (query) => {
        asked.push(query)
        return answer(query)
      }),
    pass: (seconds) => {
      now += seconds * 1000
    },
  }
}

export const SERVE_STALE: ServeStaleOptions = {
  maxStaleSeconds: 3_600,
  mode: 'immediate',
  verifyTimeoutMs: 1_800,
  ttlSeconds: 0,
  recheckMs: 0,
  preferPositive: false,
}

export function addressSet(owner: string, ttlSeconds: number, ...addresses: readonly number[]): RRset {
  return {
    owner: nameOf(owner),
    rrtype: 1,
    ttlSeconds,
    rdatas: addresses.map((address) => ({ kind: 'A', address })),
  }
}

export function aliasSet(owner: string, ttlSeconds: number, target: string): RRset {
  return { owner: nameOf(owner), rrtype: 5, ttlSeconds, rdatas: [{ kind: 'CNAME', target: nameOf(target) }] }
}

export function soaSet(owner: string, ttlSeconds: number, minimum: number): RRset {
  const names = { mname: nameOf(`ns.${owner}`), rname: nameOf(`mail.${owner}`) }
  const rdata = { kind: 'SOA', ...names, serial: 1, refresh: 2, retry: 3, expire: 4, minimum } as const
  return { owner: nameOf(owner), rrtype: 6, ttlSeconds, rdatas: [rdata] }
}

export function positive(...answer: readonly RRset[]): Reply {
  return { ...EMPTY, answer }
}

export function denial(rcode: number, ...authority: readonly RRset[]): Reply {
  return { ...EMPTY, rcode, authority }
}

export function failure(rcode: number): Reply {
  return {
    ...EMPTY,
    rcode,
    extendedError: { code: 22, text: 'no upstream gave an answer' },
    error: 'no answer',
  }
}

/** `www.example. 30 1` for each RRset: owner, TTL and type. */
export function told(reply: Reply): readonly string[] {
  return [...reply.answer, ...reply.authority, ...reply.additional].map(
    ({ owner, ttlSeconds, rrtype }) => `${owner} ${ttlSeconds} ${rrtype}`,
  )
}

const EMPTY: Reply = {
  rcode: Rcode.NOERROR,
  authoritativeAnswer: false,
  authenticData: false,
  answer: [],
  authority: [],
  additional: [],
}

function noAnswer(): Reply {
  return failure(Rcode.SERVFAIL)
}
