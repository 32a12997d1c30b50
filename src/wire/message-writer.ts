import { OPT_OCTETS, composeExtendedError, composeOptions, optSizeOctets, optTtlField } from './edns.ts'
import { Flag, HEADER_OCTETS } from './header.ts'
import { MAX_NAME_OCTETS, ROOT, countOctets } from './name.ts'
import { MAX_POINTER_TARGET, NameCompressor } from './name-compressor.ts'
import { POINTER, composeName } from './name-wire.ts'
import { readUint16, writeUint16, writeUint32 } from './octets.ts'
import { composePrefix, suffixStart } from './name-suffix.ts'
import { MAX_BOUNDED_RDATA_OCTETS, composeRdata, composeSoaNumbers, unboundedSizeOctets } from './rdata.ts'
import { RrClass } from './rrclass.ts'
import { RrType } from './rrtype.ts'
import type { OptRecord } from './edns.ts'
import type { ExtendedError } from './extended-error.ts'
import type { DomainName } from './name.ts'
import type { Question } from './question.ts'
import type { Rdata } from './rdata.ts'

/** Where a record stands, and what its fixed fields say. */
interface RecordFields {
  /** Offset behind the owner, and behind the rdata. */
  readonly head: number
  readonly end: number
  readonly rrtype: number
  readonly rrclass: number
  readonly ttlSeconds: number
}

export type Section = 'answer' | 'authority' | 'additional'

/** The most a DNS message can be: its length travels in 16 bits over TCP (RFC 1035 4.2.2). */
export const MAX_MESSAGE_OCTETS = 0xffff

/** Type, class, TTL and RDLENGTH. */
const RECORD_FIELDS_OCTETS = 10

/** What one record may take beyond the limit before it is found not to fit. */
const SLACK_OCTETS = MAX_NAME_OCTETS + RECORD_FIELDS_OCTETS + MAX_BOUNDED_RDATA_OCTETS

/** Offsets of the counts in the header. */
const QUESTION_COUNT_AT = 4
const ANSWER_COUNT_AT = 6
const AUTHORITY_COUNT_AT = 8
const ADDITIONAL_COUNT_AT = 10

/**
 * Writes messages, one after another, into one buffer of its own. Names are compressed in linear time onto octet-identical
 * suffixes, so letter case is kept. A record that does not fit is not written at all. Nothing is allocated per message.
 *
 *     const writer = new MessageWriter()
 *     writer.start(1232, { id, flags: Flag.QR | Flag.AA | Flag.RD, rcode: Rcode.NOERROR })
 *     writer.reserve(optSizeOctets(opt.options))
 *     writer.writeQuestion(question)
 *     writer.startSection('answer')
 *     if (!writer.writeRecord(question.qname, RrType.A, 30, { kind: 'A', address })) writer.setTruncated()
 *     writer.startSection('additional')
 *     writer.writeOpt(opt)
 *     socket.send(writer.finish())
 *
 * Sections come in the order of the message. `finish` gives a view of the buffer: it holds until the next `start`, so a
 * transport that keeps octets for later must copy them.
 */
export class MessageWriter {
  private readonly octets = new Uint8Array(MAX_MESSAGE_OCTETS + SLACK_OCTETS)
  /** The same octets, for text in UTF-8. */
  private readonly buffer = Buffer.from(this.octets.buffer)
  private readonly compressor = new NameCompressor(this.octets)
  private offset = HEADER_OCTETS
  /** Where the message must end. */
  private limit = 0
  /** Where records other than OPT must end. */
  private recordLimit = 0
  private rcode = 0
  /** Offset of the header's count of the section being written. */
  private countAt = ANSWER_COUNT_AT
  private qname: DomainName = ROOT
  /** Whether the compressor knows the labels of `qname`: it is told when the first other name is written. */
  private isQnameLearnt = true
  private lastOwner: DomainName = ROOT
  private lastOwnerAt = 0

