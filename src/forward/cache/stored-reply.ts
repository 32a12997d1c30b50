import { extendedErrorOf, extendedErrorOption } from '../../wire/edns.ts'
import { Flag } from '../../wire/header.ts'
import { parseMessage } from '../../wire/message.ts'
import { MAX_MESSAGE_OCTETS, MessageWriter } from '../../wire/message-writer.ts'
import type { Section } from '../../wire/message-writer.ts'
import { lowerCase } from '../../wire/name.ts'
import type { DomainName } from '../../wire/name.ts'
import type { Rdata } from '../../wire/rdata.ts'
import type { ResourceRecord } from '../../wire/record.ts'
import type { Question, Reply } from '../../zone/responder.ts'
import type { RRset } from '../../zone/rrset.ts'

/**
 * Composes a reply as it is kept: as the octets of a message, instead of the many objects of a Reply, a character for each
 * octet. A string needs its octets and 16 more, a buffer of its own some 200 outside of the heap, where thousands of small pieces
 * keep the memory of all datagrams that came between them. The name asked stands in it in lower case. Undefined where it
 * is larger than a message can be.
 */
export function composeStoredReply(
  reply: Reply,
  { qtype, qclass }: Question,
  lowerName: DomainName,
): string | undefined {
  const flags = Flag.QR | (reply.authenticData === true ? Flag.AD : 0)
  writer.start(MAX_MESSAGE_OCTETS, { id: 0, flags, rcode: reply.rcode })
  writer.writeQuestion({ qname: lowerName, qtype, qclass })
  for (const section of SECTIONS) {
    writer.startSection(section)
    for (const { owner, rrtype, ttlSeconds, rdatas } of reply[section]) {
      const spelled = lowerCase(owner) === lowerName ? lowerName : owner
      for (const rdata of rdatas)
        if (!writer.writeRecord(spelled, rrtype, ttlSeconds, rdata)) return undefined
    }
  }
  if (reply.extendedError !== undefined) {
    const options = [extendedErrorOption(reply.extendedError)]
    if (!writer.writeOpt({ udpPayloadSize: 0, version: 0, dnssecOk: false, options })) return undefined
  }
  return textOf(writer.finish())
}

/**
 * The stored reply, for one who asks `qname`: records at that name are spelled as the asker did. Never
 * authoritative. All TTLs are `ttlSeconds`.
 */
export function parseStoredReply(
  message: string,
  question: Question,
  lowerName: DomainName,
  ttlSeconds: number,
): Reply {
  const parsed = parseMessage(octetsOf(message))
  if (!parsed.ok) throw new Error(`a reply that was kept is malformed in its ${parsed.where}`)
  const { rcode, authenticData, answer, authority, additional, opt } = parsed.message
  const extendedError = opt === undefined ? undefined : extendedErrorOf(opt)
  const toRRsets = (records: readonly ResourceRecord[]): readonly RRset[] =>
    groupRecords(records, { lowerName, qname: question.qname, ttlSeconds })
  return {
    rcode,
    authoritativeAnswer: false,
    authenticData,
    answer: toRRsets(answer),
    authority: toRRsets(authority),
    additional: toRRsets(additional),
    ...(extendedError === undefined ? {} : { extendedError }),
  }
}

function textOf({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString('latin1')
}

/** Anew for each who asks: parts of them go into the reply. */
function octetsOf(text: string): Uint8Array {
  const { buffer, byteOffset, length } = Buffer.from(text, 'latin1')
  return new Uint8Array(buffer, byteOffset, length)
}

const writer = new MessageWriter()
const SECTIONS: readonly Section[] = ['answer', 'authority', 'additional']

interface Spelling {
  readonly lowerName: DomainName
  readonly qname: DomainName
  readonly ttlSeconds: number
}

/** Records that stand one behind another and have owner and type in common were written from one RRset. */
function groupRecords(records: readonly ResourceRecord[], spelling: Spelling): readonly RRset[] {
  const rrsets: RRset[] = []
  let rdatas: Rdata[] = []
  let last: ResourceRecord | undefined
  for (const record of records) {
    if (last !== undefined && record.rrtype === last.rrtype && record.owner === last.owner) {
      rdatas.push(record.rdata)
      continue
    }
    last = record
    rdatas = [record.rdata]
    const owner = record.owner === spelling.lowerName ? spelling.qname : record.owner
    rrsets.push({ owner, rrtype: record.rrtype, ttlSeconds: spelling.ttlSeconds, rdatas })
  }
  return rrsets
}
