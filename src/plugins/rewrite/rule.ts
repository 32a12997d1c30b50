import type { Next, Query, Reply } from '../../zone/responder.ts'

/** Changes a reply on its way back. `query` is the one that was asked in the end. */
export type ResponseRule = (reply: Reply, query: Query) => Reply | Promise<Reply>

/** What a rule made of a query. */
export type Rewritten =
  | {
      readonly query: Query
      readonly responseRules: readonly ResponseRule[]
      /** It has not done what it is for, and the rules behind it are tried too. */
      readonly isMiss?: true
    }
  /** It cannot be asked at all. */
  | { readonly reply: Reply }

/** One line of `rewrite`. */
export interface RewriteRule {
  /** Whether the rules behind it are tried too, once it has matched. */
  readonly continues: boolean
  /** Undefined where it does not match. */
  apply(query: Query): Rewritten | undefined
}

/**
 * Applies rules in their order, up to the first that matches and does not continue, and asks what came of it. Rules for the
 * response are applied in the opposite order.
 */
export function rewriteAndAsk(
  rules: readonly RewriteRule[],
  asked: Query,
  next: Next,
): Reply | Promise<Reply> {
  let query = asked
  const responseRules: ResponseRule[] = []
  for (const rule of rules) {
    const rewritten = rule.apply(query)
    if (rewritten === undefined) continue
    if ('reply' in rewritten) return rewritten.reply
    query = rewritten.query
    responseRules.unshift(...rewritten.responseRules.toReversed())
    if (!rule.continues && rewritten.isMiss !== true) break
  }
  const reply = next(query)
  if (responseRules.length === 0) return reply
  return reply instanceof Promise
    ? reply.then((late) => applyAll(responseRules, late, query))
    : applyAll(responseRules, reply, query)
}

function applyAll(rules: readonly ResponseRule[], reply: Reply, query: Query): Reply | Promise<Reply> {
  let rewritten = reply
  for (const [index, rule] of rules.entries()) {
    const result = rule(rewritten, query)
    if (result instanceof Promise) return result.then((late) => applyAll(rules.slice(index + 1), late, query))
    rewritten = result
  }
  return rewritten
}
