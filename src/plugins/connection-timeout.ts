import { ConfigError } from '../config/config-error.ts'
import type { Argument } from '../config/corefile.ts'

const MIN_TIMEOUT_MS = 1_000
/** Longer waiting is a mistake. */
export const MAX_TIMEOUT_MS = 24 * 3_600_000

/** The time that the argument says, where it is one that a connection can have. Throws a ConfigError. */
export function connectionTimeout({ text, position }: Argument, timeoutMs: number): number {
  if (timeoutMs >= MIN_TIMEOUT_MS && timeoutMs <= MAX_TIMEOUT_MS) return timeoutMs
  throw new ConfigError({
    code: 'SLICEDNS_CONFIG_VALUE',
    message: `"${text}" is not a time from 1s to 24h`,
    position,
    hint: 'write a number and a unit, such as 10s or 2m',
  })
}
