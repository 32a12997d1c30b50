import { parseMessage } from '../../src/wire/message.ts'
import type { Message } from '../../src/wire/message.ts'
import { composeMessage } from '../../src/wire/compose-message.ts'
import { asDomainName, nameFromText } from '../../src/wire/name.ts'
import { rdataFromText } from '../../src/wire/rdata-text.ts'
import type { ResourceRecord } from '../../src/wire/record.ts'
import { rrTypeFromText, rrTypeToText } from '../../src/wire/rrtype.ts'
import type { Behaviour } from '../helpers/scripted-upstream.ts'

const SOA = 'outside.example. 900 SOA ns.outside.example. root.outside.example. 7 3600 600 86400 60'
const ROOT_SOA = '. 900 SOA ns.outside.example. root.outside.example. 7 3600 600 86400 60'
const NXDOMAIN = 3
const SERVFAIL = 2
const REFUSED = 5

/** What the upstream says of a name, whoever asks: sections as zone-file lines. */
interface Script {
  readonly rcode?: number
  readonly answer?: readonly string[]
  readonly authority?: readonly string[]
  readonly additional?: readonly string[]
}

const WEB: Readonly<Record<string, string>> = {
  A: '192.0.2.10',
  AAAA: '2001:db8::10',
  TXT: '"hello"',
  MX: '10 mail.outside.example.',
}

/** Answers from a fixed script; the reply has an OPT record where the query has one. Never more than a question and its answer. */
export const outsideWorld: Behaviour = (octets, transport) => {
  const parsed = parseMessage(octets)
  const question = parsed.message?.questions[0]
  if (!parsed.ok || question === undefined) return []
  const script = scriptFor(question.qname.toLowerCase(), rrTypeToText(question.qtype))
  const { message: query } = parsed
  const message: Message = {
    ...query,
    response: true,
    recursionAvailable: true,
    // Said to be validated, to see who is told.
    authenticData: question.qname.toLowerCase() === 'web.outside.example.',
    rcode: script.rcode ?? 0,
    answer: (script.answer ?? []).map((line) => recordFrom(line, question.qname)),
    authority: (script.authority ?? []).map((line) => recordFrom(line, question.qname)),
    additional: (script.additional ?? []).map((line) => recordFrom(line, question.qname)),
    opt: query.opt && { udpPayloadSize: 1232, version: 0, dnssecOk: query.opt.dnssecOk, options: [] },
  }
  const limit = transport === 'tcp' ? undefined : (query.opt?.udpPayloadSize ?? 512)
  return [{ do: 'send', octets: composeMessage(message, limit) }]
}

function scriptFor(name: string, type: string): Script {
  const label = name.split('.')[0] ?? ''
  if (!name.endsWith('.outside.example.')) return { rcode: NXDOMAIN, authority: [ROOT_SOA] }
  switch (label) {
    case 'nx':
      return { rcode: NXDOMAIN, authority: [SOA] }
    case 'servfail':
      return { rcode: SERVFAIL }
    case 'refused':
      return { rcode: REFUSED }
    case 'nodata':
      return { authority: [SOA] }
    case 'large':
      return type === 'A' ? { answer: large() } : { authority: [SOA] }
    case 'v4':
      return type === 'AAAA' ? { authority: [SOA] } : plain(type)
    case 'chain':
      return chain(type)
    case 'extra':
      return extra(type)
    default:
      return plain(type)
  }
}

function plain(type: string): Script {
  const data = WEB[type]
  return data === undefined ? { authority: [SOA] } : { answer: [`@ 300 ${type} ${data}`] }
}

function chain(type: string): Script {
  const link = '@ 300 CNAME web.outside.example.'
  const data = WEB[type]
  if (type === 'CNAME' || type === 'ANY') return { answer: [link] }
  return data === undefined
    ? { answer: [link], authority: [SOA] }
    : { answer: [link, `web.outside.example. 300 ${type} ${data}`] }
}

/** Right, with records beside it that nobody asked for. */
function extra(type: string): Script {
  const data = WEB[type]
  if (data === undefined) return { authority: [SOA] }
  return {
    answer: [`@ 300 ${type} ${data}`, 'other.outside.example. 300 A 192.0.2.66'],
    authority: ['outside.example. 300 NS ns.outside.example.'],
    additional: ['ns.outside.example. 300 A 192.0.2.53'],
  }
}

function large(): readonly string[] {
  return Array.from({ length: 120 }, (_, index) => `@ 300 A 198.51.100.${index + 1}`)
}

/** `@` is the name asked, in the letters of the question. */
function recordFrom(line: string, qname: string): ResourceRecord {
  const [owner = '', ttl, type = '', ...data] = line.split(' ')
  const rrtype = rrTypeFromText(type)
  const rdata = rrtype === undefined ? undefined : rdataFromText(rrtype, data.join(' '))
  const name = owner === '@' ? asDomainName(qname) : nameFromText(owner)
  if (rrtype === undefined || rdata === undefined || name === undefined) {
    throw new RangeError(`Cannot read the record ${line}`)
  }
  return { owner: name, rrtype, rrclass: 1, ttlSeconds: Number(ttl), rdata }
}
