import type { DomainName } from '../wire/name.ts'
import type { Rdata } from '../wire/rdata.ts'

/** All records of one owner and type (RFC 2181 section 5), class IN. */
export interface RRset {
  readonly owner: DomainName
  readonly rrtype: number
  readonly ttlSeconds: number
  readonly rdatas: readonly Rdata[]
}
