import { RrType } from '../../src/wire/rrtype.ts'
import type { Case, Rule } from './case.ts'
import type { Difference, Seen } from './compare.ts'
import { readReply } from './compare.ts'
import { aligned } from './directives/align.ts'
import { composeQuery } from './compose-query.ts'
import { judgeCut } from './cut.ts'
import type { Facts } from './facts.ts'
import type { Query } from './queries.ts'
import { judge } from './rules.ts'
import type { Verdict } from './rules.ts'
import { chainOf } from './rules-records.ts'
import type { Pair } from './servers.ts'

/** What became of one query. */
export interface Finding {
  readonly subject: Case
  readonly unlisted: readonly Difference[]
  readonly rules: readonly Rule[]
  /** Set where a reply was no message. */
  readonly fault?: string
}

const TIMEOUT_MS = 1500
/** A datagram may be lost on a busy machine: then it is asked again, with more patience. */
const SECOND_TIMEOUT_MS = 4000

/** Asks both servers and judges what they say. */
export async function examine(pair: Pair, facts: Facts, query: Query): Promise<Finding> {
  const asked = { facts, query, place: facts.placeOf(query.name) }
  try {
    const exchange = await exchangeBoth(pair, asked)
    const verdict = await judgeExchange(pair, exchange)
    return { subject: exchange.subject, ...verdict }
  } catch (error) {
    const subject = { ...asked, ours: undefined, theirs: undefined, end: undefined }
    return { subject, unlisted: [], rules: [], fault: String(error) }
  }
}

/** A case, and how many octets the replies had. */
export interface Exchange {
  readonly subject: Case
  readonly sizes: { readonly ours: number; readonly theirs: number }
}

async function judgeExchange(pair: Pair, exchange: Exchange): Promise<Verdict> {
  const { subject } = exchange
  const verdict = judge(subject)
  if (verdict.unlisted.length === 0 || subject.query.tcp) return verdict
  if (subject.ours === undefined || subject.theirs === undefined) return verdict
  const whole = await exchangeBoth(pair, { ...subject, query: { ...subject.query, tcp: true } })
  return judgeCut(exchange, whole) ?? verdict
}

/**
 * The longest that two servers took for one question, asking again included. On a busy machine one of them may have learnt, so long
 * after the other, what both keep; and where both count down in whole seconds, the second may turn in between.
 */
const SLOWEST_MS = new WeakMap<Pair, number>()

async function exchangeBoth(pair: Pair, asked: Pick<Case, 'facts' | 'query' | 'place'>): Promise<Exchange> {
  const { query, facts } = asked
  const octets = composeQuery(query)
  const startedMs = performance.now()
  const [ours, theirs] = await Promise.all([
    askTwice(pair.ours, octets, query),
    isNeverAnswered(asked)
      ? pair.theirs.ask(octets, { tcp: query.tcp, timeoutMs: TIMEOUT_MS })
      : askTwice(pair.theirs, octets, query),
  ])
  const slowestMs = Math.max(performance.now() - startedMs, SLOWEST_MS.get(pair) ?? 0)
  SLOWEST_MS.set(pair, slowestMs)
  const ourReply = readReply(ours, 'SliceDNS')
  const theirReply = readReply(theirs, 'CoreDNS')
  const subject: Case = {
    ...asked,
    ours: ourReply,
    theirs: aligned(theirReply, ourReply, facts.profile, 1 + Math.floor(slowestMs / 1000)),
    end: await askEnd(pair, asked),
  }
  return { subject, sizes: { ours: ours?.length ?? 0, theirs: theirs?.length ?? 0 } }
}

async function askTwice(
  asker: Pair['ours'],
  octets: Uint8Array,
  { tcp }: Query,
): Promise<Uint8Array | undefined> {
  return (
    (await asker.ask(octets, { tcp, timeoutMs: TIMEOUT_MS })) ??
    (await asker.ask(octets, { tcp, timeoutMs: SECOND_TIMEOUT_MS }))
  )
}

/** CoreDNS sends nothing where a PTR would lead to a Service without a name (docs/differences.md 9). */
function isNeverAnswered({ facts, query, place }: Pick<Case, 'facts' | 'query' | 'place'>): boolean {
  return query.type === RrType.PTR && place.kind === 'reverse' && facts.isUnlabelled(place.address ?? '')
}

/** What SliceDNS says of the name behind the query's chain of aliases, if there is one. */
async function askEnd(pair: Pair, { facts, query }: Pick<Case, 'facts' | 'query'>): Promise<Seen> {
  const { links, isEndless, end } = chainOf({ facts, query })
  if (links.length === 0 || isEndless) return undefined
  const octets = composeQuery({ ...query, name: end, tcp: true })
  return readReply(await pair.ours.ask(octets, { tcp: true, timeoutMs: SECOND_TIMEOUT_MS }), 'SliceDNS')
}
