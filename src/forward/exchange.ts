import { parseMessage } from '../wire/message.ts'
import type { Message } from '../wire/message.ts'
import { Rcode, rcodeToText } from '../wire/rcode.ts'
import type { ExchangeRequest, ExchangeResult } from './exchange-result.ts'
import { exchangeTcp } from './exchange-tcp.ts'
import { exchangeUdp } from './exchange-udp.ts'
import { matchReply } from './match-reply.ts'
import { upstreamToText } from './upstream-address.ts'
import type { Upstream } from './upstream-address.ts'
import { composeUpstreamQuery } from './upstream-query.ts'
import type { UpstreamQuery } from './upstream-query.ts'

export interface UpstreamExchange {
  readonly upstream: Upstream
  readonly query: UpstreamQuery
  readonly nextId: () => number
  /** Takes one from the UDP queries that the client's query may cause; false when none, or no time, is left. */
  readonly spend: () => boolean
  /** Called for each message that came and was not the reply. */
  readonly onMismatch: () => void
  readonly nowMs: () => number
  /** When nobody waits any longer, by `nowMs`. */
  readonly deadlineMs: number
  readonly signal: AbortSignal
}

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
 * Asks one upstream: over UDP, and over TCP where the reply is truncated or somebody seems to be guessing replies. A
 * truncated reply is never used in place of the whole one (RFC 2181 section 9). FORMERR and BADVERS to a query with EDNS
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
  const overUdp = await exchangeUdp(transportRequest(request, withEdns))
  if (overUdp.kind === 'aborted') return overUdp
  if (overUdp.kind === 'reply' && overUdp.reply !== TRUNCATED) return { kind: 'reply', reply: overUdp.reply }
  if (overUdp.kind === 'silence') return silent(request.upstream)
  if (overUdp.kind === 'unreachable') {
    return { kind: 'network', text: `read udp ${upstreamToText(request.upstream)}: ${overUdp.text}` }
  }
  const reason = overUdp.kind === 'flooded' ? 'too many wrong replies over UDP' : 'truncated over UDP'
  return afterTcp(request, await exchangeTcp(transportRequest(request, withEdns)), reason)
}

/** After UDP sent us to TCP there is nothing else to try with this upstream, whatever TCP failed of. */
function afterTcp(
  request: UpstreamExchange,
  overTcp: ExchangeResult<Message | typeof TRUNCATED>,
  reason: string,
): UpstreamResult {
  if (overTcp.kind === 'aborted') return overTcp
  if (overTcp.kind === 'reply' && overTcp.reply !== TRUNCATED) return { kind: 'reply', reply: overTcp.reply }
  const failure = overTcp.kind === 'unreachable' ? overTcp.text : TCP_FAILURE[overTcp.kind]
  return { kind: 'unusable', text: `read tcp ${upstreamToText(request.upstream)}: ${failure} (${reason})` }
}

const TCP_FAILURE = {
  reply: 'truncated again',
  silence: 'i/o timeout',
  flooded: 'too many wrong replies',
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
