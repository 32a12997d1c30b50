import type { DomainName } from '../wire/name.ts'
import type { Rdata } from '../wire/rdata.ts'

/** All records of one owner and type (RFC 2181 section 5), of the class that was asked for: IN, save for the directive `chaos`. */
export interface RRset {
  readonly owner: DomainName
  readonly rrtype: number
  readonly ttlSeconds: number
  readonly rdatas: readonly Rdata[]
}
