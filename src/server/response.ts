import { MIN_UDP_PAYLOAD_OCTETS, NSID, optSizeOctets } from '../wire/edns.ts'
import type { EdnsOption } from '../wire/edns.ts'
import { ExtendedErrorCode } from '../wire/extended-error.ts'
import type { ExtendedError } from '../wire/extended-error.ts'
import { Flag } from '../wire/header.ts'
import { MAX_MESSAGE_OCTETS } from '../wire/message-writer.ts'
import type { MessageWriter } from '../wire/message-writer.ts'
import { readUint16 } from '../wire/octets.ts'
import type { RejectedQuery } from '../wire/query.ts'
import { Rcode } from '../wire/rcode.ts'
import type { Question, Reply, Sent } from '../zone/responder.ts'
import type { RRset } from '../zone/rrset.ts'
import type { QueryOrigin } from './query.ts'
import type { BlockPlan } from './serving-plan.ts'

/** What of a server block shows in every reply. */
export type BlockTraits = Pick<BlockPlan, 'recursionAvailable' | 'udpPayloadSizeOctets' | 'explain' | 'nsid'>

/** UDP octets that arrive unfragmented nearly everywhere (RFC 9715, DNS Flag Day 2020). */
const DEFAULT_UDP_PAYLOAD_OCTETS = 1232

/** What shows in replies to names that no server block holds. */
export const NO_BLOCK_TRAITS: BlockTraits = {
  recursionAvailable: false,
  udpPayloadSizeOctets: DEFAULT_UDP_PAYLOAD_OCTETS,
  explain: 'full',
}

/** An Extended DNS Error without its text: option code, length, info-code (RFC 8914 section 2). */
const BARE_EXTENDED_ERROR_OCTETS = 6
const OPCODE_SHIFT = 11
/** Why a message was refused, where the parser does not say it better. */
const REASON_OF: ReadonlyMap<number, ExtendedError> = new Map([
  [Rcode.FORMERR, { code: ExtendedErrorCode.OTHER, text: 'the query is malformed' }],
  [Rcode.NOTIMP, { code: ExtendedErrorCode.NOT_SUPPORTED, text: 'only the opcode QUERY is served' }],
  [Rcode.REFUSED, { code: ExtendedErrorCode.NOT_SUPPORTED, text: 'this server takes no notifications' }],
  [Rcode.BADVERS, { code: ExtendedErrorCode.NOT_SUPPORTED, text: 'only EDNS version 0 is spoken' }],
])
const NO_OPTIONS: readonly EdnsOption[] = []

/**
 * Composes the message that answers a query. Where it does not fit: the text of the Extended DNS Error goes first, then
 * additional records, then, with TC set, records from the end of authority and answer, always whole ones. The octets are
 * the writer's own: they hold until it starts the next message.
 */
export function composeResponse(
  writer: MessageWriter,
  asked: { readonly origin: QueryOrigin; readonly question: Question },
  reply: Reply,
  traits: BlockTraits,
): Uint8Array {
  const { origin, question } = asked
  const hasOpt = origin.udpPayloadSize !== undefined
  const extendedError = hasOpt && traits.explain !== 'off' ? reply.extendedError : undefined
  // The upper bits of an RCODE travel in the OPT record. Without one they would be lost and 16 read as NOERROR.
  const rcode = reply.rcode > 0x0f && !hasOpt ? Rcode.SERVFAIL : reply.rcode
  const isBare = isErrorWithoutAnswer(reply)
  const options = origin.asksForNsid && traits.nsid ? [{ code: NSID, data: traits.nsid }] : NO_OPTIONS
  const optOctets = hasOpt ? optSizeOctets(options) : 0

  writer.start(limitOctets(origin, traits), {
    id: origin.id,
    flags: composeFlags(origin, reply, traits, isBare),
    rcode,
  })
  writer.writeQuestion(question)
  writer.reserve(optOctets)
  const codeOctets = extendedError === undefined ? 0 : BARE_EXTENDED_ERROR_OCTETS
  if (!isBare) writeSections(writer, reply, question.qclass, optOctets + codeOctets)
  if (hasOpt) writeOpt(writer, traits, { dnssecOk: origin.dnssecOk, options, extendedError })
  return writer.finish()
}

