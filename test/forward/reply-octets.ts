/**
 * Replies as an upstream would send them, built octet by octet so that the tests of the forwarder do not lean on the
 * code they test.
 */

/** A record as a zone-file line: `www.example. 300 A 192.0.2.1`. Rdata of types not listed here: `\# 0a0b`. */
export type RecordLine = string

export interface ReplyParts {
  readonly id?: number
  /** Replaces the question: `other.example. A`, or `''` for none. */
  readonly question?: string
  readonly qr?: boolean
  readonly opcode?: number
  readonly rcode?: number
  readonly truncated?: boolean
  readonly authenticData?: boolean
  readonly answer?: readonly RecordLine[]
  readonly authority?: readonly RecordLine[]
  readonly additional?: readonly RecordLine[]
  /** Adds an OPT record with these option octets; the upper bits of `rcode` go there. */
  readonly options?: Uint8Array
}

const TYPES: Readonly<Record<string, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  TXT: 16,
  AAAA: 28,
  DNAME: 39,
  RRSIG: 46,
  NSEC: 47,
  NSEC3: 50,
  ANY: 255,
}

/** The reply to `query` with these parts; everything not given is as an honest server sends it. */
export function replyTo(query: Uint8Array, parts: ReplyParts = {}): Uint8Array {
  const asked = Buffer.from(query)
  const rcode = parts.rcode ?? 0
  const question = parts.question === undefined ? questionOf(asked) : composeQuestion(parts.question)
  const sections = [parts.answer ?? [], parts.authority ?? [], parts.additional ?? []]
  const header = Buffer.alloc(12)
  header.writeUInt16BE(parts.id ?? asked.readUInt16BE(0), 0)
  header[2] =
    (parts.qr === false ? 0 : 0x80) |
    ((parts.opcode ?? 0) << 3) |
    (parts.truncated === true ? 2 : 0) |
    (asked.readUInt8(2) & 1)
  header[3] = 0x80 | (parts.authenticData === true ? 0x20 : 0) | (rcode & 0x0f)
  header.writeUInt16BE(question.length > 0 ? 1 : 0, 4)
  sections.forEach((lines, index) => header.writeUInt16BE(lines.length, 6 + 2 * index))
  const records = sections.flat().map(composeRecord)
  if (parts.options !== undefined) {
    header.writeUInt16BE((parts.additional ?? []).length + 1, 10)
    const opt = Buffer.from([0, 0, 41, 4, 208, rcode >> 4, 0, 0, 0, 0, 0])
    opt.writeUInt16BE(parts.options.length, 9)
    records.push(Buffer.concat([opt, parts.options]))
  }
  return Buffer.concat([header, question, ...records])
}

/** An Extended DNS Error option (RFC 8914). */
export function extendedErrorOctets(code: number, text: string): Uint8Array {
  const data = Buffer.concat([Uint8Array.of(code >> 8, code & 0xff), Buffer.from(text)])
  return Buffer.concat([Uint8Array.of(0, 15, data.length >> 8, data.length & 0xff), data])
}

/** Whether the message has an OPT record. Of a query: an additional record is one. */
export function hasOpt(query: Uint8Array): boolean {
  return Buffer.from(query).readUInt16BE(10) > 0
}

/** `www.example.` of the message's question, letter case as it stands. */
export function qnameOf(message: Uint8Array): string {
  const octets = Buffer.from(message)
  let name = ''
  for (let offset = 12; octets.readUInt8(offset) > 0; offset += octets.readUInt8(offset) + 1) {
    name += `${octets.toString('latin1', offset + 1, offset + 1 + octets.readUInt8(offset))}.`
  }
  return name === '' ? '.' : name
}

function questionOf(message: Buffer): Buffer {
  let end = 12
  while (message.readUInt8(end) > 0) end += message.readUInt8(end) + 1
  return message.subarray(12, end + 5)
}

function composeQuestion(text: string): Buffer {
  const [name, type, rrclass = 1] = text.split(' ')
  if (name === undefined || type === undefined) return Buffer.alloc(0)
  return Buffer.concat([composeName(name), Uint8Array.of(0, TYPES[type] ?? 0, 0, Number(rrclass))])
}

function composeRecord(line: RecordLine): Buffer {
  const [owner = '', ttl = '', type = '', ...data] = line.split(' ')
  const rdata = composeRdata(type, data)
  const fixed = Buffer.alloc(10)
  fixed.writeUInt16BE(TYPES[type] ?? Number(type.replace('TYPE', '')), 0)
  fixed.writeUInt16BE(1, 2)
  fixed.writeUInt32BE(Number(ttl), 4)
  fixed.writeUInt16BE(rdata.length, 8)
  return Buffer.concat([composeName(owner), fixed, rdata])
}

function composeRdata(type: string, data: readonly string[]): Buffer {
  const [first = '', second = ''] = data
  if (first === '\\#') return Buffer.from(second, 'hex')
  if (type === 'A') return Buffer.from(first.split('.').map(Number))
  if (type === 'TXT') return Buffer.concat([Uint8Array.of(first.length), Buffer.from(first)])
  if (type === 'CNAME' || type === 'NS' || type === 'DNAME') return composeName(first)
  // SOA: MNAME RNAME, then five numbers.
  const numbers = Buffer.alloc(20)
  data.slice(2).forEach((number, index) => numbers.writeUInt32BE(Number(number), 4 * index))
  return Buffer.concat([composeName(first), composeName(second), numbers])
}

function composeName(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '')
  return Buffer.concat([
    ...labels.map((label) => Buffer.concat([Uint8Array.of(label.length), Buffer.from(label, 'latin1')])),
    Uint8Array.of(0),
  ])
}
