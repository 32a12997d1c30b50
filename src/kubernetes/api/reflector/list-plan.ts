import type { Clock } from '../clock.ts'
import type { AttemptError } from './attempt-error.ts'

const PAGE_OBJECTS = 500
/** How long lists come in pages after a server refused a watch-list, and after a watch-list broke off. */
const PAGES_MS = 3_600_000
const FEW_PAGES_MS = 60_000

/** How the next list is asked for: as a watch-list, or in pages where that does not work. */
export class ListPlan {
  readonly #clock: Clock
  #pagesUntilMs = -Infinity
  #pageObjects: number | undefined = PAGE_OBJECTS

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get isWatchList(): boolean {
    return this.#clock.nowMs() >= this.#pagesUntilMs
  }

  /** Objects in one page; undefined for all in one. */
  get pageObjects(): number | undefined {
    return this.#pageObjects
  }

  complete(): void {
    this.#pageObjects = PAGE_OBJECTS
  }

  /** Says whether the list comes in pages at once. */
  failWatchList(failure: AttemptError): boolean {
    const isRefusal = failure.refusesWatchList || failure.kind === 'unfinished'
    const isLasting = isRefusal || failure.kind === 'event' || failure.kind === 'silent'
    const isBroken = failure.kind === 'cut' || failure.kind === 'malformed'
    const pagesMs = isLasting ? PAGES_MS : isBroken ? FEW_PAGES_MS : 0
    this.#pagesUntilMs = this.#clock.nowMs() + pagesMs
    return isRefusal
  }

  failPages(failure: AttemptError): void {
    // The next may come too late as well: one page cannot expire.
    if (failure.isExpired) this.#pageObjects = undefined
    // Then it was not for the watch-list that it was refused.
    if (failure.refusesWatchList) this.#pagesUntilMs = -Infinity
  }
}
