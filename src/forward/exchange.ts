import { parseMessage } from '../wire/message.ts'
import type { Message } from '../wire/message.ts'
import { Rcode, rcodeToText } from '../wire/rcode.ts'
import type { ExchangeRequest } from './exchange-result.ts'
import { exchangeUdp } from './exchange-udp.ts'
import { matchReply } from './match-reply.ts'
import type { StreamPool } from './stream-pool.ts'
import { upstreamToText } from './upstream-address.ts'
import type { Upstream } from './upstream-address.ts'
import { composeUpstreamQuery } from './upstream-query.ts'
import type { UpstreamQuery } from './upstream-query.ts'

export interface UpstreamExchange {
  readonly upstream: Upstream
  readonly query: UpstreamQuery
  /** Over UDP: where it comes from; undefined for the address that the system chooses. */
  readonly sourceAddress: string | undefined
  /** `stream`: never over UDP. An upstream with TLS has no UDP anyway. */
  readonly transport: 'udp' | 'stream'
  readonly streams: StreamPool
  readonly nextId: () => number
  /** Takes one from the queries that the client's query may cause; false when none, or no time, is left. */
  readonly spend: () => boolean
  /** Told of each socket that the query goes over: one that was open before, or a new one. */
  readonly onConnection: (proto: UpstreamProto, isReused: boolean) => void
  /** Called for each message that came and was not the reply. */
  readonly onMismatch: () => void
  readonly nowMs: () => number
  /** When nobody waits any longer, by `nowMs`. */
  readonly deadlineMs: number
  readonly signal: AbortSignal
}

/** What an upstream is asked over, as CoreDNS names it. */
export type UpstreamProto = 'udp' | 'tcp' | 'tcp-tls'

/**
 * What came of asking one upstream. `silence` and `network`: no reply; asking again may help. `unusable`: it answers, but
 * not in a way that helps, and will not the next time either. `text` names the upstream and stands in the log.
 */
export type UpstreamResult =
  | { readonly kind: 'reply'; readonly reply: Message }
  | { readonly kind: 'silence'; readonly text: string }
  | { readonly kind: 'network'; readonly text: string }
  | { readonly kind: 'unusable'; readonly text: string }
  | { readonly kind: 'aborted' }

/**
 * Asks one upstream: over UDP, and over TCP where the reply is truncated or somebody seems to be guessing replies; or over
 * TCP or TLS at once. A truncated reply is never used in place of the whole one (RFC 2181 section 9). FORMERR and BADVERS to a query with EDNS
 * are asked once more without (RFC 6891 section 6.2.2), BADCOOKIE once more. Never rejects.
 */
export async function exchange(request: UpstreamExchange): Promise<UpstreamResult> {
  const result = request.spend() ? await exchangeOnce(request, true) : silent(request.upstream)
  if (result.kind !== 'reply') return result
  const withoutEdns = result.reply.rcode === Rcode.FORMERR || result.reply.rcode === Rcode.BADVERS
  const askAgain = withoutEdns || result.reply.rcode === Rcode.BADCOOKIE
  const last = askAgain && request.spend() ? await exchangeOnce(request, !withoutEdns) : result
  if (last.kind !== 'reply') return last
  const { rcode } = last.reply
  if (rcode !== Rcode.FORMERR && rcode <= MAX_HEADER_RCODE) return last
  return { kind: 'unusable', text: `${upstreamToText(request.upstream)} answered ${rcodeToText(rcode)}` }
}

/** Above it are the extended RCODEs, which speak of the EDNS between us and the upstream (RFC 6891 section 9). */
const MAX_HEADER_RCODE = 15

async function exchangeOnce(request: UpstreamExchange, withEdns: boolean): Promise<UpstreamResult> {
  const { upstream, transport } = request
  if (transport === 'stream' || upstream.tls !== undefined) return exchangeOverStream(request, withEdns)
  request.onConnection('udp', false)
  const overUdp = await exchangeUdp(transportRequest(request, withEdns))
  if (overUdp.kind === 'aborted') return overUdp
  if (overUdp.kind === 'reply' && overUdp.reply !== TRUNCATED) return { kind: 'reply', reply: overUdp.reply }
  if (overUdp.kind === 'silence') return silent(upstream)
  if (overUdp.kind === 'unreachable') {
    return { kind: 'network', text: `read udp ${upstreamToText(upstream)}: ${overUdp.text}` }
  }
  const reason = overUdp.kind === 'flooded' ? 'too many wrong replies over UDP' : 'truncated over UDP'
  const overTcp = await exchangeOverStream(request, withEdns)
  // After UDP sent us to TCP there is nothing else to try with this upstream, whatever TCP failed of.
  if (overTcp.kind === 'reply' || overTcp.kind === 'aborted') return overTcp
  return { kind: 'unusable', text: `${overTcp.text} (${reason})` }
}

async function exchangeOverStream(request: UpstreamExchange, withEdns: boolean): Promise<UpstreamResult> {
  const { streams, upstream, spend, onConnection } = request
  const proto = upstream.tls === undefined ? 'tcp' : 'tcp-tls'
  const result = await streams.exchange(transportRequest(request, withEdns), {
    mayRepeat: spend,
    onConnection: (isReused) => onConnection(proto, isReused),
  })
  if (result.kind === 'aborted') return result
  if (result.kind === 'reply' && result.reply !== TRUNCATED) return { kind: 'reply', reply: result.reply }
  const failure = result.kind === 'unreachable' ? result.text : STREAM_FAILURE[result.kind]
  const text = `read ${upstream.tls === undefined ? 'tcp ' : ''}${upstreamToText(upstream)}: ${failure}`
  return { kind: STREAM_FAILURE_KIND[result.kind], text }
}

/** A reply is a failure where it is truncated: over a stream nothing else can be had. */
const STREAM_FAILURE = {
  reply: 'truncated over TCP',
  silence: 'i/o timeout',
  flooded: 'too many wrong replies over TCP',
} as const

const STREAM_FAILURE_KIND = {
  reply: 'unusable',
  silence: 'silence',
  flooded: 'unusable',
  unreachable: 'network',
} as const

const TRUNCATED = Symbol('truncated')

/** Each transport's query has an id of its own: the one sent over UDP may be known to somebody by now. */
function transportRequest(
  request: UpstreamExchange,
  withEdns: boolean,
): ExchangeRequest<Message | typeof TRUNCATED> {
  const query = composeUpstreamQuery(request.query, request.nextId(), withEdns)
  return {
    upstream: request.upstream,
    sourceAddress: request.sourceAddress,
    query,
    read: (octets) => readReply(query, octets),
    onMismatch: request.onMismatch,
    timeoutMs: Math.max(0, request.deadlineMs - request.nowMs()),
    signal: request.signal,
  }
}

/** What does not parse is nobody's reply: the right one may still come. */
function readReply(query: Uint8Array, octets: Uint8Array): Message | typeof TRUNCATED | undefined {
  const match = matchReply(query, octets)
  if (match === 'no') return undefined
  if (match === 'truncated') return TRUNCATED
  const parsed = parseMessage(octets)
  return parsed.ok ? parsed.message : undefined
}

function silent(upstream: Upstream): UpstreamResult {
  return { kind: 'silence', text: `read udp ${upstreamToText(upstream)}: i/o timeout` }
}
