import { Rcode } from '../wire/rcode.ts'
import { failureReply } from '../zone/failure-reply.ts'
import type { DomainName } from '../wire/name.ts'
import { queryOptionsKey } from '../zone/query-options.ts'
import type { Query, Reply } from '../zone/responder.ts'
import { askUpstreams } from './ask-upstreams.ts'
import type { Asked, AttemptResult } from './ask-upstreams.ts'
import { clientDeadlineMs } from './client-deadline.ts'
import { givenUp, passing, replyToClient } from './client-reply.ts'
import type { Usable } from './client-reply.ts'
import { exchange } from './exchange.ts'
import type { ForwarderHost, ForwarderOptions } from './forwarder-options.ts'
import { failed, noUpstreamText, silentText } from './failed.ts'
import { isBogus } from './is-bogus.ts'
import { createIdSource } from './message-id.ts'
import { createOrder } from './order-upstreams.ts'
import { createProbe } from './probe.ts'
import { createSharedWork } from './shared-work.ts'
import { watchSilence } from './silence-watch.ts'
import { createStreamPool } from './stream-pool.ts'
import type { StreamPool } from './stream-pool.ts'
import { upstreamToText } from './upstream-address.ts'
import type { Upstream } from './upstream-address.ts'
import { createUpstreamHealth } from './upstream-health.ts'
import type { UpstreamHealth } from './upstream-health.ts'
import { replyFromUpstream } from './upstream-reply.ts'

export interface Forwarder {
  /**
   * What forwards for one configuration. `servedHere`: whether a zone that it serves holds the name, so that a chain which
   * enters it goes on with our own data. What that gives never rejects: what fails is a SERVFAIL reply with its reason.
   */
  readonly forwardFor: (servedHere: ServedHere) => (query: Query) => Promise<Reply>
  readonly counts: () => ForwarderCounts
  /** Ends all waiting and frees the sockets; queries that come later fail. */
  readonly close: () => void
}

export type ServedHere = (lowerName: DomainName) => boolean

/** Numbers that only grow. */
export interface ForwarderCounts {
  /** Messages that came from an upstream's address and were not the reply waited for: guesses, or rubbish. */
  readonly mismatches: number
  /** Queries that failed at once because too many were waiting. */
  readonly rejected: number
  /** Queries that came while all upstreams were down. */
  readonly allDown: number
  readonly failedProbes: number
}

/**
 * Bounds the sockets: a waiting query holds up to three, so 6,000 in all, and some 20 KiB with two of them. Twice what one
 * group of listeners lets wait, which is where clients get their shares.
 */
const MAX_IN_FLIGHT = 2_000

/** Queries that one client's query may cause, for each upstream (as CoreDNS's `max_connect_attempts`). */
const MAX_QUERIES_PER_UPSTREAM = 2

/** In this part of the time every upstream has had a turn, so that the last one has the rest to answer in. */
const FIRST_ROUND_SHARE = 0.75

/** How long a query waits for the addresses of the first upstream: while its name is not found, stale data is better. */
const MAX_UNKNOWN_MS = 1_800

/** So much later than the upstreams are given up, who waits for them gives up: their failure says more. */
const SLACK_MS = 250

/**
 * Makes what answers a query by asking upstreams: over UDP with TCP where replies are truncated, over TCP, or over TLS.
 * Identical questions that wait at the same time are asked once.
 */
export function createForwarder(host: ForwarderHost, options: ForwarderOptions): Forwarder {
  const forwarder = new UpstreamForwarder(host, options)
  return {
    forwardFor: (servedHere) => forwarder.forwardFor(servedHere),
    counts: () => forwarder.counts(),
    close: () => forwarder.close(),
  }
}

/** A query, and what the configuration that it came to serves itself. */
interface Asker {
  readonly query: Query
  readonly servedHere: ServedHere
}

/** One upstream being asked for one query. */
interface Attempt {
  readonly upstream: Upstream
  readonly spend: () => boolean
  readonly deadlineMs: number
  readonly signal: AbortSignal
}

