import { ExtendedErrorCode } from '../wire/extended-error.ts'
import type { DomainName } from '../wire/name.ts'
import { joinChain } from '../zone/cname-chain.ts'
import { failureReply } from '../zone/failure-reply.ts'
import type { Query, Reply } from '../zone/responder.ts'
import { askUpstreams } from './ask-upstreams.ts'
import type { Asked, AttemptResult } from './ask-upstreams.ts'
import { clientDeadlineMs } from './client-deadline.ts'
import { exchange } from './exchange.ts'
import { createIdSource } from './message-id.ts'
import { shuffle } from './shuffle.ts'
import { upstreamToText } from './upstream-address.ts'
import type { Upstream } from './upstream-address.ts'
import { createUpstreamMemory } from './upstream-memory.ts'
import type { UpstreamMemory } from './upstream-memory.ts'
import { replyFromUpstream } from './upstream-reply.ts'
import type { UsableReply } from './upstream-reply.ts'

export interface ForwarderOptions {
  /** At least one. */
  readonly upstreams: readonly Upstream[]
  /** In [0, 1): which upstream comes first. Ids and ports have better sources. */
  readonly random: () => number
  /** Milliseconds that never run backwards. */
  readonly nowMs: () => number
  /** Whether a zone served here holds the name: a chain that enters it goes on with our own data. */
  readonly servedHere: (lowerName: DomainName) => boolean
  /** Whether this process listens there: it must not ask itself. */
  readonly isOwnAddress: (address: string, port: number) => boolean
  /** Queries that wait for these upstreams at a time; those beyond fail. Default 2,000. */
  readonly maxInFlight?: number | undefined
}

export interface Forwarder {
  /** Never rejects: what fails is a SERVFAIL reply with its reason. */
  readonly forward: (query: Query) => Promise<Reply>
  /** Messages so far that came from an upstream's address and were not the reply waited for: guesses, or rubbish. */
  readonly mismatchCount: () => number
  /** Queries so far that failed at once because too many were waiting. */
  readonly refusedCount: () => number
  /** Ends all waiting and frees the sockets; queries that come later fail. */
  readonly close: () => void
}

/**
 * Bounds the sockets: a waiting query holds up to three, so 6,000 in all, and some 20 KiB with two of them. Twice what one
 * group of listeners lets wait, which is where clients get their shares.
 */
const DEFAULT_MAX_IN_FLIGHT = 2_000

/** UDP queries that one client's query may cause, for each upstream (as CoreDNS's `max_connect_attempts`). */
const MAX_QUERIES_PER_UPSTREAM = 2

/** In this part of the time every upstream has had a turn, so that the last one has the rest to answer in. */
const FIRST_ROUND_SHARE = 0.75

/** Makes what answers a query by asking upstreams, in random order, over UDP with TCP where replies are truncated. */
export function createForwarder(options: ForwarderOptions): Forwarder {
  const maxInFlight = options.maxInFlight ?? DEFAULT_MAX_IN_FLIGHT
  const memory = createUpstreamMemory(options.nowMs)
  const nextId = createIdSource()
  const inFlight = new Set<AbortController>()
  let mismatchCount = 0
  let refusedCount = 0
  let isClosed = false
  const onMismatch = () => {
    mismatchCount++
  }
  const state = { ...options, memory, nextId, onMismatch }
  return {
    forward: async (query) => {
      if (isClosed) return failureReply('the server is shutting down')
      if (query.signal.aborted) return givenUp()
      if (inFlight.size >= maxInFlight) {
        refusedCount++
        return failureReply(`more than ${maxInFlight} queries wait for upstreams`)
      }
      const controller = new AbortController()
      const abort = () => controller.abort()
      query.signal.addEventListener('abort', abort, { once: true })
      inFlight.add(controller)
      const asked = await ask(state, query, controller.signal)
      inFlight.delete(controller)
      query.signal.removeEventListener('abort', abort)
      return finishReply(query, asked)
    },
    mismatchCount: () => mismatchCount,
    refusedCount: () => refusedCount,
    close: () => {
      isClosed = true
      for (const controller of inFlight) controller.abort()
    },
  }
}

