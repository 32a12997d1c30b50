import type { Directive } from '../config/corefile.ts'
import { eachProperty, requireArgs } from '../config/directive-arguments.ts'
import type { Condition } from './expression/expression.ts'
import { parseCondition } from './expression/expression.ts'
import type { Plugin } from './plugin.ts'
import { singleDirective } from './single-directive.ts'

/** `view NAME { expr EXPRESSION }`: the server block takes those queries only of which every expression is true. */
export const view: Plugin = {
  name: 'view',
  setup(directives) {
    const directive = singleDirective(directives, 'write both expressions into the braces of one')
    if (directive === undefined) return {}
    const conditions = conditionsOf(directive)
    return { admits: (query) => conditions.every((condition) => condition(query)) }
  },
}

function conditionsOf(directive: Directive): readonly Condition[] {
  requireArgs(directive, 1, 1, 'view NAME { expr EXPRESSION }')
  const conditions: Condition[] = []
  eachProperty(directive, {
    expr: (property) => {
      requireArgs(property, 1, Infinity, 'expr EXPRESSION')
      conditions.push(parseCondition(property.args))
    },
  })
  return conditions
}