class UpstreamForwarder {
  readonly #host: ForwarderHost
  readonly #options: ForwarderOptions
  readonly #order: (upstreams: readonly Upstream[]) => readonly Upstream[]
  readonly #nextId = createIdSource()
  readonly #streams: StreamPool
  readonly #health: UpstreamHealth
  readonly #asking = createSharedWork<Asked<Usable>>()
  #mismatches = 0
  #rejected = 0
  #allDown = 0
  /** When an upstream last replied to a query. */
  #heardMs = -Infinity
  #configurations = 0
  #isClosed = false

  constructor(host: ForwarderHost, options: ForwarderOptions) {
    this.#host = host
    this.#options = options
    const { nowMs } = host
    this.#order = createOrder(options.policy, host.random)
    this.#streams = createStreamPool(options.streams, nowMs)
    const transport = options.forceTcp ? 'stream' : 'udp'
    const probe = createProbe(options.health, {
      transport,
      sourceAddress: options.streams.sourceAddress,
      streams: this.#streams,
      nextId: this.#nextId,
      nowMs,
    })
    const { maxFails, probeIntervalMs } = options.health
    const { observer } = host
    this.#health = createUpstreamHealth({ nowMs, maxFails, probeIntervalMs, probe, observer })
  }

  counts(): ForwarderCounts {
    return {
      mismatches: this.#mismatches,
      rejected: this.#rejected,
      allDown: this.#allDown,
      failedProbes: this.#health.failedProbeCount(),
    }
  }

  close(): void {
    this.#isClosed = true
    this.#asking.close()
    this.#health.close()
    this.#streams.close()
  }

  forwardFor(servedHere: ServedHere): (query: Query) => Promise<Reply> {
    // Of another configuration the same answer may be cut at another place, so it is asked for apart.
    const configuration = this.#configurations++
    return (query) => this.#forward({ query, servedHere }, `${configuration},${keyOf(query)}`)
  }

  async #forward(asker: Asker, key: string): Promise<Reply> {
    const { query } = asker
    if (this.#isClosed) return passing(failureReply('the server is shutting down'))
    const { maxConcurrent = MAX_IN_FLIGHT } = this.#options
    if (this.#asking.count() >= maxConcurrent && !this.#asking.has(key)) return this.#reject(maxConcurrent)
    const { nowMs } = this.#host
    const timeoutMs = clientDeadlineMs(query.signal, nowMs()) - nowMs()
    const sharing = { signal: query.signal, timeoutMs: timeoutMs + SLACK_MS }
    const asked = await this.#asking.join(key, sharing, (signal) =>
      this.#ask(asker, nowMs() + timeoutMs, signal),
    )
    if (asked?.kind === 'reply') {
      query.metadata?.note('forward/upstream', () => upstreamToText(asked.upstream).replace('tls://', ''))
    }
    return asked === undefined ? givenUp() : replyToClient(query, asked)
  }

