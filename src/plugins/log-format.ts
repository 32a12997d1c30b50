import { rcodeToText } from '../wire/rcode.ts'
import { rrClassToText } from '../wire/rrclass.ts'
import { rrTypeToText } from '../wire/rrtype.ts'
import type { Query, Sent } from '../zone/responder.ts'
import type { ReplyClass } from './reply-class.ts'

/** What a line of the query log tells of. */
export interface LoggedExchange {
  readonly query: Query
  readonly sent: Sent
  readonly durationMs: number
  readonly replyClass: ReplyClass
}

/** Writes one line. */
export type LogFormat = (exchange: LoggedExchange) => string

/** The common log format, as CoreDNS has it. Its readers parse it. */
export const COMMON_FORMAT =
  '{remote}:{port} - {>id} "{type} {class} {name} {proto} {size} {>do} {>bufsize}" {rcode} {>rflags} {rsize} {duration}'

/** What has no value. */
const EMPTY = '-'

/**
 * Reads a format: text with placeholders such as `{name}`. `{common}` and `{combined}` stand for whole formats, `{/LABEL}` for
 * what the `metadata` of the block has under it. What else stands in braces is text. The work is done here, once; a line is only put together.
 */
export function parseLogFormat(text: string): LogFormat {
  const whole = text
    .replaceAll('{common}', COMMON_FORMAT)
    .replaceAll('{combined}', `${COMMON_FORMAT} "{>opcode}"`)
  const parts = whole.split(/(\{[^{}]*\})/).map((part): string | LogFormat => {
    if (Object.hasOwn(PLACEHOLDERS, part)) return PLACEHOLDERS[part] ?? part
    if (!part.startsWith('{/') || !part.endsWith('}')) return part
    const label = part.slice(2, -1)
    return ({ query }) => query.metadata?.get(label) ?? EMPTY
  })
  return (exchange) => parts.map((part) => (typeof part === 'string' ? part : part(exchange))).join('')
}

/** Names are in lower case, sizes in octets as they stood on the wire, durations in seconds. */
const PLACEHOLDERS: Readonly<Record<string, LogFormat>> = {
  '{type}': ({ query }) => rrTypeToText(query.question.qtype),
  '{name}': ({ query }) => query.lowerName,
  '{class}': ({ query }) => rrClassToText(query.question.qclass),
  '{proto}': ({ query }) => query.client.transport,
  '{remote}': ({ query }) => bracketed(query.client.address),
  '{local}': ({ query }) => bracketed(query.local.address),
  '{size}': ({ query }) => String(query.sizeOctets),
  '{port}': ({ query }) => String(query.client.port),
  '{duration}': ({ durationMs }) => `${(durationMs / 1000).toFixed(9).replace(/\.?0+$/, '')}s`,
  '{rcode}': ({ sent }) => rcodeToText(sent.rcode),
  '{rsize}': ({ sent }) => String(sent.sizeOctets),
  '{>rflags}': ({ query, sent }) => flagsText(query, sent),
  '{>bufsize}': ({ query }) => String(sizeLimit(query)),
  '{>do}': ({ query }) => String(query.dnssecOk),
  '{>id}': ({ query }) => String(query.id),
  // Others never come this far.
  '{>opcode}': () => '0',
  '{/log/class}': ({ replyClass }) => replyClass.class,
  '{/log/type}': ({ replyClass }) => replyClass.type,
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address
}

/** What the client takes. */
function sizeLimit({ client, udpPayloadSize }: Query): number {
  return client.transport === 'tcp' ? 65_535 : Math.max(512, udpPayloadSize ?? 512)
}

function flagsText(query: Query, sent: Sent): string {
  const flags = ['qr']
  if (sent.authoritativeAnswer) flags.push('aa')
  if (sent.truncated) flags.push('tc')
  if (query.recursionDesired) flags.push('rd')
  if (sent.recursionAvailable) flags.push('ra')
  if (sent.authenticData) flags.push('ad')
  if (query.checkingDisabled) flags.push('cd')
  return flags.join(',')
}
