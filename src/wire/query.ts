import { parseOpt } from './edns.ts'
import { ExtendedErrorCode } from './extended-error.ts'
import { Flag, HEADER_OCTETS, accept, opcodeOf, parseHeader } from './header.ts'
import { ROOT, lowerCase } from './name.ts'
import { OctetReader } from './octets.ts'
import { Opcode } from './opcode.ts'
import { parseQuestion } from './question.ts'
import { Rcode } from './rcode.ts'
import { parseRecordHead } from './record.ts'
import { RrClass } from './rrclass.ts'
import { RrType, rrTypeToText } from './rrtype.ts'
import type { OptRecord } from './edns.ts'
import type { ExtendedError } from './extended-error.ts'
import type { Header } from './header.ts'
import type { DomainName } from './name.ts'
import type { Question } from './question.ts'

/** A query that can be answered. */
export interface AnswerableQuery {
  readonly ok: true
  readonly id: number
  readonly recursionDesired: boolean
  readonly checkingDisabled: boolean
  readonly authenticData: boolean
  readonly question: Question
  /** `question.qname` in lower case. */
  readonly lowerName: DomainName
  readonly opt: OptRecord | undefined
}

/** A query that is refused as it stands: everything that the error reply is made of (differences.md 22). */
export interface RejectedQuery {
  readonly ok: false
  readonly action: 'reply'
  readonly rcode: number
  readonly id: number
  readonly opcode: number
  /** False for other opcodes than QUERY, where RD means nothing. */
  readonly recursionDesired: boolean
  readonly checkingDisabled: boolean
  /** Echoed where it is present: never in a FORMERR or for another opcode. */
  readonly question: Question | undefined
  /** The OPT record where one could be read: the reply then carries ours. */
  readonly opt: OptRecord | undefined
  readonly extendedError: ExtendedError | undefined
}

/** Octets that get no reply at all: shorter than a header, or a response. */
export interface IgnoredQuery {
  readonly ok: false
  readonly action: 'ignore'
}

export type ParsedQuery = AnswerableQuery | RejectedQuery | IgnoredQuery

/** EDNS versions above this are BADVERS (RFC 6891 6.1.3). */
const EDNS_VERSION = 0

/**
 * Parses what came to a server's socket. Never throws and never gives more than one outcome; time is in proportion to
 * the octets. Records are checked for their outline and, OPT and TSIG, for their place; octets after the last one are
 * ignored. Option data are views of `octets`.
 */
export function parseQuery(octets: Uint8Array): ParsedQuery {
  const header = parseHeader(octets)
  if (header === undefined) return IGNORED
  const acceptance = accept(header)
  if (acceptance.action === 'ignore') return IGNORED
  const reader = new OctetReader(octets, HEADER_OCTETS)
  if (acceptance.action === 'reject') {
    return rejected(header, { rcode: acceptance.rcode, opt: findOpt(reader, header) })
  }
  const question = parseQuestion(reader)
  if (question === undefined) return rejected(header, { rcode: Rcode.FORMERR })
  const records = parseRecords(reader, header)
  if (!records.isWellFormed) return rejected(header, { rcode: Rcode.FORMERR, opt: records.opt })
  const { opt } = records
  if (opt !== undefined && opt.version > EDNS_VERSION) {
    return rejected(header, { rcode: Rcode.BADVERS, question, opt })
  }
  if (UNASKABLE_TYPES.has(question.qtype)) {
    const text = `type ${rrTypeToText(question.qtype)} cannot be asked for`
    const extendedError = { code: ExtendedErrorCode.NOT_SUPPORTED, text }
    return rejected(header, { rcode: Rcode.NOTIMP, question, opt, extendedError })
  }
  return {
    ok: true,
    id: header.id,
    recursionDesired: (header.flags & Flag.RD) !== 0,
    checkingDisabled: (header.flags & Flag.CD) !== 0,
    authenticData: (header.flags & Flag.AD) !== 0,
    question,
    lowerName: lowerCase(question.qname),
    opt,
  }
}

const IGNORED: IgnoredQuery = { ok: false, action: 'ignore' }

/**
 * Types that no record can have, or that ask for more than a record (RFC 6895 3.1; RFC 8906 section 7): 0, OPT, TKEY,
 * TSIG, MAILB, MAILA, 65535. AXFR, IXFR and ANY have meanings of their own.
 */
const UNASKABLE_TYPES: ReadonlySet<number> = new Set([0, RrType.OPT, 249, 250, 253, 254, 65535])
const TSIG = 250

interface QueryRecords {
  readonly isWellFormed: boolean
  readonly opt: OptRecord | undefined
}

const NO_RECORDS: QueryRecords = { isWellFormed: true, opt: undefined }

/** Reads the records behind the question; the header has been accepted, so there are four at most. */
function parseRecords(reader: OctetReader, header: Header): QueryRecords {
  const inFront = header.answerCount + header.authorityCount
  const count = inFront + header.additionalCount
  if (count === 0) return NO_RECORDS
  let opt: OptRecord | undefined
  for (let index = 0; index < count; index++) {
    const head = parseRecordHead(reader)
    if (head === undefined) return { isWellFormed: false, opt }
    if (head.rrtype === RrType.OPT) {
      // OPT stands once, in the additional section, owned by the root (RFC 6891 6.1.1, 6.1.2).
      if (index < inFront || opt !== undefined || head.owner !== ROOT) return { isWellFormed: false, opt }
      opt = parseOpt(reader, head)
      if (opt === undefined) return { isWellFormed: false, opt }
      continue
    }
    // TSIG is the last record and has class ANY (RFC 8945 section 5.2). We hold no keys, so a good one changes nothing.
    if (head.rrtype === TSIG && (index !== count - 1 || index < inFront || head.rrclass !== RrClass.ANY)) {
      return { isWellFormed: false, opt }
    }
    reader.advance(head.size)
  }
  return { isWellFormed: true, opt }
}

/** The OPT record of a message whose header was rejected already, if it can be found without trust in the rest. */
function findOpt(reader: OctetReader, header: Header): OptRecord | undefined {
  for (let index = 0; index < header.questionCount; index++) {
    if (parseQuestion(reader) === undefined) return undefined
  }
  const inFront = header.answerCount + header.authorityCount
  for (let index = 0; index < inFront + header.additionalCount; index++) {
    const head = parseRecordHead(reader)
    if (head === undefined) return undefined
    if (index >= inFront && head.rrtype === RrType.OPT && head.owner === ROOT) return parseOpt(reader, head)
    reader.advance(head.size)
  }
  return undefined
}

function rejected(
  header: Header,
  reply: {
    readonly rcode: number
    readonly question?: Question | undefined
    readonly opt?: OptRecord | undefined
    readonly extendedError?: ExtendedError | undefined
  },
): RejectedQuery {
  const opcode = opcodeOf(header.flags)
  return {
    ok: false,
    action: 'reply',
    rcode: reply.rcode,
    id: header.id,
    opcode,
    recursionDesired: opcode === Opcode.QUERY && (header.flags & Flag.RD) !== 0,
    checkingDisabled: opcode === Opcode.QUERY && (header.flags & Flag.CD) !== 0,
    question: reply.question,
    opt: reply.opt,
    extendedError: reply.extendedError,
  }
}