/** Composes the reply to a message that is refused as it stands (differences.md 22). It fits any client. */
export function composeRejection(
  writer: MessageWriter,
  rejected: RejectedQuery,
  traits: BlockTraits,
): Uint8Array {
  const { id, opcode, rcode, question, opt } = rejected
  let flags = Flag.QR | (opcode << OPCODE_SHIFT)
  if (rejected.recursionDesired) flags |= Flag.RD
  if (traits.recursionAvailable) flags |= Flag.RA
  if (rejected.checkingDisabled) flags |= Flag.CD
  writer.start(MIN_UDP_PAYLOAD_OCTETS, { id, flags, rcode })
  if (question !== undefined) writer.writeQuestion(question)
  if (opt !== undefined) {
    const extendedError =
      traits.explain === 'off' ? undefined : (rejected.extendedError ?? REASON_OF.get(rcode))
    writeOpt(writer, traits, { dnssecOk: opt.dnssecOk, options: NO_OPTIONS, extendedError })
  }
  return writer.finish()
}

/** What the octets of a reply say of it. */
export function sentFromOctets(octets: Uint8Array, rcode: number): Sent {
  const flags = readUint16(octets, 2)
  return {
    rcode,
    sizeOctets: octets.length,
    authoritativeAnswer: (flags & Flag.AA) !== 0,
    truncated: (flags & Flag.TC) !== 0,
    recursionAvailable: (flags & Flag.RA) !== 0,
    authenticData: (flags & Flag.AD) !== 0,
  }
}

function limitOctets(origin: QueryOrigin, traits: BlockTraits): number {
  if (origin.client.transport === 'tcp') return MAX_MESSAGE_OCTETS
  return Math.min(origin.udpPayloadSize ?? MIN_UDP_PAYLOAD_OCTETS, traits.udpPayloadSizeOctets)
}

/** An error reply has empty sections (differences.md 22), unless it tells how far a chain of names went. */
function isErrorWithoutAnswer(reply: Reply): boolean {
  return reply.rcode !== Rcode.NOERROR && reply.rcode !== Rcode.NXDOMAIN && reply.answer.length === 0
}

/** AD is for clients that asked to be told (RFC 6840 5.8), and never said of our own data (differences.md 18). */
function composeFlags(origin: QueryOrigin, reply: Reply, traits: BlockTraits, isBare: boolean): number {
  const isAuthoritative = reply.authoritativeAnswer && !isBare
  const wantsAd = origin.authenticData || origin.dnssecOk
  let flags: number = Flag.QR
  if (isAuthoritative) flags |= Flag.AA
  if (reply.recursionDesired ?? origin.recursionDesired) flags |= Flag.RD
  if (reply.recursionAvailable ?? traits.recursionAvailable) flags |= Flag.RA
  if (wantsAd && reply.authenticData === true && !isAuthoritative && !isBare) flags |= Flag.AD
  if (origin.checkingDisabled) flags |= Flag.CD
  return flags
}

/** Additional records leave `optOctets` free; the others, what has been reserved before. */
function writeSections(writer: MessageWriter, reply: Reply, rrclass: number, optOctets: number): void {
  writer.startSection('answer')
  let fits = writeRRsets(writer, reply.answer, rrclass)
  writer.startSection('authority')
  fits = fits && writeRRsets(writer, reply.authority, rrclass)
  writer.startSection('additional')
  if (!fits) {
    writer.setTruncated()
    return
  }
  writer.reserve(optOctets)
  writeRRsets(writer, reply.additional, rrclass)
}

/** Writes records in order up to the first that does not fit; false where there was one. */
function writeRRsets(writer: MessageWriter, rrsets: readonly RRset[], rrclass: number): boolean {
  for (const { owner, rrtype, ttlSeconds, rdatas } of rrsets) {
    for (const rdata of rdatas)
      if (!writer.writeRecord(owner, rrtype, ttlSeconds, rdata, rrclass)) return false
  }
  return true
}

/** Our own OPT record (RFC 6891 6.1.1, 6.2.5): with the explanation, else its code alone, else without. */
function writeOpt(
  writer: MessageWriter,
  traits: BlockTraits,
  {
    dnssecOk,
    options,
    extendedError,
  }: {
    readonly dnssecOk: boolean
    readonly options: readonly EdnsOption[]
    readonly extendedError: ExtendedError | undefined
  },
): void {
  const opt = { udpPayloadSize: traits.udpPayloadSizeOctets, version: 0, dnssecOk, options }
  if (extendedError !== undefined) {
    if (traits.explain === 'full' && writer.writeOpt(opt, extendedError)) return
    if (writer.writeOpt(opt, { code: extendedError.code, text: '' })) return
  }
  writer.writeOpt(opt)
}
