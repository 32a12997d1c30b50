import { ConfigError } from '../config/config-error.ts'
import type { Directive } from '../config/corefile.ts'
import { noBlock, parseDuration, requireArgs } from '../config/directive-arguments.ts'
import { failureReply } from '../zone/failure-reply.ts'
import type { Query, Reply } from '../zone/responder.ts'
import { MAX_TIMEOUT_MS } from './connection-timeout.ts'
import type { Plugin } from './plugin.ts'

/** A little more than the 5 s after which stub resolvers ask again, as CoreDNS has it. */
const DEFAULT_TIMEOUT_MS = 5_001

/** `cancel [TIMEOUT]`: a client whose answer takes longer gets SERVFAIL, and the work ends. Of several the last counts. */
export const cancel: Plugin = {
  name: 'cancel',
  setup(directives) {
    const [timeoutMs] = directives.map(timeoutOf).slice(-1)
    if (timeoutMs === undefined) return {}
    return {
      responder: (query, next) => {
        const reply = next(query)
        // What is asked on behalf of another question has the time that that one has.
        return reply instanceof Promise && query.depth === 0 ? inTime(query, reply, timeoutMs) : reply
      },
    }
  },
}

function timeoutOf(directive: Directive): number {
  requireArgs(directive, 0, 1, 'cancel [TIMEOUT]')
  noBlock(directive)
  const [argument] = directive.args
  if (argument === undefined) return DEFAULT_TIMEOUT_MS
  const timeoutMs = parseDuration(argument)
  if (timeoutMs > 0 && timeoutMs <= MAX_TIMEOUT_MS) return timeoutMs
  throw new ConfigError({
    code: 'SLICEDNS_CONFIG_VALUE',
    message: `"${argument.text}" is not a time to wait for an answer`,
    position: argument.position,
    hint: 'write one above 0 and up to 24h',
  })
}

async function inTime(query: Query, reply: Promise<Reply>, timeoutMs: number): Promise<Reply> {
  const late = Promise.withResolvers<Reply>()
  const timer = setTimeout(() => {
    late.resolve(failureReply(`no answer within ${timeoutMs} ms`))
    query.giveUp()
  }, timeoutMs)
  try {
    return await Promise.race([reply, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
