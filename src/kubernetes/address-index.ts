import type { IpAddress, Ipv4, Ipv6 } from '../wire/rdata.ts'
import { Ipv4Map } from './ipv4-map.ts'

/** After this many changes nobody asked in between, sorting anew on demand is cheaper than keeping the order. */
const MAX_UNASKED_CHANGES = 1000

/** Which objects hold an address. Most addresses are held by one, so a single holder is stored without an array. */
export class AddressIndex<Holder extends object> {
  readonly #ipv4Holders = new Ipv4Map<Holder | readonly Holder[]>()
  readonly #ipv6Holders = new Map<string, Holder | readonly Holder[]>()
  /** All addresses in order, made when `someWithin` is first asked and then kept up to date. */
  readonly #sorted: Sorted = { ipv4: undefined, ipv6: undefined, unaskedChanges: 0 }

  /** Once is enough: an object holds an address or does not. */
  add(address: IpAddress, holder: Holder): void {
    const held = this.#holdIfFree(address, holder)
    if (held === undefined) {
      insert(this.#sorted, address)
    } else if (!isList(held)) {
      if (held !== holder) this.#hold(address, [held, holder])
    } else if (!held.includes(holder)) {
      this.#hold(address, [...held, holder])
    }
  }

  remove(address: IpAddress, holder: Holder): void {
    const left = this.get(address).filter((other) => other !== holder)
    const [first] = left
    if (first !== undefined) this.#hold(address, left.length === 1 ? first : left)
    else if (this.#letGo(address)) drop(this.#sorted, address)
  }

  get(address: IpAddress): readonly Holder[] {
    const held = this.#held(address)
    if (held === undefined) return []
    return isList(held) ? held : [held]
  }

  /**
   * Whether `test` is true of an address from `low` to `high` (one family). The first call sorts all addresses; after
   * that a call costs a binary search and one test per address in the range until one succeeds.
   */
  someWithin(low: IpAddress, high: IpAddress, test: (address: IpAddress) => boolean): boolean {
    const addresses = typeof low === 'number' ? this.#ipv4() : this.#ipv6()
    for (let index = lowerBound(addresses, low); index < addresses.length; index++) {
      const address = addresses[index]
      if (address === undefined || address > high) return false
      if (test(address)) return true
    }
    return false
  }

  #held(address: IpAddress): Holder | readonly Holder[] | undefined {
    if (typeof address === 'number') return this.#ipv4Holders.get(address)
    return this.#ipv6Holders.get(addressText(address))
  }

  /** Gives who holds it already. */
  #holdIfFree(address: IpAddress, holder: Holder): Holder | readonly Holder[] | undefined {
    if (typeof address === 'number') return this.#ipv4Holders.setIfAbsent(address, holder)
    const key = addressText(address)
    const held = this.#ipv6Holders.get(key)
    if (held === undefined) this.#ipv6Holders.set(key, holder)
    return held
  }

  #hold(address: IpAddress, held: Holder | readonly Holder[]): void {
    if (typeof address === 'number') this.#ipv4Holders.replace(address, held)
    else this.#ipv6Holders.set(addressText(address), held)
  }

  #letGo(address: IpAddress): boolean {
    if (typeof address === 'number') return this.#ipv4Holders.delete(address)
    return this.#ipv6Holders.delete(addressText(address))
  }

  #ipv4(): readonly IpAddress[] {
    this.#sorted.unaskedChanges = 0
    this.#sorted.ipv4 ??= [...this.#ipv4Holders.sortedKeys()]
    return this.#sorted.ipv4
  }

  #ipv6(): readonly IpAddress[] {
    this.#sorted.unaskedChanges = 0
    this.#sorted.ipv6 ??= [...this.#ipv6Holders.keys()].map((key) => BigInt(`0x${key}`)).toSorted(compare)
    return this.#sorted.ipv6
  }
}

/**
 * What a Map can hold an address by. V8 hashes a bigint by its low 64 bits alone, and Pods of many nodes share those
 * (10,000 such insertions: 212 ms against 3 ms), so IPv6 addresses go by their hexadecimal text.
 */
export type AddressKey = Ipv4 | string

export function addressKey(address: IpAddress): AddressKey {
  return typeof address === 'number' ? address : addressText(address)
}

function addressText(address: Ipv6): string {
  return address.toString(16)
}

interface Sorted {
  ipv4: IpAddress[] | undefined
  ipv6: IpAddress[] | undefined
  unaskedChanges: number
}

function insert(sorted: Sorted, address: IpAddress): void {
  const addresses = kept(sorted, address)
  addresses?.splice(lowerBound(addresses, address), 0, address)
}

function drop(sorted: Sorted, address: IpAddress): void {
  const addresses = kept(sorted, address)
  addresses?.splice(lowerBound(addresses, address), 1)
}

/** The list to change, if there is one and nothing speaks for making it anew when it is next wanted. */
function kept(sorted: Sorted, address: IpAddress): IpAddress[] | undefined {
  if (++sorted.unaskedChanges > MAX_UNASKED_CHANGES) {
    sorted.ipv4 = undefined
    sorted.ipv6 = undefined
  }
  return typeof address === 'number' ? sorted.ipv4 : sorted.ipv6
}

/** The index of the first address that is not below `wanted`. */
function lowerBound(addresses: readonly IpAddress[], wanted: IpAddress): number {
  let low = 0
  let high = addresses.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const address = addresses[middle]
    if (address !== undefined && address < wanted) low = middle + 1
    else high = middle
  }
  return low
}

function compare(one: IpAddress, other: IpAddress): number {
  return one < other ? -1 : Number(one > other)
}

function isList<T extends object>(held: T | readonly T[]): held is readonly T[] {
  return Array.isArray(held)
}
