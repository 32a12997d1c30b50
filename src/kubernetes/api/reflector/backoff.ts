import type { AttemptError } from './attempt-error.ts'

const FIRST_MS = 200
const LONGEST_MS = 30_000
/** Where nobody answers there is nobody to spare, and what was deleted meanwhile must be gone within seconds of the return. */
const LONGEST_ABSENCE_MS = 10_000
/** A server that asks for longer is asked again after this all the same. */
const LONGEST_RETRY_AFTER_SECONDS = 60

/** How long to wait after failures in a row. Drawn at random, so that many clients do not come back in one instant. */
export class Backoff {
  readonly #random: () => number
  #failures = 0

  constructor(random: () => number) {
    this.#random = random
  }

  /**
   * After one more failure: up to 0.2 s, doubling to 30 s, or to 10 s where no server answered; from once to twice of what the
   * server asks for.
   */
  nextMs({ retryAfterSeconds, kind }: Pick<AttemptError, 'retryAfterSeconds' | 'kind'>): number {
    const isAbsent = kind === 'unreachable' || kind === 'cut'
    const longest = Math.min(isAbsent ? LONGEST_ABSENCE_MS : LONGEST_MS, FIRST_MS * 2 ** this.#failures)
    this.#failures = Math.min(this.#failures + 1, 10)
    const ownMs = longest * (0.5 + this.#random() / 2)
    const asked = Math.min(retryAfterSeconds ?? 0, LONGEST_RETRY_AFTER_SECONDS)
    return asked > 0 ? Math.max(ownMs, asked * 1000 * (1 + this.#random())) : ownMs
  }

  reset(): void {
    this.#failures = 0
  }
}