  /**
   * Begins a message of at most `limitOctets`. `flags` is the header's second word without the RCODE; of an RCODE above
   * 15 the upper bits go into the OPT record (RFC 6891 6.1.3).
   */
  start(
    limitOctets: number,
    header: { readonly id: number; readonly flags: number; readonly rcode: number },
  ): void {
    this.compressor.forget()
    this.octets.fill(0, 0, HEADER_OCTETS)
    writeUint16(this.octets, 0, header.id)
    writeUint16(this.octets, 2, (header.flags & 0xfff0) | (header.rcode & 0x0f))
    this.rcode = header.rcode
    this.offset = HEADER_OCTETS
    this.limit = this.recordLimit = Math.min(limitOctets, MAX_MESSAGE_OCTETS)
    this.countAt = ANSWER_COUNT_AT
    this.qname = this.lastOwner = ROOT
    this.isQnameLearnt = true
  }

  /** Octets written so far. */
  get sizeOctets(): number {
    return this.offset
  }

  /** Keeps `octets` free at the end of the message, for the OPT record. */
  reserve(octets: number): void {
    this.recordLimit = this.limit - octets
  }

  /** Writes the question as asked, letter case included; false where even that does not fit. */
  writeQuestion(question: Question): boolean {
    const at = this.offset
    if (at + countOctets(question.qname) + 4 > this.limit) return false
    const end = composeName(question.qname, this.octets, at)
    writeUint16(this.octets, end, question.qtype)
    writeUint16(this.octets, end + 2, question.qclass)
    this.offset = end + 4
    this.increment(QUESTION_COUNT_AT)
    if (at === HEADER_OCTETS) {
      this.qname = question.qname
      this.isQnameLearnt = false
    }
    return true
  }

  /** The records that follow belong to `section`. */
  startSection(section: Section): void {
    this.countAt =
      section === 'answer'
        ? ANSWER_COUNT_AT
        : section === 'authority'
          ? AUTHORITY_COUNT_AT
          : ADDITIONAL_COUNT_AT
  }

  /** Writes one record whole, or leaves the message as it was and returns false when it would exceed the limit. */
  writeRecord(
    owner: DomainName,
    rrtype: number,
    ttlSeconds: number,
    rdata: Rdata,
    rrclass: number = RrClass.IN,
  ): boolean {
    const start = this.offset
    if (start + unboundedSizeOctets(rdata) > this.recordLimit) return false
    if (rdata.kind === 'SOA' && !this.isQnameLearnt) {
      const end = this.composeSoa(owner, rdata)
      if (end !== 0) return this.finishRecord({ head: start + 2, end, rrtype, rrclass, ttlSeconds })
    }
    const isOwnerKnown = owner === this.qname || owner === this.lastOwner
    if (!isOwnerKnown || !HAS_NO_NAME.has(rdata.kind)) this.learnQname()
    const mark = this.compressor.mark
    const head = isOwnerKnown ? this.writeKnownOwner(owner) : this.compressor.write(owner, start)
    const end = composeRdata(rdata, this.octets, head + RECORD_FIELDS_OCTETS, this.compressor)
    if (end > this.recordLimit) {
      this.compressor.forget(mark)
      return false
    }
    if (!isOwnerKnown) this.rememberOwner(owner, start)
    return this.finishRecord({ head, end, rrtype, rrclass, ttlSeconds })
  }

