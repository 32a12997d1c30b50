/** Chance that a seed repeats: equal seeds give equal numbers. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number
  /** From `low` to `high`, both included. */
  integer(low: number, high: number): number
  /** Whether a thing of that probability happens. */
  chance(probability: number): boolean
  /** One of them. Throws a RangeError for none. */
  pick<T>(items: readonly T[]): T
  /** A copy in another order. */
  shuffle<T>(items: readonly T[]): T[]
}

/** A generator of 32 bits of state (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const integer = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  const pick = <T>(items: readonly T[]): T => {
    const item = items[integer(0, items.length - 1)]
    if (item === undefined) throw new RangeError('Cannot pick from nothing')
    return item
  }
  return {
    next,
    integer,
    pick,
    chance: (probability) => next() < probability,
    shuffle: (items) => {
      const order = items.map((item) => ({ item, key: next() }))
      return order.toSorted((one, other) => one.key - other.key).map(({ item }) => item)
    },
  }
}

/** A number from a text, the same for the same text: for seeds of parts. */
export function seedFrom(text: string): number {
  let hash = 0x811c9dc5
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return hash >>> 0
}
