import { Rcode } from '../../wire/rcode.ts'
import { RrType } from '../../wire/rrtype.ts'
import type { Question, Reply } from '../../zone/responder.ts'
import type { RRset } from '../../zone/rrset.ts'
import type { CacheOptions } from './cache-options.ts'

/** What a reply is to a cache. `transient`: nothing to keep, but its TTLs have a cap like all others. */
export type ReplyKind = 'success' | 'denial' | 'failure' | 'transient'

/** How long a reply holds. 0: for the one who asked, and nobody else. */
export interface Lifetime {
  readonly kind: ReplyKind
  readonly ttlSeconds: number
}

/**
 * How long a reply may be kept. An answer: the lowest of its TTLs. A denial: no longer than the TTL and MINIMUM of its SOA
 * (RFC 2308 section 5), and not at all without one. Both within the bounds of the options; a TTL of 0 stays 0.
 */
export function lifetimeOf(reply: Reply, question: Question, options: CacheOptions): Lifetime {
  const kind = kindOf(reply, question)
  if (kind === 'failure') return { kind, ttlSeconds: options.failureTtlSeconds }
  const limits = kind === 'denial' ? options.denial : options.success
  const lowest = Math.min(lowestTtl(reply), kind === 'denial' ? soaMinimum(reply) : Infinity)
  if (lowest === 0) return { kind, ttlSeconds: 0 }
  return { kind, ttlSeconds: Math.min(Math.max(lowest, limits.minTtlSeconds), limits.maxTtlSeconds) }
}

function kindOf(reply: Reply, { qtype }: Question): ReplyKind {
  const { rcode, answer, authority } = reply
  if (rcode === Rcode.SERVFAIL || rcode === Rcode.NOTIMP) return 'failure'
  const hasSoa = authority.some((rrset) => rrset.rrtype === RrType.SOA)
  if (rcode === Rcode.NXDOMAIN) return hasSoa ? 'denial' : 'transient'
  if (rcode !== Rcode.NOERROR) return 'transient'
  if (answer.some((rrset) => rrset.rrtype === qtype || qtype === RrType.ANY)) return 'success'
  if (hasSoa) return 'denial'
  // A referral, or an answer beside the answer section; a chain without its end is none.
  return answer.length === 0 && sections(reply).some((rrsets) => rrsets.length > 0) ? 'success' : 'transient'
}

function lowestTtl(reply: Reply): number {
  let lowest = Infinity
  for (const rrsets of sections(reply))
    for (const { ttlSeconds } of rrsets) if (ttlSeconds < lowest) lowest = ttlSeconds
  return lowest
}

function soaMinimum({ authority }: Reply): number {
  const rdata = authority.find((rrset) => rrset.rrtype === RrType.SOA)?.rdatas[0]
  return rdata?.kind === 'SOA' ? rdata.minimum : Infinity
}

function sections({ answer, authority, additional }: Reply): readonly (readonly RRset[])[] {
  return [answer, authority, additional]
}
