import { ConfigError } from '../../src/config/config-error.ts'

/** The ConfigError that `work` throws. Fails where it throws none, or something else. */
export function configErrorOf(work: () => unknown): ConfigError {
  try {
    work()
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
