import type { Counters } from '../metrics/counters.ts'
import type { QueryMetrics } from '../metrics/query-metrics.ts'
import { NSID } from '../wire/edns.ts'
import { ExtendedErrorCode } from '../wire/extended-error.ts'
import { MessageWriter } from '../wire/message-writer.ts'
import { lowerCase } from '../wire/name.ts'
import { parseQuery } from '../wire/query.ts'
import type { AnswerableQuery, RejectedQuery } from '../wire/query.ts'
import { Rcode } from '../wire/rcode.ts'
import { queryOptionsOf } from '../zone/query-options.ts'
import type { Client, Question, Reply } from '../zone/responder.ts'
import { FAILED, askBlock } from './ask.ts'
import { errorReply } from './error-reply.ts'
import { QueryLife, ServerQuery } from './query.ts'
import type { LocalEndpoint, QueryOrigin } from './query.ts'
import { DEFAULT_QUERY_LIMITS } from './query-limits.ts'
import type { QueryLimits } from './query-limits.ts'
import { NO_BLOCK_TRAITS, composeRejection, composeResponse, sentFromOctets } from './response.ts'
import type { BlockTraits } from './response.ts'
import type { ServingPlan } from './serving-plan.ts'
import { WaitingQueries } from './waiting-queries.ts'
import type { Room, WaitingQuery } from './waiting-queries.ts'

/** Takes the octets of a reply, which hold only during the call. Called at most once per message. */
export type Send = (octets: Uint8Array) => void

/**
 * Answers one message: octets in, at most one reply out, never an exception. A reply that waits for nothing is sent
 * before this returns undefined; for any other there is something to wait for.
 */
export type Respond = (
  octets: Uint8Array,
  client: Client,
  local: LocalEndpoint,
  send: Send,
) => Pending | undefined

/** A query that waits for its answer. */
export interface Pending {
  /** Resolves when the reply is sent or the query aborted. Never rejects. */
  readonly finished: Promise<void>
  /** Nobody waits any more: no reply is sent, and whoever works on the answer is told through `query.signal`. */
  abort(): void
}

export interface MessageAnswererOptions {
  readonly plan: () => ServingPlan
  readonly counters: Counters
  /** Told what a responder or listener threw, and at which name. */
  readonly onError: (error: unknown, where: string) => void
  readonly queryLimits?: Partial<QueryLimits> | undefined
}

/** Answers messages by the plan of the moment. One for all listeners of a group, so that its bounds count them all. */
export class MessageAnswerer {
  readonly #options: MessageAnswererOptions
  readonly #writer = new MessageWriter()
  readonly #queryLimits: QueryLimits
  readonly #waiting: WaitingQueries<WaitingReply>

  constructor(options: MessageAnswererOptions) {
    const onError = (error: unknown, where: string): void => {
      options.counters.failedResponders++
      options.onError(error, where)
    }
    this.#options = { ...options, onError }
    this.#queryLimits = { ...DEFAULT_QUERY_LIMITS, ...options.queryLimits }
    this.#waiting = new WaitingQueries(this.#queryLimits)
  }

