import { readUint16 } from './octets.ts'
import { Opcode } from './opcode.ts'
import { Rcode } from './rcode.ts'

/** Octets in the header (RFC 1035 4.1.1). */
export const HEADER_OCTETS = 12

/** Bits of the second 16-bit word of the header (RFC 1035 4.1.1, RFC 4035 for AD and CD). */
export const Flag = {
  QR: 0x8000,
  AA: 0x0400,
  TC: 0x0200,
  RD: 0x0100,
  RA: 0x0080,
  AD: 0x0020,
  CD: 0x0010,
} as const

/**
 * The header of a message (RFC 1035 4.1.1): id, flags, and how many entries each section claims to have. The counts are
 * claims of the sender; nothing may be sized by them.
 */
export interface Header {
  readonly id: number
  /** The whole second word: QR, opcode, AA, TC, RD, RA, Z, AD, CD, RCODE. */
  readonly flags: number
  readonly questionCount: number
  readonly answerCount: number
  readonly authorityCount: number
  readonly additionalCount: number
}

/** What to do with a message that came to a server, as far as its header tells. */
export type Acceptance =
  | { readonly action: 'answer' }
  | { readonly action: 'reject'; readonly rcode: number }
  | { readonly action: 'ignore' }

/** The header of a message; undefined when it is shorter than 12 octets. */
export function parseHeader(octets: Uint8Array): Header | undefined {
  if (octets.length < HEADER_OCTETS) return undefined
  return {
    id: readUint16(octets, 0),
    flags: readUint16(octets, 2),
    questionCount: readUint16(octets, 4),
    answerCount: readUint16(octets, 6),
    authorityCount: readUint16(octets, 8),
    additionalCount: readUint16(octets, 10),
  }
}

/**
 * Decides from the header alone whether a query is answered. A response is never answered, whatever it holds, so that
 * two servers cannot be made to talk to each other. Opcodes: differences.md 22. One question only (RFC 9619 section 4);
 * a query has at most one record in answer (NOTIFY's SOA), one in authority (IXFR's SOA), and two in additional (OPT
 * and TSIG).
 */
export function accept(header: Header): Acceptance {
  if ((header.flags & Flag.QR) !== 0) return IGNORE
  const opcode = opcodeOf(header.flags)
  if (opcode === Opcode.NOTIFY) return REFUSED
  if (opcode !== Opcode.QUERY) return NOTIMP
  if (header.questionCount !== 1) return FORMERR
  if (header.answerCount > 1 || header.authorityCount > 1 || header.additionalCount > 2) return FORMERR
  return ANSWER
}

export function opcodeOf(flags: number): number {
  return (flags >>> 11) & 0x0f
}

const ANSWER: Acceptance = { action: 'answer' }
const IGNORE: Acceptance = { action: 'ignore' }
const FORMERR: Acceptance = { action: 'reject', rcode: Rcode.FORMERR }
const NOTIMP: Acceptance = { action: 'reject', rcode: Rcode.NOTIMP }
const REFUSED: Acceptance = { action: 'reject', rcode: Rcode.REFUSED }
