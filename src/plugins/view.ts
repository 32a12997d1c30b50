import type { Directive } from '../config/corefile.ts'
import { eachProperty, requireArgs } from '../config/directive-arguments.ts'
import type { Condition } from './expression/expression.ts'
import { parseCondition } from './expression/expression.ts'
import type { MetadataSource, Plugin } from './plugin.ts'
import { singleDirective } from './single-directive.ts'

/**
 * `view NAME { expr EXPRESSION }`: the server block takes those queries only of which every expression is true. NAME is the
 * label `view` of its metrics, and the metadata `view/name`.
 */
export const view: Plugin = {
  name: 'view',
  setup(directives, { metadata }) {
    const directive = singleDirective(directives, 'write both expressions into the braces of one')
    if (directive === undefined) return {}
    const conditions = conditionsOf(directive, (query, label) => metadata()?.(query, label))
    const [viewName = ''] = directive.args.map(({ text }) => text)
    return {
      admits: (query) => conditions.every((condition) => condition(query)),
      metadataSource: (_query, label) => (label === 'view/name' ? viewName : undefined),
    }
  },
}

function conditionsOf(directive: Directive, metadata: MetadataSource): readonly Condition[] {
  requireArgs(directive, 1, 1, 'view NAME { expr EXPRESSION }')
  const conditions: Condition[] = []
  eachProperty(directive, {
    expr: (property) => {
      requireArgs(property, 1, Infinity, 'expr EXPRESSION')
      conditions.push(parseCondition(property.args, metadata))
    },
  })
  return conditions
}
