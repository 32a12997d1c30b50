import { parseName } from './name-wire.ts'
import { parseRdata } from './rdata.ts'
import type { DomainName } from './name.ts'
import type { OctetReader } from './octets.ts'
import type { Rdata } from './rdata.ts'

/** One resource record (RFC 1035 4.1.3). */
export interface ResourceRecord {
  readonly owner: DomainName
  readonly rrtype: number
  readonly rrclass: number
  /** 0 to 2^31-1 (RFC 2181 section 8). */
  readonly ttlSeconds: number
  readonly rdata: Rdata
}

/** A record up to its rdata, as it stands in the message: OPT gives `rrclass` and `ttl` meanings of its own. */
export interface RecordHead {
  readonly owner: DomainName
  readonly rrtype: number
  readonly rrclass: number
  readonly ttl: number
  /** Octets of rdata: they are known to be there. */
  readonly size: number
}

/** A TTL with its highest bit set is a very large one (RFC 8767 section 4, in place of RFC 2181 section 8, where it was 0). */
const MAX_TTL_SECONDS = 0x7fff_ffff

/** Parses `name, type (2), class (2), TTL (4), RDLENGTH (2)`; undefined when malformed or the rdata is cut off. */
export function parseRecordHead(reader: OctetReader): RecordHead | undefined {
  const owner = parseName(reader)
  if (owner === undefined) return undefined
  const rrtype = reader.uint16()
  const rrclass = reader.uint16()
  const ttl = reader.uint32()
  const size = reader.uint16()
  if (reader.overrun || reader.offset + size > reader.end) return undefined
  return { owner, rrtype, rrclass, ttl, size }
}

/** Parses the rdata that follows `head` and gives the record; undefined when malformed. */
export function parseRecordBody(reader: OctetReader, head: RecordHead): ResourceRecord | undefined {
  const rdata = parseRdata(reader, head)
  if (rdata === undefined) return undefined
  const { owner, rrtype, rrclass } = head
  return { owner, rrtype, rrclass, ttlSeconds: Math.min(head.ttl, MAX_TTL_SECONDS), rdata }
}
