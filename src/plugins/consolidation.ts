import type { Argument, Directive } from '../config/corefile.ts'
import { oneOf, parseDuration, requireArgs } from '../config/directive-arguments.ts'
import type { Regexp } from './regexp/regexp.ts'
import { regexpArgument } from './regexp/regexp.ts'
import type { Log } from './plugin.ts'

const USAGE = 'consolidate DURATION REGEXP [warning|error|info|debug] [show_first]'

/** Writes a line at one level. */
type Write = (log: Log, message: string) => void

const WRITE = {
  warning: (log, message) => log.warn(message),
  error: (log, message) => log.error(message),
  info: (log, message) => log.info(message),
  // CoreDNS shows those with `debug`; the log here has no such level.
  debug: () => {},
} as const satisfies Readonly<Record<string, Write>>

const LEVELS = ['warning', 'error', 'info', 'debug'] as const

export interface ConsolidationOptions {
  readonly durationMs: number
  /** As in the Corefile. */
  readonly durationText: string
  readonly regexp: Regexp
  readonly write: Write
  readonly showFirst: boolean
}

/** Reads `consolidate DURATION REGEXP [LEVEL] [show_first]`. Throws a ConfigError. */
export function parseConsolidate(property: Directive): ConsolidationOptions {
  requireArgs(property, 2, 4, USAGE)
  const [duration = NO_ARGUMENT, regexp = NO_ARGUMENT, ...words] = property.args
  const showFirst = words.at(-1)?.text === 'show_first'
  const [level, surplus] = showFirst ? words.slice(0, -1) : words
  if (surplus !== undefined) oneOf(surplus, ['show_first'])
  return {
    durationMs: parseDuration(duration),
    durationText: duration.text,
    regexp: regexpArgument(regexp),
    write: WRITE[level === undefined ? 'error' : oneOf(level, LEVELS)],
    showFirst,
  }
}

/** For the compiler: both have been asked for. */
const NO_ARGUMENT: Argument = { text: '', position: { file: '', line: 0, column: 0 } }

/** Counts messages that are alike, and writes one line for them all when its time is over. */
export class Consolidation {
  readonly #options: ConsolidationOptions
  readonly #log: Log
  #count = 0
  #timer: NodeJS.Timeout | undefined

  constructor(options: ConsolidationOptions, log: Log) {
    this.#options = options
    this.#log = log
  }

  /** Takes the message in, whose reason is `reason`; false where it is not one of these. */
  take(reason: string, line: string): boolean {
    const { regexp, showFirst, write, durationMs } = this.#options
    if (regexp.match(reason) === undefined) return false
    this.#count++
    if (this.#count > 1) return true
    this.#timer = setTimeout(() => this.flush(), Math.min(durationMs, MAX_TIMEOUT_MS)).unref()
    if (showFirst) write(this.#log, line)
    return true
  }

  /** Writes what has been counted so far. */
  flush(): void {
    const { regexp, durationText, showFirst, write } = this.#options
    clearTimeout(this.#timer)
    const count = this.#count
    this.#count = 0
    if (count === 0 || (count === 1 && showFirst)) return
    write(
      this.#log,
      `plugin/errors: ${count} errors like '${regexp.source}' occurred in last ${durationText}`,
    )
  }
}

/** Beyond, a timer of Node.js fires at once: 24 days. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1