  #reject(maxConcurrent: number): Reply {
    this.#rejected++
    this.#host.observer?.rejected()
    const reply = passing(failureReply(`more than ${maxConcurrent} queries wait for upstreams`))
    // Where the operator has set the bound, it answers as CoreDNS's.
    return this.#options.maxConcurrent === undefined ? reply : { ...reply, rcode: Rcode.REFUSED }
  }

  #countAllDown(): void {
    this.#allDown++
    this.#host.observer?.allDown()
  }

  async #ask(asker: Asker, clientDeadline: number, signal: AbortSignal): Promise<Asked<Usable>> {
    const { nowMs, isOwnAddress, upstreamsKnown } = this.#host
    if (upstreamsKnown !== undefined)
      await knownInTime(upstreamsKnown, Math.min(MAX_UNKNOWN_MS, clientDeadline - nowMs()), signal)
    const known = this.#host.upstreams()
    const upstreams = known.filter(({ address, port }) => !isOwnAddress(address, port))
    if (upstreams.length === 0) return failed(false, noUpstreamText(known))
    const areDown = this.#health.areDown(upstreams)
    if (areDown) this.#countAllDown()
    if (areDown && this.#options.failsFast) return failed(true, 'all upstreams are down')
    if (clientDeadline <= nowMs()) return failed(true, 'the time for this query was over')
    const controller = new AbortController()
    const abort = () => controller.abort()
    signal.addEventListener('abort', abort, { once: true })
    const startedMs = nowMs()
    const stopWatching = watchSilence({
      upstreams,
      health: this.#health,
      hasHeard: () => this.#heardMs > startedMs,
      onSilent: abort,
    })
    const asked = await this.#askInOrder(asker, upstreams, clientDeadline, controller.signal)
    stopWatching()
    signal.removeEventListener('abort', abort)
    return asked.kind === 'aborted' && !signal.aborted ? failed(true, silentText(upstreams)) : asked
  }

  #askInOrder(
    asker: Asker,
    upstreams: readonly Upstream[],
    deadlineMs: number,
    signal: AbortSignal,
  ): Promise<Asked<Usable>> {
    const { nowMs } = this.#host
    const longestPatienceMs = ((deadlineMs - nowMs()) * FIRST_ROUND_SHARE) / upstreams.length
    let queriesLeft = this.#options.maxConnectAttempts ?? MAX_QUERIES_PER_UPSTREAM * upstreams.length
    const spend = () => nowMs() < deadlineMs && queriesLeft-- > 0
    return askUpstreams({
      candidates: this.#health.candidates(this.#order(upstreams)).map(({ upstream, patienceMs }) => ({
        upstream,
        patienceMs: Math.min(patienceMs, longestPatienceMs),
      })),
      attempt: (upstream, attemptSignal) =>
        this.#attempt(asker, { upstream, spend, deadlineMs, signal: attemptSignal }),
      isFailing: (upstream) => this.#health.isFailing(upstream),
      onSilence: (upstream) => this.#health.failed(upstream),
      signal,
    })
  }

  async #attempt({ query, servedHere }: Asker, one: Attempt): Promise<AttemptResult<Usable>> {
    const { nowMs, observer } = this.#host
    const startedMs = nowMs()
    const { readTimeoutMs = Infinity, forceTcp, failover } = this.#options
    const result = await exchange({
      ...one,
      query,
      transport: forceTcp ? 'stream' : 'udp',
      sourceAddress: this.#options.streams.sourceAddress,
      streams: this.#streams,
      nextId: this.#nextId,
      onConnection: (proto, isReused) => observer?.connected(one.upstream, proto, isReused),
      onMismatch: () => {
        this.#mismatches++
        observer?.mismatched()
      },
      nowMs,
      deadlineMs: Math.min(one.deadlineMs, nowMs() + readTimeoutMs),
    })
    if (result.kind === 'reply') observer?.replied(one.upstream, result.reply.rcode, nowMs() - startedMs)
    if (result.kind === 'aborted') return result
    if (result.kind === 'silence' || result.kind === 'network') {
      this.#health.failed(one.upstream)
      return { kind: 'failed', isSilence: result.kind === 'silence', lasting: false, text: result.text }
    }
    this.#heardMs = nowMs()
    this.#health.answered(one.upstream)
    const usable =
      result.kind === 'unusable'
        ? result
        : replyFromUpstream(query.question, one.upstream, result.reply, servedHere)
    if (usable.kind !== 'usable')
      return { kind: 'failed', isSilence: false, lasting: true, text: usable.text }
    const isUnwanted = failover.has(usable.reply.rcode) && !isBogus(usable.reply)
    return { kind: isUnwanted ? 'unwanted' : 'reply', reply: usable }
  }
}

/** Queries with these in common have the same answer. */
function keyOf(query: Query): string {
  const { question, lowerName, dnssecOk, checkingDisabled, recursionDesired, options } = query
  const flags = (dnssecOk ? 1 : 0) + (checkingDisabled ? 2 : 0) + (recursionDesired ? 4 : 0)
  return `${question.qtype},${question.qclass},${flags},${lowerName}${queryOptionsKey(options)}`
}

/** Waits for the upstreams, but no longer than the client does. Never rejects. */
function knownInTime(known: Promise<void>, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, timeoutMs)
  signal.addEventListener('abort', () => resolve(), { once: true })
  return Promise.race([known, promise]).finally(() => clearTimeout(timer))
}
