import { eachProperty, oneOf, requireArgs } from '../config/directive-arguments.ts'
import { rrTypeToText } from '../wire/rrtype.ts'
import type { Query, Reply } from '../zone/responder.ts'
import { refuseProperties } from './not-supported.ts'
import type { Log, Plugin } from './plugin.ts'
import { singleDirective } from './single-directive.ts'

/** `errors [stdout]`: writes a line for every query that failed, such as `2 example.org. A: no upstream answered`. */
export const errors: Plugin = {
  name: 'errors',
  setup(directives, { host }) {
    const directive = singleDirective(directives, 'remove this one')
    if (directive === undefined) return {}
    requireArgs(directive, 0, 1, 'errors')
    for (const place of directive.args) oneOf(place, ['stdout'])
    eachProperty(directive, refuseProperties(directive, ['consolidate', 'stacktrace']))
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
