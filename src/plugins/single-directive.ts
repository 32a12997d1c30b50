import { ConfigError } from '../config/config-error.ts'
import type { Directive } from '../config/corefile.ts'

/** The directive, where a server block may have it once only. Throws a ConfigError at a second one; `hint` says how to mend. */
export function singleDirective(directives: readonly Directive[], hint: string): Directive | undefined {
  const [first, second] = directives
  if (second === undefined) return first
  throw new ConfigError({
    code: 'SLICEDNS_CONFIG_DIRECTIVE_TWICE',
    message: `a server block takes one "${second.name}" only`,
    position: second.position,
    hint,
  })
}
