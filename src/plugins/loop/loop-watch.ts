import type { DomainName } from '../../wire/name.ts'
import { lowerCase, nameFromLabels } from '../../wire/name.ts'
import { RrClass } from '../../wire/rrclass.ts'
import { RrType } from '../../wire/rrtype.ts'
import { failureReply } from '../../zone/failure-reply.ts'
import { NO_QUERY_OPTIONS } from '../../zone/query-options.ts'
import type { Next, Query, Question, Reply, Responder } from '../../zone/responder.ts'
import { Rcode } from '../../wire/rcode.ts'

export interface LoopWatchOptions {
  readonly zone: DomainName
  /** Must not be guessed by anybody: whoever knows it can make the zone fail. */
  readonly randomLabel: () => string
  readonly nowMs: () => number
  /** Told when queries begin to come back, and when they do not any more. */
  readonly onChange: (isLooping: boolean) => void
}

/** Between two probes, while there is a loop or an upstream does not answer. */
const PROBE_INTERVAL_MS = 10_000
/** A probe that has not come back by then does not. */
const PROBE_TIMEOUT_MS = 5_000

/**
 * Asks once, when the first query is forwarded, and again as long as the answer is bad. A probe is seen twice only where it
 * was sent back: it leaves here, and its name is told to nobody but the upstreams.
 */
export class LoopWatch {
  readonly #options: LoopWatchOptions
  #isLooping = false
  /** Whether an upstream has answered a probe that did not come back. */
  #isClear = false
  #probe: { readonly name: DomainName; cameBack: boolean } | undefined
  #lastProbeMs = -Infinity

  constructor(options: LoopWatchOptions) {
    this.#options = options
  }

  readonly respond: Responder = (query, next) => {
    const probe = this.#probe
    if (probe !== undefined && query.lowerName === probe.name) {
      probe.cameBack = true
      this.#setLooping(true)
      return LOOPING
    }
    if (!this.#isClear && probe === undefined && this.#isDue()) void this.#send(query, next)
    return this.#isLooping ? LOOPING : next(query)
  }

  #isDue(): boolean {
    return this.#options.nowMs() - this.#lastProbeMs >= PROBE_INTERVAL_MS
  }

  async #send(asker: Query, next: Next): Promise<void> {
    const { zone, randomLabel, nowMs } = this.#options
    const name = nameFromLabels([randomLabel(), randomLabel()], zone)
    // There is no room below a zone of nearly 255 octets.
    if (name === undefined) return
    const probe = { name, cameBack: false }
    this.#probe = probe
    this.#lastProbeMs = nowMs()
    const hasAnswer = await isAnswered(next, probeQuery(name, asker))
    this.#probe = undefined
    if (probe.cameBack || !hasAnswer) return
    this.#isClear = true
    this.#setLooping(false)
  }

  #setLooping(isLooping: boolean): void {
    if (this.#isLooping === isLooping) return
    this.#isLooping = isLooping
    this.#options.onChange(isLooping)
  }
}

const LOOPING: Reply = {
  ...failureReply('queries that are forwarded come back to this server: its upstreams form a loop'),
  uncacheable: true,
}

async function isAnswered(next: Next, probe: Query): Promise<boolean> {
  try {
    return (await next(probe)).rcode !== Rcode.SERVFAIL
  } catch {
    return false
  }
}

/** A question of our own: nobody waits for it, so nobody can give it up but the clock. */
function probeQuery(name: DomainName, asker: Query): Query {
  const withQuestion = (question: Question): Query => ({
    question,
    lowerName: lowerCase(question.qname),
    id: 0,
    recursionDesired: true,
    checkingDisabled: false,
    authenticData: false,
    dnssecOk: false,
    udpPayloadSize: undefined,
    options: NO_QUERY_OPTIONS,
    metadata: undefined,
    sizeOctets: 0,
    client: { ...asker.client, transport: 'udp' },
    local: asker.local,
    depth: 0,
    resolve: () => LOOPING,
    signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    giveUp: () => {},
    onReplied: () => {},
    withQuestion,
    withRecursionDesired: () => withQuestion(question),
    withOptions: () => withQuestion(question),
    withMetadata: () => withQuestion(question),
  })
  return withQuestion({ qname: name, qtype: RrType.HINFO, qclass: RrClass.IN })
}
