/** Where one item stands; nowhere once it has been taken out. */
export interface Place<T> {
  readonly item: T
  queue: LinkedQueue<T> | undefined
  before: Place<T> | undefined
  behind: Place<T> | undefined
}

/**
 * Items in the order they came, each of which can be taken out in constant time. In place of a Set where items pass through without
 * end: the tables that a Set has outgrown lead from one to the next and to all that stood in them, and what the old generation
 * holds of those keeps the others from being collected while they are young. Here the links go with the item.
 */
export class LinkedQueue<T> {
  #oldest: Place<T> | undefined
  #newest: Place<T> | undefined
  #size = 0

  get size(): number {
    return this.#size
  }

  get oldest(): Place<T> | undefined {
    return this.#oldest
  }

  add(item: T): Place<T> {
    const place: Place<T> = { item, queue: this, before: this.#newest, behind: undefined }
    if (this.#newest === undefined) this.#oldest = place
    else this.#newest.behind = place
    this.#newest = place
    this.#size++
    return place
  }

  /** The place must be one of this queue. */
  remove(place: Place<T>): void {
    const { before, behind } = place
    if (before === undefined) this.#oldest = behind
    else before.behind = behind
    if (behind === undefined) this.#newest = before
    else behind.before = before
    place.queue = place.before = place.behind = undefined
    this.#size--
  }

  *[Symbol.iterator](): Generator<T> {
    for (let place = this.#oldest; place !== undefined;) {
      // The item may be taken out by whoever is given it.
      const { item, behind } = place
      yield item
      place = behind
    }
  }
}
