import type { Clock } from '../../src/kubernetes/api/clock.ts'

interface Timer {
  readonly dueMs: number
  readonly callback: () => void
}

/** A clock that stands still until it is told to go on. */
export class VirtualClock implements Clock {
  #nowMs: number
  /** In the order in which they were set. */
  readonly #timers = new Set<Timer>()

  constructor(nowMs = 1_700_000_000_000) {
    this.#nowMs = nowMs
  }

  nowMs(): number {
    return this.#nowMs
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { dueMs: this.#nowMs + Math.max(0, delayMs), callback }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#timers.size
  }

  /** When the next timer is due; undefined without one. */
  get nextMs(): number | undefined {
    return this.#next()?.dueMs
  }

  /** Goes on by so much, timer after timer, each followed by all that it sets going. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms
    await settled()
    for (let timer = this.#next(); timer !== undefined && timer.dueMs <= endMs; timer = this.#next()) {
      this.#run(timer)
      await settled()
    }
    this.#nowMs = endMs
  }

  /** Goes on to the next timer, whenever that is, and runs it. */
  runNext(): void {
    const timer = this.#next()
    if (timer !== undefined) this.#run(timer)
  }

  #run(timer: Timer): void {
    this.#timers.delete(timer)
    this.#nowMs = Math.max(this.#nowMs, timer.dueMs)
    timer.callback()
  }

  #next(): Timer | undefined {
    let next: Timer | undefined
    for (const timer of this.#timers) if (next === undefined || timer.dueMs < next.dueMs) next = timer
    return next
  }
}

/** When all promises that can be settled are. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
