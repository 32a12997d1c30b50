import { eachProperty, oneOf, requireArgs } from '../config/directive-arguments.ts'
import { rrTypeToText } from '../wire/rrtype.ts'
import type { Query, Reply } from '../zone/responder.ts'
import { Consolidation, parseConsolidate } from './consolidation.ts'
import type { BlockParts, Plugin } from './plugin.ts'
import { singleDirective } from './single-directive.ts'

/**
 * `errors { consolidate DURATION REGEXP [LEVEL] [show_first]; stacktrace }`: writes a line for every query that failed, such
 * as `2 example.org. A: no upstream answered`, or one for all that are alike.
 */
export const errors: Plugin = {
  name: 'errors',
  setup(directives, { host }) {
    const directive = singleDirective(directives, 'remove this one')
    if (directive === undefined) return {}
    requireArgs(directive, 0, 1, 'errors')
    for (const place of directive.args) oneOf(place, ['stdout'])
    const consolidations: Consolidation[] = []
    const stacks: Pick<BlockParts, 'showsStacks'>[] = []
    eachProperty(directive, {
      consolidate: (property) =>
        void consolidations.push(new Consolidation(parseConsolidate(property), host.log)),
      stacktrace: (property) => {
        requireArgs(property, 0, 0, 'stacktrace')
        stacks.push({ showsStacks: true })
      },
    })
    host.onClose(() => {
      for (const consolidation of consolidations) consolidation.flush()
    })
    const report = (query: Query, reply: Reply): Reply => {
      const { error } = reply
      if (error === undefined) return reply
      const line = errorLine(query, reply, error)
      // The first that matches takes it.
      if (!consolidations.some((consolidation) => consolidation.take(error, line))) host.log.error(line)
      return reply
    }
    return {
      ...stacks[0],
      responder: (query, next) => {
        const reply = next(query)
        return reply instanceof Promise ? reply.then((late) => report(query, late)) : report(query, reply)
      },
    }
  },
}

function errorLine({ question, lowerName }: Query, { rcode }: Reply, reason: string): string {
  return `plugin/errors: ${rcode} ${lowerName} ${rrTypeToText(question.qtype)}: ${reason}`
}
