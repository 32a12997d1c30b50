/** Random numbers that a seed repeats: xorshift (Marsaglia 2003), 32 bits of state. */
export class SeededRandom {
  #state: number

  constructor(seed: number) {
    // 0 would stay 0 for ever.
    this.#state = seed >>> 0 || 0x9e3779b9
  }

  /** 0 to 2^32 - 1. */
  uint32(): number {
    let state = this.#state
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    this.#state = state >>> 0
    return this.#state
  }

  /** 0 to `limit` - 1. */
  below(limit: number): number {
    return limit <= 1 ? 0 : this.uint32() % limit
  }

  chance(oneIn: number): boolean {
    return this.below(oneIn) === 0
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)]
    if (item === undefined) throw new RangeError('Cannot pick from nothing')
    return item
  }

  octets(size: number): Uint8Array {
    return Uint8Array.from({ length: size }, () => this.below(256))
  }
}
