/**
 * The names of all objects that are known, each with the list that told it last. By namespace and then by name, so that no
 * text is made and kept for each of hundreds of thousands.
 */
export class KnownObjects {
  readonly #namespaces = new Map<string, Map<string, number>>()
  #list = 0
  #count = 0
  #seen = 0

  get count(): number {
    return this.#count
  }

  /** How many have not been told since `beginList`. */
  get unseenCount(): number {
    return this.#count - this.#seen
  }

  /** From now on every object counts as unseen. */
  beginList(): void {
    this.#list += 1
    this.#seen = 0
  }

  has(namespace: string, name: string): boolean {
    return this.#namespaces.get(namespace)?.has(name) === true
  }

  /** It is known, and seen. */
  see(namespace: string, name: string): void {
    let names = this.#namespaces.get(namespace)
    if (names === undefined) this.#namespaces.set(namespace, (names = new Map<string, number>()))
    const list = names.get(name)
    if (list === this.#list) return
    if (list === undefined) this.#count += 1
    this.#seen += 1
    names.set(name, this.#list)
  }

  delete(namespace: string, name: string): void {
    const names = this.#namespaces.get(namespace)
    const list = names?.get(name)
    if (names === undefined || list === undefined) return
    names.delete(name)
    if (names.size === 0) this.#namespaces.delete(namespace)
    this.#count -= 1
    if (list === this.#list) this.#seen -= 1
  }

  /** Those that have not been told since `beginList`. Each may be deleted when it has been given. */
  *unseen(): Generator<{ readonly namespace: string; readonly name: string }> {
    for (const [namespace, names] of this.#namespaces) {
      for (const [name, list] of names) if (list !== this.#list) yield { namespace, name }
    }
  }
}