  /** Other bounds. Where more queries wait than they allow, those still get their answers. */
  setQueryLimits(limits: Partial<QueryLimits> | undefined): void {
    Object.assign(this.#queryLimits, DEFAULT_QUERY_LIMITS, limits)
  }

  /** Waits until no query is in flight, or until `graceMs` are over; then gives the rest SERVFAIL. */
  async drain(graceMs: number): Promise<void> {
    const deadline = Promise.withResolvers<void>()
    const timer = setTimeout(deadline.resolve, graceMs)
    const all = Promise.all([...this.#waiting].map((pending) => pending.finished))
    await Promise.race([all, deadline.promise])
    clearTimeout(timer)
    for (const pending of this.#waiting) pending.giveUp()
  }

  readonly respond: Respond = (octets, client, local, send) => {
    const { counters } = this.#options
    counters.received++
    const parsed = parseQuery(octets)
    if (parsed.ok) return this.#answer(parsed, { sizeOctets: octets.length, client, local, send })
    if (parsed.action === 'ignore') counters.ignored++
    else this.#reject(parsed, send)
    return undefined
  }

  #answer(parsed: AnswerableQuery, arrival: Arrival): Pending | undefined {
    const { onError } = this.#options
    const plan = this.#options.plan()
    const { question } = parsed
    const life = new QueryLife(originOf(parsed, arrival), (query) =>
      askBlock(query, plan.match(query.lowerName, query.question.qtype, query), onError),
    )
    const query = new ServerQuery(life, question, parsed.lowerName, 0)
    const block = plan.match(parsed.lowerName, question.qtype, query)
    const metrics = block === undefined ? plan.droppedMetrics : block.metrics
    const startedMs = metrics === undefined ? 0 : metrics.nowMs()
    const exchange = {
      life,
      question,
      traits: block ?? NO_BLOCK_TRAITS,
      send: arrival.send,
      metrics,
      startedMs,
    }
    const room = this.#waiting.roomFor(arrival.client.address)
    // What cannot wait is given up beforehand: then no upstream is asked in vain, and what we know ourselves is still said.
    if (room !== 'free') life.abort()
    const reply = askBlock(query, block, onError)
    if (!(reply instanceof Promise)) {
      this.#send(exchange, reply)
      return undefined
    }
    if (room === 'free') return this.#wait(exchange, reply)
    this.#shed(exchange, room)
    return undefined
  }

  #wait(exchange: Exchange, reply: Promise<Reply>): Pending {
    const { promise, resolve } = Promise.withResolvers<void>()
    const finish = (refusal: Reply): void => {
      exchange.life.abort()
      this.#send(exchange, refusal)
      resolve()
    }
    const pending: WaitingReply = {
      clientAddress: exchange.life.origin.client.address,
      finished: promise,
      abort: () => {
        if (!this.#waiting.delete(place)) return
        this.#options.counters.abandoned++
        exchange.life.abort()
        resolve()
      },
      giveWay: () => {
        this.#options.counters.shed++
        finish(OVERLOADED)
      },
      giveUp: () => {
        if (!this.#waiting.delete(place)) return
        this.#options.counters.abandoned++
        finish(STOPPING)
      },
    }
    const place = this.#waiting.add(pending)
    void reply.then((late) => {
      if (!this.#waiting.delete(place)) return
      this.#send(exchange, late)
      resolve()
    })
    return pending
  }

  #shed(exchange: Exchange, room: Exclude<Room, 'free'>): void {
    if (room === 'full') this.#options.counters.shed++
    else this.#options.counters.shedOfOneClient++
    this.#send(exchange, OVERLOADED)
  }

  #send(exchange: Exchange, reply: Reply): void {
    const { counters, onError } = this.#options
    const { life, question } = exchange
    if (reply.dropped === true) {
      counters.ignored++
      return
    }
    const where = question.qname
    let rcode = reply.rcode
    let octets: Uint8Array
    try {
      octets = composeResponse(this.#writer, { origin: life.origin, question }, reply, exchange.traits)
    } catch (error) {
      onError(error, where)
      rcode = FAILED.rcode
      octets = composeResponse(this.#writer, { origin: life.origin, question }, FAILED, exchange.traits)
    }
    counters.replied++
    const sizeOctets = octets.length
    // What the octets say is read first: they hold only until something else is composed.
    const sent = life.hasListeners ? sentFromOctets(octets, rcode) : undefined
    exchange.send(octets)
    if (sent !== undefined) life.replied(sent, (error) => onError(error, where))
    const { metrics, startedMs } = exchange
    const directive = reply.unanswered === true ? '' : life.directive
    metrics?.record(life.origin, { qtype: question.qtype, rcode, sizeOctets, directive, startedMs })
  }

  #reject(rejected: RejectedQuery, send: Send): void {
    const { counters, plan } = this.#options
    const { question, rcode } = rejected
    if (rcode === Rcode.FORMERR) counters.malformed++
    const block = question && plan().match(lowerCase(question.qname), question.qtype)
    counters.replied++
    send(composeRejection(this.#writer, rejected, block ?? NO_BLOCK_TRAITS))
  }
}

/** A query that waits, as seen from here. */
interface WaitingReply extends Pending, WaitingQuery {
  /** Nobody waits any more for the answer, but for the client, who is told. */
  giveUp(): void
}

/** Where a message came from and how it is answered. */
interface Arrival {
  readonly sizeOctets: number
  readonly client: Client
  readonly local: LocalEndpoint
  readonly send: Send
}

/** What is needed to send the reply, now or later. */
interface Exchange {
  readonly life: QueryLife
  readonly question: Question
  readonly traits: BlockTraits
  readonly send: Send
  /** Where it is counted, and when it came by the clock of that. */
  readonly metrics: QueryMetrics | undefined
  readonly startedMs: number
}

const OVERLOADED = errorReply(Rcode.SERVFAIL, {
  code: ExtendedErrorCode.OTHER,
  text: 'too many queries wait for an answer; ask again',
})

const STOPPING = errorReply(Rcode.SERVFAIL, {
  code: ExtendedErrorCode.OTHER,
  text: 'the server stops before it has the answer; ask again',
})

function originOf(parsed: AnswerableQuery, { sizeOctets, client, local }: Arrival): QueryOrigin {
  return {
    id: parsed.id,
    recursionDesired: parsed.recursionDesired,
    checkingDisabled: parsed.checkingDisabled,
    authenticData: parsed.authenticData,
    dnssecOk: parsed.opt?.dnssecOk ?? false,
    udpPayloadSize: parsed.opt?.udpPayloadSize,
    options: queryOptionsOf(parsed.opt),
    sizeOctets,
    client,
    local,
    asksForNsid: parsed.opt?.options.some(({ code }) => code === NSID) ?? false,
  }
}
