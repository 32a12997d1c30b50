/** More of one object are counted, not told: a slice can hold a thousand bad endpoints. */
const TOLD_MAX = 8

const NONE: readonly string[] = []

/** What is wrong with the object at hand, a sentence each. */
export class Problems {
  #told: string[] = []
  #count = 0

  add(sentence: string): void {
    this.#count++
    if (this.#count <= TOLD_MAX) this.#told.push(sentence)
  }

  /** How many there are. */
  get count(): number {
    return this.#count
  }

  /** What was added since the last time; the same empty array where nothing was. */
  take(): readonly string[] {
    if (this.#count === 0) return NONE
    const rest = this.#count - this.#told.length
    const told = rest > 0 ? [...this.#told, `${rest} more problems of this kind`] : this.#told
    this.#told = []
    this.#count = 0
    return told
  }
}
