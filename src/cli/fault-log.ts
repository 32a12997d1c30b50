import type { Log } from '../plugins/plugin.ts'

/** Kinds of fault that are told apart; there should be none. */
const MAX_KINDS = 100

/**
 * Logs what this program itself did wrong while it answered. The stack trace is needed to mend it, and is long: it stands
 * in the first line of each kind only, so that a fault which every query meets does not fill the log.
 */
export class FaultLog {
  readonly #log: Log
  readonly #kinds = new Set<string>()
  readonly #showsStacks: () => boolean

  /** `showsStacks`: whether every line has one now. */
  constructor(log: Log, showsStacks: () => boolean) {
    this.#log = log
    this.#showsStacks = showsStacks
  }

  /** `where`: the question that met the fault. */
  report(error: unknown, where: string): void {
    const fields = this.#isNew(error) || this.#showsStacks() ? { where, err: error } : { where }
    this.#log.error(`answering failed: ${String(error)}`, fields)
  }

  #isNew(error: unknown): boolean {
    const kind = kindOf(error)
    if (this.#kinds.has(kind) || this.#kinds.size >= MAX_KINDS) return false
    this.#kinds.add(kind)
    return true
  }
}

/** The places it came through, without the message, which may have a name in it. */
function kindOf(error: unknown): string {
  const stack = error instanceof Error ? error.stack : undefined
  return (
    stack
      ?.split('\n')
      .filter((line) => /^\s+at /.test(line))
      .join('\n') ?? 'no stack'
  )
}
