import type { Position } from '../../config/corefile.ts'

/** Something in a zone file that cannot be served, or is not what its author may think. */
export interface ZoneProblem {
  /** `error`: the zone is not served. `warning`: it is. */
  readonly severity: 'error' | 'warning'
  /** Stable, documented in docs/errors.md. */
  readonly code: `SLICEDNS_ZONE_${string}`
  /** What is wrong and how to mend it, without the position. */
  readonly message: string
  readonly position: Position
}

/** Problems kept of one zone, its included files counted in. */
export const MAX_ZONE_PROBLEMS = 1000

/** Collects the problems of one zone up to a bound. */
export class ZoneProblems {
  readonly #problems: ZoneProblem[] = []
  #omitted = 0
  #hasErrors = false

  get hasErrors(): boolean {
    return this.#hasErrors
  }

  error(code: ZoneProblem['code'], position: Position, message: string): void {
    this.#hasErrors = true
    this.#add({ severity: 'error', code, message, position })
  }

  warning(code: ZoneProblem['code'], position: Position, message: string): void {
    this.#add({ severity: 'warning', code, message, position })
  }

  /** In the order of their finding; the last one counts what was left out. */
  list(): readonly ZoneProblem[] {
    const last = this.#problems.at(-1)
    if (this.#omitted === 0 || last === undefined) return [...this.#problems]
    const message = `${this.#omitted} more problems are left out: mend the first ones`
    const severity = this.#hasErrors ? 'error' : 'warning'
    return [
      ...this.#problems,
      { severity, code: 'SLICEDNS_ZONE_MORE_PROBLEMS', message, position: last.position },
    ]
  }

  #add(problem: ZoneProblem): void {
    if (this.#problems.length < MAX_ZONE_PROBLEMS) this.#problems.push(problem)
    else this.#omitted++
  }
}

/** A word of a zone file in quotes, short and on one line whatever it holds. */
export function quoted(text: string): string {
  const short = text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text
  return `"${short.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')}"`
}

const MAX_QUOTED = 60
