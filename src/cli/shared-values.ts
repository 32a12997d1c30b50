/** Values of one kind that configurations share: each lasts from the first lease that asks for it to the end of the last. */
export class SharedValues<Value> {
  readonly #shared = new Map<string, { readonly value: Value; leases: number }>()
  readonly #onEnd: (value: Value) => Promise<void> | void

  /** `onEnd` is told of every value that nobody holds any more. */
  constructor(onEnd: (value: Value) => Promise<void> | void = () => {}) {
    this.#onEnd = onEnd
  }

  values(): readonly Value[] {
    return [...this.#shared.values()].map(({ value }) => value)
  }

  lease(): Lease<Value> {
    const held = new Set<string>()
    return {
      get: (key, create) => {
        let shared = this.#shared.get(key)
        if (shared === undefined) {
          shared = { value: create(), leases: 0 }
          this.#shared.set(key, shared)
        }
        if (!held.has(key)) shared.leases++
        held.add(key)
        return shared.value
      },
      end: async () => {
        const keys = [...held]
        held.clear()
        await Promise.all(keys.map((key) => this.#return(key)))
      },
    }
  }

  async #return(key: string): Promise<void> {
    const shared = this.#shared.get(key)
    if (shared === undefined) return
    shared.leases--
    if (shared.leases > 0) return
    this.#shared.delete(key)
    await this.#onEnd(shared.value)
  }
}

/** What one configuration holds. */
export interface Lease<Value> {
  /** The value under the key, made where nobody holds one. */
  get(key: string, create: () => Value): Value
  /** Gives everything back. Once is enough. */
  end(): Promise<void>
}
