import { ExtendedErrorCode } from '../wire/extended-error.ts'
import { Rcode } from '../wire/rcode.ts'
import type { Next, Reply, Responder } from '../zone/responder.ts'
import { errorReply } from './error-reply.ts'
import { ServerQuery } from './query.ts'

/** A server block matched and nothing in it answered: SERVFAIL, as differences.md 22 says. */
const UNANSWERED: Reply = {
  ...errorReply(Rcode.SERVFAIL, {
    code: ExtendedErrorCode.NOT_AUTHORITATIVE,
    text: 'no directive in the server block of this name answers it (is a forward or a fallthrough missing?)',
  }),
  unanswered: true,
}

/**
 * Joins responders into one function. The first is asked first; what it passes to `next` goes to the second, and so on.
 * Passed beyond the last, a query gets SERVFAIL with `unanswered` set. The closures are made here, once: a query
 * allocates nothing on its way through.
 */
export function composeChain(responders: readonly Responder[]): Next {
  return responders.reduceRight<Next>(
    (next, responder) => (query) => responder(query, next),
    () => UNANSWERED,
  )
}

/** The responder of a directive, which also notes on the client's query that it came this far. */
export function noting(directive: string, responder: Responder): Responder {
  return (query, next) => {
    if (query instanceof ServerQuery) query.reached(directive)
    return responder(query, next)
  }
}
