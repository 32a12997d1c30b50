import { parseOpt } from './edns.ts'
import { Flag, opcodeOf, parseHeader } from './header.ts'
import { OctetReader } from './octets.ts'
import { ROOT } from './name.ts'
import { parseQuestion } from './question.ts'
import { parseRecordBody, parseRecordHead } from './record.ts'
import { RrType } from './rrtype.ts'
import type { OptRecord } from './edns.ts'
import type { Header } from './header.ts'
import type { Question } from './question.ts'
import type { ResourceRecord } from './record.ts'

/** A DNS message (RFC 1035 section 4) as plain values. Its OPT record stands beside the additional section. */
export interface Message {
  readonly id: number
  /** QR: false for a query. */
  readonly response: boolean
  readonly opcode: number
  readonly authoritativeAnswer: boolean
  readonly truncated: boolean
  readonly recursionDesired: boolean
  readonly recursionAvailable: boolean
  readonly authenticData: boolean
  readonly checkingDisabled: boolean
  /** All 12 bits, the OPT record's upper ones included (RFC 6891 6.1.3). */
  readonly rcode: number
  readonly questions: readonly Question[]
  readonly answer: readonly ResourceRecord[]
  readonly authority: readonly ResourceRecord[]
  readonly additional: readonly ResourceRecord[]
  readonly opt: OptRecord | undefined
}

export type ParsedMessage =
  | { readonly ok: true; readonly message: Message }
  /** Malformed at `where`. `message` is what could be read before that; undefined below 12 octets. */
  | { readonly ok: false; readonly where: string; readonly message: Message | undefined }

/**
 * Parses a message. Never throws, and takes time in proportion to the octets, whatever the counts in the header claim.
 * Octets after the last record are ignored. An OPT record counts once, in the additional section, owned by the root;
 * anything else is malformed (RFC 6891 6.1.1).
 */
export function parseMessage(octets: Uint8Array): ParsedMessage {
  const header = parseHeader(octets)
  if (header === undefined) return { ok: false, where: 'header', message: undefined }
  const reader = new OctetReader(octets, 12)
  const parts: Parts = {
    questions: [],
    answer: [],
    authority: [],
    additional: [],
    opt: undefined,
    optRcode: 0,
  }
  const where = parseSections(reader, header, parts)
  const message = messageOf(header, parts)
  return where === undefined ? { ok: true, message } : { ok: false, where, message }
}

/** The sections as far as they have been read. */
interface Parts {
  readonly questions: Question[]
  readonly answer: ResourceRecord[]
  readonly authority: ResourceRecord[]
  readonly additional: ResourceRecord[]
  opt: OptRecord | undefined
  /** The OPT record's upper 8 bits of the RCODE, in place. */
  optRcode: number
}

/** Fills `parts` and returns the section that is malformed, if one is. */
function parseSections(reader: OctetReader, header: Header, parts: Parts): string | undefined {
  for (let index = 0; index < header.questionCount; index++) {
    const question = parseQuestion(reader)
    if (question === undefined) return 'question'
    parts.questions.push(question)
  }
  if (!parseRecords(reader, header.answerCount, parts.answer)) return 'answer'
  if (!parseRecords(reader, header.authorityCount, parts.authority)) return 'authority'
  return parseRecords(reader, header.additionalCount, parts.additional, parts) ? undefined : 'additional'
}

/** Parses `count` records onto `records`; an OPT record goes into `parts`, and is malformed where there are none. */
function parseRecords(reader: OctetReader, count: number, records: ResourceRecord[], parts?: Parts): boolean {
  for (let index = 0; index < count; index++) {
    const head = parseRecordHead(reader)
    if (head === undefined) return false
    if (head.rrtype === RrType.OPT) {
      if (parts === undefined || parts.opt !== undefined || head.owner !== ROOT) return false
      parts.opt = parseOpt(reader, head)
      parts.optRcode = (head.ttl >>> 24) << 4
      if (parts.opt === undefined) return false
      continue
    }
    const record = parseRecordBody(reader, head)
    if (record === undefined) return false
    records.push(record)
  }
  return true
}

function messageOf({ id, flags }: Header, parts: Parts): Message {
  return {
    id,
    response: (flags & Flag.QR) !== 0,
    opcode: opcodeOf(flags),
    authoritativeAnswer: (flags & Flag.AA) !== 0,
    truncated: (flags & Flag.TC) !== 0,
    recursionDesired: (flags & Flag.RD) !== 0,
    recursionAvailable: (flags & Flag.RA) !== 0,
    authenticData: (flags & Flag.AD) !== 0,
    checkingDisabled: (flags & Flag.CD) !== 0,
    rcode: parts.optRcode | (flags & 0x0f),
    questions: parts.questions,
    answer: parts.answer,
    authority: parts.authority,
    additional: parts.additional,
    opt: parts.opt,
  }
}
