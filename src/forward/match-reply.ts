import { Flag, HEADER_OCTETS, opcodeOf, parseHeader } from '../wire/header.ts'
import type { Header } from '../wire/header.ts'
import { Opcode } from '../wire/opcode.ts'
import { Rcode } from '../wire/rcode.ts'

/** QTYPE and QCLASS after the name in the question (RFC 1035 section 4.1.2). */
const TYPE_AND_CLASS_OCTETS = 4

/** Response codes a server may give without having understood the question. */
const BARE_RCODES: ReadonlySet<number> = new Set([Rcode.FORMERR, Rcode.NOTIMP, Rcode.SERVFAIL, Rcode.REFUSED])

export type ReplyMatch = 'no' | 'whole' | 'truncated'

/**
 * Whether `reply` is a reply to `query` (RFC 5452 section 9.1): the id, QR, the opcode and the question agree, letters in
 * either case. A reply without a question counts only where it holds no records and its RCODE is one that a server
 * gives to what it could not read. Source address and port are the connected socket's to check. `truncated`: TC is set.
 *
 * `query` is a message of our own: one question, uncompressed, right behind the header. The octets are compared before
 * anything is parsed, so a flood of guesses costs little, and a reply that was cut in the middle of a record still says
 * that it is truncated.
 */
export function matchReply(query: Uint8Array, reply: Uint8Array): ReplyMatch {
  const header = parseHeader(reply)
  if (header === undefined || reply[0] !== query[0] || reply[1] !== query[1]) return 'no'
  if ((header.flags & Flag.QR) === 0 || opcodeOf(header.flags) !== Opcode.QUERY) return 'no'
  if (header.questionCount === 0) return isBareRefusal(header) ? 'whole' : 'no'
  if (header.questionCount !== 1 || !sameQuestion(query, reply)) return 'no'
  return (header.flags & Flag.TC) === 0 ? 'whole' : 'truncated'
}

function isBareRefusal(header: Header): boolean {
  const records = header.answerCount + header.authorityCount + header.additionalCount
  return records === 0 && BARE_RCODES.has(header.flags & 0x0f)
}

function sameQuestion(query: Uint8Array, reply: Uint8Array): boolean {
  const nameEnd = endOfName(query)
  const end = nameEnd + TYPE_AND_CLASS_OCTETS
  if (reply.length < end) return false
  for (let index = HEADER_OCTETS; index < end; index++) {
    const asked = query[index] ?? 0
    const echoed = reply[index] ?? 0
    if (asked === echoed) continue
    if (index >= nameEnd || foldCase(asked) !== foldCase(echoed)) return false
  }
  return true
}

/** Where the uncompressed name behind the header ends. */
function endOfName(query: Uint8Array): number {
  let offset = HEADER_OCTETS
  for (let length = query[offset] ?? 0; length > 0; length = query[offset] ?? 0) offset += length + 1
  return offset + 1
}

/** Lower case of an ASCII letter (RFC 4343). Length octets stay as they are: they are below 64, letters are not. */
function foldCase(octet: number): number {
  return octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet
}
