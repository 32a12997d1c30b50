import { noBlock, requireArgs } from '../config/directive-arguments.ts'
import { rrTypeToText } from '../wire/rrtype.ts'
import type { Query, Reply } from '../zone/responder.ts'
import type { Log, Plugin } from './plugin.ts'

/** `errors`: writes a line for every query that failed, such as `2 example.org. A: no upstream answered in time`. */
export const errors: Plugin = {
  name: 'errors',
  setup(directives, { host }) {
    for (const directive of directives) {
      requireArgs(directive, 0, 0, 'errors')
      noBlock(directive)
    }
    return {
      responder: (query, next) => {
        const reply = next(query)
        return reply instanceof Promise
          ? reply.then((late) => report(query, late, host.log))
          : report(query, reply, host.log)
      },
    }
  },
}

function report(query: Query, reply: Reply, log: Log): Reply {
  if (reply.error === undefined) return reply
  const { qtype } = query.question
  log.error(`plugin/errors: ${reply.rcode} ${query.lowerName} ${rrTypeToText(qtype)}: ${reply.error}`)
  return reply
}
