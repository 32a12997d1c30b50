import type { Message } from '../../src/wire/message.ts'
import { parseMessage } from '../../src/wire/message.ts'
import { rdataToText } from '../../src/wire/rdata-text.ts'
import type { ResourceRecord } from '../../src/wire/record.ts'
import { RrType, rrTypeToText } from '../../src/wire/rrtype.ts'

/** What of two replies can differ by itself. */
export type Field =
  | 'unanswered'
  | 'malformed'
  | 'opcode'
  | 'rcode'
  | 'aa'
  | 'tc'
  | 'rd'
  | 'ra'
  | 'ad'
  | 'cd'
  | 'question'
  | 'answer'
  | 'authority'
  | 'additional'
  | 'answer.weight'
  | `${'answer' | 'authority'}.soa.${'ttl' | 'serial' | 'minimum'}`
  | 'opt'
  | 'opt.version'
  | 'opt.size'
  | 'opt.do'
  | 'opt.options'
  | 'opt.error'

/** One field that differs, both values as text. */
export interface Difference {
  readonly field: Field
  readonly ours: string
  readonly theirs: string
}

/** A reply as it is compared: undefined for none. */
export type Seen = Message | undefined

/** Reads a reply; undefined where there was none. Throws where it is malformed: no rule may allow that. */
export function readReply(octets: Uint8Array | undefined, who: string): Seen {
  if (octets === undefined) return undefined
  const parsed = parseMessage(octets)
  if (!parsed.ok) throw new Error(`The reply of ${who} is malformed in its ${parsed.where}`)
  return parsed.message
}

/**
 * Where two replies differ. Order within a section does not count; letter case, TTLs and repeated records do. A SRV weight
 * and the numbers of a SOA record are fields of their own.
 */
export function compareReplies(ours: Seen, theirs: Seen): readonly Difference[] {
  if (ours === undefined || theirs === undefined) {
    if (ours === theirs) return []
    return [{ field: 'unanswered', ours: ours ? 'a reply' : 'none', theirs: theirs ? 'a reply' : 'none' }]
  }
  const values: [Field, string, string][] = [
    ['opcode', String(ours.opcode), String(theirs.opcode)],
    ['rcode', String(ours.rcode), String(theirs.rcode)],
    ['aa', String(ours.authoritativeAnswer), String(theirs.authoritativeAnswer)],
    ['tc', String(ours.truncated), String(theirs.truncated)],
    ['rd', String(ours.recursionDesired), String(theirs.recursionDesired)],
    ['ra', String(ours.recursionAvailable), String(theirs.recursionAvailable)],
    ['ad', String(ours.authenticData), String(theirs.authenticData)],
    ['cd', String(ours.checkingDisabled), String(theirs.checkingDisabled)],
    ['question', questionText(ours), questionText(theirs)],
    ['additional', textOf(ours.additional), textOf(theirs.additional)],
    ...sectionValues('answer', ours.answer, theirs.answer),
    ...sectionValues('authority', ours.authority, theirs.authority),
    ...optValues(ours, theirs),
  ]
  return values
    .filter(([, one, other]) => one !== other)
    .map(([field, one, other]) => ({ field, ours: one, theirs: other }))
}

/** Records as zone-file lines in a fixed order. */
export function linesOf(records: readonly ResourceRecord[]): readonly string[] {
  return records.map(lineOf).toSorted()
}

function textOf(records: readonly ResourceRecord[]): string {
  return linesOf(records).join('\n')
}

function lineOf({ owner, ttlSeconds, rrclass, rrtype, rdata }: ResourceRecord): string {
  return `${owner} ${ttlSeconds} CLASS${rrclass} ${rrTypeToText(rrtype)} ${rdataToText(rdata)}`
}

function questionText({ questions }: Message): string {
  return questions.map(({ qname, qtype, qclass }) => `${qname} ${qtype} ${qclass}`).join('\n')
}

/** A section without the values that are fields of their own, then these where the rest is alike. */
function sectionValues(
  section: 'answer' | 'authority',
  ours: readonly ResourceRecord[],
  theirs: readonly ResourceRecord[],
): [Field, string, string][] {
  const values: [Field, string, string][] = [
    [section, textOf(ours.map(withoutOwnFields)), textOf(theirs.map(withoutOwnFields))],
  ]
  if (values[0]?.[1] !== values[0]?.[2]) return values
  const [ourSoa, theirSoa] = [soaOf(ours), soaOf(theirs)]
  for (const number of ['ttl', 'serial', 'minimum'] as const) {
    values.push([`${section}.soa.${number}`, String(ourSoa?.[number]), String(theirSoa?.[number])])
  }
  if (section === 'answer') values.push(['answer.weight', weightsOf(ours), weightsOf(theirs)])
  return values
}

/** A record without what is a field of its own: the weight of SRV, and the TTL, serial and MINIMUM of SOA. */
export function withoutOwnFields(record: ResourceRecord): ResourceRecord {
  const { rdata } = record
  if (rdata.kind === 'SRV') return { ...record, rdata: { ...rdata, weight: 0 } }
  return rdata.kind === 'SOA'
    ? { ...record, ttlSeconds: 0, rdata: { ...rdata, serial: 0, minimum: 0 } }
    : record
}

/** The numbers of the first SOA record that are compared apart. */
export function soaOf(records: readonly ResourceRecord[]) {
  const record = records.find(({ rrtype }) => rrtype === RrType.SOA)
  if (record?.rdata.kind !== 'SOA') return undefined
  return {
    owner: record.owner,
    ttl: record.ttlSeconds,
    serial: record.rdata.serial,
    minimum: record.rdata.minimum,
  }
}

function weightsOf(records: readonly ResourceRecord[]): string {
  return textOf(records.filter(({ rdata }) => rdata.kind === 'SRV'))
}

function optValues(ours: Message, theirs: Message): [Field, string, string][] {
  const [our, their] = [ours.opt, theirs.opt]
  if (our === undefined || their === undefined)
    return [['opt', String(our !== undefined), String(their !== undefined)]]
  const options = (opt: typeof our, isWanted: (code: number) => boolean): string =>
    opt.options
      .filter(({ code }) => isWanted(code))
      .map(({ code, data }) => `${code}:${Buffer.from(data).toString('hex')}`)
      .join(' ')
  return [
    ['opt.version', String(our.version), String(their.version)],
    ['opt.size', String(our.udpPayloadSize), String(their.udpPayloadSize)],
    ['opt.do', String(our.dnssecOk), String(their.dnssecOk)],
    ['opt.options', options(our, isNoError), options(their, isNoError)],
    ['opt.error', options(our, isError), options(their, isError)],
  ]
}

/** Extended DNS Error (RFC 8914). */
const isError = (code: number): boolean => code === 15
const isNoError = (code: number): boolean => code !== 15
