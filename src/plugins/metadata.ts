import { noBlock, zoneArguments } from '../config/directive-arguments.ts'
import type { Plugin } from './plugin.ts'
import { singleDirective } from './single-directive.ts'

/** `metadata [ZONES…]`: accepted, and does nothing: what `log` can say of a query it knows without. */
export const metadata: Plugin = {
  name: 'metadata',
  setup(directives) {
    const directive = singleDirective(directives, 'remove this one')
    if (directive === undefined) return {}
    zoneArguments(directive.args)
    noBlock(directive)
    return {}
  },
}
