/** More are counted as nothing: whoever mends these sees the next. */
const LIMIT = 100

/** Objects that are not served, or not all of them, and why. */
export class Quarantine {
  readonly #sentences = new Map<string, string>()
  readonly #seen = new Set<string>()
  readonly #changed: () => void

  /** `changed` is called once for each change. */
  constructor(changed: () => void) {
    this.#changed = changed
  }

  get sentences(): ReadonlyMap<string, string> {
    return this.#sentences
  }

  put(namespace: string, name: string, problems: readonly string[]): void {
    const key = keyOf(namespace, name)
    const sentence = problems.join('; ')
    const before = this.#sentences.get(key)
    if (before === undefined && this.#sentences.size >= LIMIT) return
    this.#seen.add(key)
    if (before === sentence) return
    this.#sentences.set(key, sentence)
    this.#changed()
  }

  delete(namespace: string, name: string): void {
    // Nearly always empty: then no key is made.
    if (this.#sentences.size > 0 && this.#sentences.delete(keyOf(namespace, name))) this.#changed()
  }

  beginList(): void {
    this.#seen.clear()
  }

  /** What the list did not hold is gone. */
  completeList(): void {
    const gone = [...this.#sentences.keys()].filter((key) => !this.#seen.has(key))
    for (const key of gone) this.#sentences.delete(key)
    if (gone.length > 0) this.#changed()
  }
}

function keyOf(namespace: string, name: string): string {
  return namespace === '' ? name : `${namespace}/${name}`
}
