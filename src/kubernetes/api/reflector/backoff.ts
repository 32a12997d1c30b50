const FIRST_MS = 200
const LONGEST_MS = 30_000
/** A server that asks for longer is asked again after this all the same. */
const LONGEST_RETRY_AFTER_SECONDS = 60

/** How long to wait after failures in a row. Drawn at random, so that many clients do not come back in one instant. */
export class Backoff {
  readonly #random: () => number
  #failures = 0

  constructor(random: () => number) {
    this.#random = random
  }

  /** After one more failure: up to 0.2 s, doubling to 30 s; from once to twice of what the server asks for. */
  nextMs(retryAfterSeconds: number | undefined): number {
    const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#failures)
    this.#failures = Math.min(this.#failures + 1, 10)
    const ownMs = longest * (0.5 + this.#random() / 2)
    const asked = Math.min(retryAfterSeconds ?? 0, LONGEST_RETRY_AFTER_SECONDS)
    return asked > 0 ? Math.max(ownMs, asked * 1000 * (1 + this.#random())) : ownMs
  }

  reset(): void {
    this.#failures = 0
  }
}