  /**
   * The SOA of a negative reply, whose names all end in the zone that the question's name ends in: without the compressor,
   * which would learn every label first (0.25 µs in place of 0.7, Node 24.21). 0 where it is otherwise, or does not fit.
   */
  private composeSoa(owner: DomainName, soa: Extract<Rdata, { kind: 'SOA' }>): number {
    const ownerStart = suffixStart(this.qname, owner)
    const mnameStart = suffixStart(soa.mname, owner)
    const rnameStart = suffixStart(soa.rname, owner)
    if (ownerStart === -1 || mnameStart === -1 || rnameStart === -1) return 0
    const { octets, offset } = this
    const target = HEADER_OCTETS + ownerStart
    writeUint16(octets, offset, POINTER | target)
    const mnameAt = offset + 2 + RECORD_FIELDS_OCTETS
    const rnameAt = composePrefix(soa.mname, mnameStart, { target, octets, offset: mnameAt })
    const numbersAt = composePrefix(soa.rname, rnameStart, { target, octets, offset: rnameAt })
    const end = composeSoaNumbers(soa, octets, numbersAt)
    return end > this.recordLimit ? 0 : end
  }

  /** Fills in the fields before the rdata, and counts the record. */
  private finishRecord({ head, end, rrtype, rrclass, ttlSeconds }: RecordFields): true {
    writeUint16(this.octets, head, rrtype)
    writeUint16(this.octets, head + 2, rrclass)
    writeUint32(this.octets, head + 4, ttlSeconds)
    writeUint16(this.octets, head + 8, end - head - RECORD_FIELDS_OCTETS)
    this.offset = end
    this.increment(this.countAt)
    return true
  }

  /**
   * Writes the OPT record into the additional section, an Extended DNS Error (RFC 8914) after its other options; leaves the
   * message as it was and returns false when it would exceed the limit.
   */
  writeOpt(opt: OptRecord, extendedError?: ExtendedError): boolean {
    const at = this.offset
    let end = at + optSizeOctets(opt.options)
    if (end > this.limit) return false
    composeOptions(opt.options, this.octets, at + OPT_OCTETS)
    if (extendedError !== undefined) {
      end = composeExtendedError(extendedError, { octets: this.buffer, offset: end, limit: this.limit })
      if (end > this.limit) return false
    }
    this.octets[at] = 0
    writeUint16(this.octets, at + 1, RrType.OPT)
    writeUint16(this.octets, at + 3, opt.udpPayloadSize)
    writeUint32(this.octets, at + 5, optTtlField(opt, this.rcode))
    writeUint16(this.octets, at + 9, end - at - OPT_OCTETS)
    this.offset = end
    this.increment(ADDITIONAL_COUNT_AT)
    return true
  }

  /** Sets TC: something that belongs into answer or authority was left out (RFC 2181 section 9). */
  setTruncated(): void {
    writeUint16(this.octets, 2, readUint16(this.octets, 2) | Flag.TC)
  }

  /** The message: a view that holds until the next `start`. */
  finish(): Uint8Array {
    return this.octets.subarray(0, this.offset)
  }

  /** Most records have the question's name or the owner of the record before: no search for those. */
  private writeKnownOwner(owner: DomainName): number {
    if (owner === ROOT) return composeName(owner, this.octets, this.offset)
    const target = owner === this.qname ? HEADER_OCTETS : this.lastOwnerAt
    writeUint16(this.octets, this.offset, POINTER | target)
    return this.offset + 2
  }

  private rememberOwner(owner: DomainName, start: number): void {
    const first = readUint16(this.octets, start)
    const target = first >= POINTER ? first - POINTER : start
    if (target > MAX_POINTER_TARGET) return
    this.lastOwner = owner
    this.lastOwnerAt = target
  }

  private learnQname(): void {
    if (this.isQnameLearnt) return
    this.isQnameLearnt = true
    this.compressor.write(this.qname, HEADER_OCTETS, false)
  }

  private increment(countAt: number): void {
    writeUint16(this.octets, countAt, readUint16(this.octets, countAt) + 1)
  }
}

/** Types whose rdata never touches the compressor. */
const HAS_NO_NAME: ReadonlySet<Rdata['kind']> = new Set<Rdata['kind']>([
  'A',
  'AAAA',
  'TXT',
  'HINFO',
  'OPAQUE',
  'NAPTR',
  'DNAME',
  'DS',
  'SSHFP',
  'TLSA',
  'SVCB',
  'HTTPS',
  'CAA',
])
