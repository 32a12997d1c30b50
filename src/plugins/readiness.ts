/** Whether a directive can answer as it should. */
export interface ReadyCheck {
  /** Of the directive. */
  readonly name: string
  readonly isReady: () => boolean
}

/** The checks of every server block that has `ready`, asked together: whichever port is asked, the process is meant. */
export class Readiness {
  readonly #groups: { readonly checks: readonly ReadyCheck[]; readonly continuously: boolean }[] = []
  readonly #seenReady = new WeakSet<ReadyCheck>()

  /**
   * Adds the checks of one block; the list may still grow. Unless they are watched `continuously`, who has once been ready is
   * not asked again.
   */
  add(checks: readonly ReadyCheck[], { continuously }: { readonly continuously: boolean }): void {
    this.#groups.push({ checks, continuously })
  }

  /** Names of the directives that are not ready, in order, each once. */
  notReady(): readonly string[] {
    const names = this.#groups.flatMap(({ checks, continuously }) =>
      checks.filter((check) => !this.#isReady(check, continuously)).map(({ name }) => name),
    )
    return [...new Set(names)].toSorted()
  }

  #isReady(check: ReadyCheck, continuously: boolean): boolean {
    if (!continuously && this.#seenReady.has(check)) return true
    if (!check.isReady()) return false
    this.#seenReady.add(check)
    return true
  }
}
