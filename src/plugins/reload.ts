import { ConfigError } from '../config/config-error.ts'
import type { Argument } from '../config/corefile.ts'
import { noBlock, parseDuration, requireArgs } from '../config/directive-arguments.ts'
import type { Plugin } from './plugin.ts'
import { singleDirective } from './single-directive.ts'

/** As CoreDNS. */
const DEFAULT_INTERVAL_MS = 30_000
const MIN_INTERVAL_MS = 2_000
const DEFAULT_JITTER_MS = 15_000
const MIN_JITTER_MS = 1_000

/**
 * `reload [INTERVAL] [JITTER]`: looks now and then whether the Corefile, or a file that it imports, says something else, and
 * then serves that. Replicas do not all look at once: the interval is up to half of JITTER shorter or longer.
 */
export const reload: Plugin = {
  name: 'reload',
  setup(directives, { host }) {
    const directive = singleDirective(directives, 'keep one of them')
    if (directive === undefined) return {}
    requireArgs(directive, 0, 2, 'reload [INTERVAL] [JITTER]')
    noBlock(directive)
    const [interval, jitter] = directive.args
    const intervalMs = interval === undefined ? DEFAULT_INTERVAL_MS : parseDuration(interval)
    if (interval !== undefined && intervalMs < MIN_INTERVAL_MS) throw tooShort(interval, 'at least 2s')
    const jitterMs = jitter === undefined ? DEFAULT_JITTER_MS : parseDuration(jitter)
    if (jitter !== undefined && jitterMs !== 0 && jitterMs < MIN_JITTER_MS)
      throw tooShort(jitter, '0, or at least 1s')
    return { reloadIntervalMs: intervalMs + Math.min(jitterMs, intervalMs / 2) * (host.random() - 0.5) }
  },
}

function tooShort({ text, position }: Argument, hint: string): ConfigError {
  return new ConfigError({
    code: 'SLICEDNS_CONFIG_VALUE',
    message: `"${text}" is too short for "reload"`,
    position,
    hint: `write ${hint}`,
  })
}
