import { ConfigError } from '../../config/config-error.ts'
import type { Argument } from '../../config/corefile.ts'

/** The error for a `rewrite` rule that is not complete, or has a word too many. */
export function ruleError(message: string, { position }: Argument, usage: string): ConfigError {
  return new ConfigError({ code: 'SLICEDNS_CONFIG_REWRITE', message, position, hint: `write ${usage}` })
}
