import { ExtendedErrorCode } from '../wire/extended-error.ts'
import { lowerCase } from '../wire/name.ts'
import { joinChain } from '../zone/cname-chain.ts'
import { failureReply } from '../zone/failure-reply.ts'
import type { Query, Reply } from '../zone/responder.ts'
import type { RRset } from '../zone/rrset.ts'
import type { Asked } from './ask-upstreams.ts'
import type { UsableReply } from './upstream-reply.ts'

/** A reply that may be passed on. */
export type Usable = Extract<UsableReply, { kind: 'usable' }>

/** What one client is told of what the upstreams said: spelled as it asked, its chain finished where it comes home. */
export async function replyToClient(query: Query, asked: Asked<Usable>): Promise<Reply> {
  if (asked.kind === 'aborted') return givenUp()
  if (asked.kind === 'failed') {
    const code = asked.isSilence ? ExtendedErrorCode.NO_REACHABLE_AUTHORITY : ExtendedErrorCode.NETWORK_ERROR
    return failureReply(`no upstream gave an answer: ${shorten(asked.texts)}`, [], code)
  }
  const { reply, continueAt } = asked.reply
  const answer = reply.answer.map((rrset) => spelledFor(query, rrset))
  if (continueAt === undefined) return { ...reply, answer }
  const rest = await query.resolve({ ...query.question, qname: continueAt })
  // Our own data may change at any time, so no cache may hold it.
  return passing(joinChain({ rrsets: answer, authoritativeAnswer: false }, rest))
}

/** The reply may have been asked for by somebody who spells the name in another letter case. */
function spelledFor({ question: { qname }, lowerName }: Query, rrset: RRset): RRset {
  return rrset.owner !== qname && lowerCase(rrset.owner) === lowerName ? { ...rrset, owner: qname } : rrset
}

/** A reply that says nothing about the name. */
export function passing(reply: Reply): Reply {
  return { ...reply, uncacheable: true }
}

/** Nobody waits for it, so it is nothing for the log. */
export function givenUp(): Reply {
  const { error: _, ...reply } = failureReply('the query was given up before an upstream answered')
  return passing(reply)
}

/** Failures that a log line names; with 15 upstreams the first few tell the story. */
const MAX_FAILURE_TEXTS = 4

export function shorten(texts: readonly string[]): string {
  const more = texts.length - MAX_FAILURE_TEXTS
  return texts.slice(0, MAX_FAILURE_TEXTS).join('; ') + (more > 0 ? `; and ${more} more` : '')
}
