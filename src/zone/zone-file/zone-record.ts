import type { Position } from '../../config/corefile.ts'
import type { DomainName } from '../../wire/name.ts'
import type { Rdata } from '../../wire/rdata.ts'

/** One record of a zone file, class IN. */
export interface ZoneRecord {
  /** In the letter case of the file. */
  readonly owner: DomainName
  readonly rrtype: number
  /** 0 to 2^31-1 (RFC 2181 section 8). */
  readonly ttlSeconds: number
  readonly rdata: Rdata
  readonly position: Position
}
