import { parseName } from './name-wire.ts'
import type { DomainName } from './name.ts'
import type { OctetReader } from './octets.ts'

/** What is asked (RFC 1035 4.1.2). `qname` keeps the letter case it was asked in. */
export interface Question {
  readonly qname: DomainName
  readonly qtype: number
  readonly qclass: number
}

/** Parses `name, type (2), class (2)` at the reader's offset; undefined when malformed. */
export function parseQuestion(reader: OctetReader): Question | undefined {
  const qname = parseName(reader)
  if (qname === undefined) return undefined
  const qtype = reader.uint16()
  const qclass = reader.uint16()
  return reader.overrun ? undefined : { qname, qtype, qclass }
}
