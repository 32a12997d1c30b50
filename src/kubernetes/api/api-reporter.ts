import { ENDPOINT_SLICES, ENDPOINTS } from './api-resource.ts'
import type { Clock } from './clock.ts'
import type { ApiWatch } from './feed.ts'

/** Where operators read. */
export interface ApiLog {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void
}

export interface ApiReporterOptions {
  readonly watches: () => readonly ApiWatch[]
  readonly clock: Clock
  readonly log: ApiLog
}

/** Reports are collected for so long: what stops one watch mostly stops all of them. */
const COLLECT_MS = 200
/** Until all is well again no more ways in which it fails are told. */
const MAX_TOLD_FAILURES = 100

interface Failing {
  readonly plural: string
  readonly message: string
}

/** Says in the log what is wrong with the watches of a cluster and when it is well again: a line for each change, not for each try. */
export class ApiReporter {
  readonly #options: ApiReporterOptions
  /** What stands in the log and is still so. */
  #told: ReadonlySet<string> = new Set()
  /** Failures that were told since all was well. */
  readonly #toldFailures = new Set<string>()
  #cancel: (() => void) | undefined

  constructor(options: ApiReporterOptions) {
    this.#options = options
  }

  /** Says what has changed, soon. */
  report(): void {
    this.#cancel ??= this.#options.clock.after(COLLECT_MS, () => {
      this.#cancel = undefined
      this.#tellChanges()
    })
  }

  stop(): void {
    this.#cancel?.()
  }

  /** What is wrong now, a line each: `Services, Namespaces: no connection to …`. */
  failures(): readonly string[] {
    return grouped(this.#failing())
  }

  /** What every watch is doing, a sentence each. */
  state(): readonly string[] {
    const nowMs = this.#options.clock.nowMs()
    return this.#options.watches().map((watch) => watchState(watch, nowMs))
  }

  /** What is wrong, a sentence each. */
  doubts(): readonly string[] {
    return this.failures().map(
      (failure) => `The API server does not give ${failure}; what is known of them may be out of date.`,
    )
  }

  /** Says that names are answered before everything is known. */
  warnLate(): void {
    const unsynced = this.#options.watches().filter(({ status }) => !status.hasSynced)
    const names = new Set(unsynced.map(({ resource }) => resource.plural))
    const why = this.failures()[0]
    this.#options.log.warn(
      `not synced with the API server yet: ${[...names].join(', ')} not complete${why === undefined ? '' : ` (${why})`}. Names that are not known are SERVFAIL until then`,
      { code: 'SLICEDNS_API_NOT_SYNCED' },
    )
  }

  #tellChanges(): void {
    const { log } = this.#options
    this.#tellFailures()
    const now = new Map([...this.#fallbackLines(), ...this.#objectLines()])
    for (const [line, code] of now) if (!this.#told.has(line)) log.warn(line, { code })
    this.#told = new Set(now.keys())
  }

  /** Each way of failing once for each resource, until nothing fails: two may take turns for hours. */
  #tellFailures(): void {
    const { log } = this.#options
    const failing = this.#failing()
    if (failing.length === 0) {
      if (this.#toldFailures.size > 0) log.info('the watches of the API server are well again')
      this.#toldFailures.clear()
      return
    }
    const fresh = failing.filter((one) => !this.#toldFailures.has(keyOf(one)))
    if (this.#toldFailures.size >= MAX_TOLD_FAILURES) return
    for (const one of fresh) this.#toldFailures.add(keyOf(one))
    for (const failure of grouped(fresh)) {
      const line = `the API server does not give ${failure}. What is known goes on being served; it is tried again`
      log.warn(line, { code: 'SLICEDNS_API_WATCH_FAILED' })
    }
  }

  #failing(): readonly Failing[] {
    return this.#options
      .watches()
      .flatMap(({ resource: { plural }, status: { failure } }) =>
        failure === undefined ? [] : [{ plural, message: failure.message }],
      )
  }

  #fallbackLines(): readonly (readonly [string, string])[] {
    const watched = this.#options.watches()
    const fallback = watched.find(({ resource }) => resource === ENDPOINTS)
    return fallback === undefined
      ? []
      : [
          [
            `${ENDPOINT_SLICES.plural} are not to be had: endpoints are followed in their place, which hold no more than 1,000 addresses each`,
            'SLICEDNS_API_ENDPOINTS_FALLBACK',
          ],
        ]
  }

  /** Lists that are held back, and objects that are served in part or as they were before. */
  *#objectLines(): Generator<readonly [string, string]> {
    for (const { resource, status } of this.#options.watches()) {
      const { held, quarantined } = status
      if (held !== undefined) {
        const counts = `${held.removed} of ${held.known}`
        yield [
          `a list of ${resource.plural} would remove ${counts}: held until a second one confirms it (mass_delete_guard)`,
          'SLICEDNS_API_MASS_DELETE_HELD',
        ]
      }
      for (const [name, why] of quarantined) {
        yield [`${resource.kind} ${name}: ${why}`, 'SLICEDNS_API_OBJECT_QUARANTINED']
      }
    }
  }
}

/** Those that fail in one way on one line. */
function grouped(failing: readonly Failing[]): readonly string[] {
  return [...Map.groupBy(failing, ({ message }) => message)].map(([message, those]) => {
    const plurals = new Set(those.map(({ plural }) => plural))
    return `${[...plurals].join(', ')}: ${message}`
  })
}

/** The same for texts that differ by numbers only: times, request ids and resourceVersions change with each try. */
function keyOf({ plural, message }: Failing): string {
  return `${plural} ${message.replaceAll(/[\da-f]*\d[\da-f]*/gi, '0')}`
}

function watchState({ resource, namespace, status }: ApiWatch, nowMs: number): string {
  const { objects, lastListMs, lastEventMs, watchSinceMs, restarts, quarantined, held } = status
  const parts = [
    `${objects} objects`,
    lastListMs === undefined ? 'not listed yet' : `listed ${seconds(nowMs - lastListMs)} ago`,
    ...(lastEventMs === undefined ? [] : [`last told ${seconds(nowMs - lastEventMs)} ago`]),
    watchSinceMs === undefined ? 'not watched' : `watched for ${seconds(nowMs - watchSinceMs)}`,
    `${restarts} restarts`,
    ...(quarantined.size === 0 ? [] : [`${quarantined.size} served in part or as before`]),
    ...(held === undefined ? [] : [`${held.removed} deletions held`]),
  ]
  const scope = namespace === undefined ? '' : ` of namespace ${namespace}`
  return `${resource.plural}${scope}: ${parts.join(', ')}.`
}

function seconds(ms: number): string {
  return `${Math.max(0, Math.round(ms / 1000))} s`
}