interface ForwarderState extends ForwarderOptions {
  readonly memory: UpstreamMemory
  readonly nextId: () => number
  readonly onMismatch: () => void
}

type Usable = Extract<UsableReply, { kind: 'usable' }>

async function ask(state: ForwarderState, query: Query, signal: AbortSignal): Promise<Asked<Usable>> {
  const upstreams = state.upstreams.filter(({ address, port }) => !state.isOwnAddress(address, port))
  if (upstreams.length === 0)
    return { kind: 'failed', isSilence: false, texts: [ownAddressText(state.upstreams)] }
  const now = state.nowMs()
  const deadlineMs = clientDeadlineMs(query.signal, now)
  if (deadlineMs <= now)
    return { kind: 'failed', isSilence: true, texts: ['the time for this query was over'] }
  const longestPatienceMs = ((deadlineMs - now) * FIRST_ROUND_SHARE) / upstreams.length
  let queriesLeft = MAX_QUERIES_PER_UPSTREAM * upstreams.length
  const spend = () => state.nowMs() < deadlineMs && queriesLeft-- > 0
  return askUpstreams({
    candidates: state.memory
      .candidates(shuffle(upstreams, state.random))
      .map(({ upstream, patienceMs }) => ({ upstream, patienceMs: Math.min(patienceMs, longestPatienceMs) })),
    attempt: (upstream, attemptSignal) =>
      attempt(state, query, { upstream, spend, deadlineMs, signal: attemptSignal }),
    onSilence: (upstream) => state.memory.failed(upstream),
    signal,
  })
}

interface Attempt {
  readonly upstream: Upstream
  readonly spend: () => boolean
  readonly deadlineMs: number
  readonly signal: AbortSignal
}

async function attempt(state: ForwarderState, query: Query, one: Attempt): Promise<AttemptResult<Usable>> {
  const { nextId, onMismatch, nowMs, memory } = state
  const result = await exchange({ ...one, query, nextId, onMismatch, nowMs })
  if (result.kind === 'aborted') return result
  if (result.kind === 'silence' || result.kind === 'network') {
    memory.failed(one.upstream)
    return { kind: 'failed', isSilence: result.kind === 'silence', lasting: false, text: result.text }
  }
  memory.answered(one.upstream)
  const usable =
    result.kind === 'unusable'
      ? result
      : replyFromUpstream(query.question, one.upstream, result.reply, state.servedHere)
  if (usable.kind === 'usable') return { kind: 'reply', reply: usable }
  return { kind: 'failed', isSilence: false, lasting: true, text: usable.text }
}

async function finishReply(query: Query, asked: Asked<Usable>): Promise<Reply> {
  if (asked.kind === 'aborted') return givenUp()
  if (asked.kind === 'failed') {
    const code = asked.isSilence ? ExtendedErrorCode.NO_REACHABLE_AUTHORITY : ExtendedErrorCode.NETWORK_ERROR
    return failureReply(`no upstream gave an answer: ${shorten(asked.texts)}`, [], code)
  }
  const { reply, continueAt } = asked.reply
  if (continueAt === undefined) return reply
  const start = { rrsets: reply.answer, authoritativeAnswer: false }
  return joinChain(start, await query.resolve({ ...query.question, qname: continueAt }))
}

/** Nobody waits for it, so it is nothing for the log. */
function givenUp(): Reply {
  const { error: _, ...reply } = failureReply('the query was given up before an upstream answered')
  return reply
}

/** Failures that a log line names; with 15 upstreams the first few tell the story. */
const MAX_FAILURE_TEXTS = 4

function shorten(texts: readonly string[]): string {
  const more = texts.length - MAX_FAILURE_TEXTS
  return texts.slice(0, MAX_FAILURE_TEXTS).join('; ') + (more > 0 ? `; and ${more} more` : '')
}

function ownAddressText(upstreams: readonly Upstream[]): string {
  return `${upstreams.map(upstreamToText).join(', ')} is this server itself; name another upstream in forward`
}
