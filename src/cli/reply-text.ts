import type { Packet as Dns2Packet } from 'dns2'

import { extendedErrorCodeToText } from '../wire/extended-error.ts'
import { rcodeToText } from '../wire/rcode.ts'
import { rrTypeToText, RrType } from '../wire/rrtype.ts'
import type { RawReply } from './dns-client.ts'
import type { QueryArguments } from './query-arguments.ts'

type Packet = InstanceType<typeof Dns2Packet>
type Resource = Packet['answers'][number]

const EDNS_OPTION_EXTENDED_ERROR = 15

/** The whole reply, in the manner of dig, and why it is what it is. */
export function replyAsText({ server }: QueryArguments, raw: RawReply, reply: Packet): string {
  const { header, questions, answers, authorities } = reply
  const flags = flagNames(header).join(' ')
  const where = `${server.address}#${server.port} (${raw.transport.toUpperCase()})`
  return [
    `;; ${rcodeToText(header.rcode)}, id ${header.id}, flags: ${flags}`,
    ...questions.map((question) => `;; asked: ${absolute(question.name)} ${rrTypeToText(question.type)}`),
    ...section('answer', answers),
    ...section('authority', authorities),
    ...section('additional', withoutOpt(reply)),
    ...extendedErrors(reply).map(
      ({ code, text }) =>
        `;; why: ${text === '' ? extendedErrorCodeToText(code) : text} (Extended DNS Error ${code})`,
    ),
    ...reply.errors.map((error) => `;; not understood: ${error.message}`),
    `;; ${raw.elapsedMs.toFixed(1)} ms, ${raw.octets.length} octets from ${where}`,
    '',
  ].join('\n')
}

/** The data of the answers alone, one a line. */
export function shortText(reply: Packet): string {
  return reply.answers.map((record) => `${rdataText(record)}\n`).join('')
}

/** The reply as a value for programs. */
export function replyAsJson(
  { server }: QueryArguments,
  raw: RawReply,
  reply: Packet,
): Record<string, unknown> {
  return {
    rcode: rcodeToText(reply.header.rcode),
    flags: flagNames(reply.header),
    question: reply.questions.map(({ name, type }) => ({ name: absolute(name), type: rrTypeToText(type) })),
    answer: reply.answers.map(recordAsJson),
    authority: reply.authorities.map(recordAsJson),
    additional: withoutOpt(reply).map(recordAsJson),
    extendedErrors: extendedErrors(reply).map(({ code, text }) => ({
      code,
      meaning: extendedErrorCodeToText(code),
      text,
    })),
    server,
    transport: raw.transport,
    elapsedMs: Number(raw.elapsedMs.toFixed(3)),
    sizeOctets: raw.octets.length,
  }
}

function recordAsJson(record: Resource): Record<string, unknown> {
  return {
    owner: absolute(record.name),
    ttlSeconds: record.ttl,
    type: rrTypeToText(record.type),
    data: rdataText(record),
  }
}

function section(title: string, records: readonly Resource[]): readonly string[] {
  if (records.length === 0) return []
  return [
    `;; ${title}:`,
    ...records.map(
      (record) =>
        `${absolute(record.name)}\t${record.ttl}\tIN\t${rrTypeToText(record.type)}\t${rdataText(record)}`,
    ),
  ]
}

function withoutOpt(reply: Packet): readonly Resource[] {
  return reply.additionals.filter((record) => record.type !== RrType.OPT)
}

function flagNames(header: Packet['header']): readonly string[] {
  const set = new Set(Object.entries(header).flatMap(([name, value]) => (value === 1 ? [name] : [])))
  return ['qr', 'aa', 'tc', 'rd', 'ra', 'ad', 'cd'].filter((name) => set.has(name))
}

function extendedErrors(reply: Packet): readonly { code: number; text: string }[] {
  const options = reply.additionals
    .filter((record) => record.type === RrType.OPT)
    .flatMap((record) => record.rdata ?? [])
  return options
    .filter((option) => option.ednsCode === EDNS_OPTION_EXTENDED_ERROR)
    .map((option) => ({
      code: 'infoCode' in option ? Number(option.infoCode) : 0,
      text: 'extraText' in option ? String(option.extraText) : '',
    }))
}

/** Presentation format (RFC 1035 section 5.1); what is not understood in the form of RFC 3597. */
function rdataText(record: Resource): string {
  switch (record.type) {
    case RrType.A:
    case RrType.AAAA:
      return record.address ?? ''
    case RrType.NS:
      return absolute(record.ns)
    case RrType.CNAME:
    case RrType.PTR:
      return absolute(record.domain)
    case RrType.MX:
      return `${record.priority} ${absolute(record.exchange)}`
    case RrType.SRV:
      return `${record.priority} ${record.weight} ${record.port} ${absolute(record.target)}`
    case RrType.SOA: {
      const { serial, refresh, retry, expiration, minimum } = record
      return `${absolute(record.primary)} ${absolute(record.admin)} ${[serial, refresh, retry, expiration, minimum].join(' ')}`
    }
    case RrType.TXT:
      return [record.data ?? []]
        .flat()
        .map((text) => JSON.stringify(String(text)))
        .join(' ')
    default:
      return opaqueText(record)
  }
}

function opaqueText({ data }: Resource): string {
  const octets = Buffer.isBuffer(data) ? data : Buffer.alloc(0)
  return `\\# ${octets.length} ${octets.toString('hex')}`.trimEnd()
}

/** dns2 leaves the last dot away. */
function absolute(name: string | undefined): string {
  return name === undefined || name === '' ? '.' : `${name}.`
}
