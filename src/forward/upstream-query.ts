import { optSizeOctets } from '../wire/edns.ts'
import type { OptRecord } from '../wire/edns.ts'
import { Flag } from '../wire/header.ts'
import { MAX_MESSAGE_OCTETS, MessageWriter } from '../wire/message-writer.ts'
import { Rcode } from '../wire/rcode.ts'
import type { QueryOptions, Question } from '../zone/responder.ts'

/** What an upstream is told of a client's query: queries that agree in all of it may share one reply. */
export interface UpstreamQuery {
  readonly question: Question
  readonly recursionDesired: boolean
  readonly checkingDisabled: boolean
  readonly dnssecOk: boolean
  /** Those that directives set go upstream (`rewrite edns0`). */
  readonly options?: QueryOptions
}

/** Replies up to this size cross every network unfragmented (DNS flag day 2020), and fragments can be forged. */
const UDP_PAYLOAD_SIZE_OCTETS = 1232

/**
 * Composes the query for an upstream. RD, CD and DO are the client's. AD is always set, which asks for AD in
 * the reply (RFC 6840 section 5.7): the reply may be for several clients. The OPT record is our own, with our size and
 * no options but those that directives set: the client's are between it and us (RFC 6891 section 6.2.6). Without EDNS there
 * is no DO.
 */
export function composeUpstreamQuery(query: UpstreamQuery, id: number, withEdns: boolean): Uint8Array {
  const flags = Flag.AD | (query.recursionDesired ? Flag.RD : 0) | (query.checkingDisabled ? Flag.CD : 0)
  writer.start(MAX_MESSAGE_OCTETS, { id, flags, rcode: Rcode.NOERROR })
  writer.writeQuestion(query.question)
  if (withEdns) {
    const opt: OptRecord = {
      udpPayloadSize: UDP_PAYLOAD_SIZE_OCTETS,
      version: 0,
      dnssecOk: query.dnssecOk,
      options: query.options?.forUpstream ?? [],
    }
    writer.reserve(optSizeOctets(opt.options))
    writer.startSection('additional')
    writer.writeOpt(opt)
  }
  // A copy: the writer's buffer is used again while this query waits for its socket.
  return writer.finish().slice()
}

const writer = new MessageWriter()
