const EMPTY: ReadonlyMap<string, never> = new Map<string, never>()

/** Values by namespace and name. Maps, not objects: `__proto__` is a name like any other. */
export class NamespacedMap<Value> {
  readonly #namespaces = new Map<string, Map<string, Value>>()

  get(namespace: string, name: string): Value | undefined {
    return this.#namespaces.get(namespace)?.get(name)
  }

  /** All values of one namespace, by name. */
  in(namespace: string): ReadonlyMap<string, Value> {
    return this.#namespaces.get(namespace) ?? EMPTY
  }

  set(namespace: string, name: string, value: Value): void {
    const values = this.#namespaces.get(namespace)
    if (values === undefined) this.#namespaces.set(namespace, new Map([[name, value]]))
    else values.set(name, value)
  }

  delete(namespace: string, name: string): void {
    const values = this.#namespaces.get(namespace)
    values?.delete(name)
    if (values?.size === 0) this.#namespaces.delete(namespace)
  }
}
