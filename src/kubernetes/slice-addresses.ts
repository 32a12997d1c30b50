import type { IpAddress } from '../wire/rdata.ts'
import { AddressIndex } from './address-index.ts'
import type { EndpointSlice } from './objects.ts'
import { sliceAddresses } from './packed-slice.ts'

/**
 * Which EndpointSlices hold an address. Only reverse names and those of name servers need it: while a cluster is read slices wait, and
 * are taken in when somebody asks, or one at a time. (150,000 endpoints: 55 ms of CPU that no other answer waits for.)
 */
export class SliceAddresses {
  readonly #index = new AddressIndex<EndpointSlice>()
  readonly #waiting = new Set<EndpointSlice>()
  #mayWait = true

  add(slice: EndpointSlice): void {
    if (this.#mayWait) this.#waiting.add(slice)
    else this.#takeIn(slice)
  }

  remove(slice: EndpointSlice): void {
    if (this.#waiting.delete(slice)) return
    for (const address of sliceAddresses(slice)) this.#index.remove(address, slice)
  }

  get(address: IpAddress): readonly EndpointSlice[] {
    this.#takeInAll()
    return this.#index.get(address)
  }

  /** See AddressIndex. */
  someWithin(low: IpAddress, high: IpAddress, test: (address: IpAddress) => boolean): boolean {
    this.#takeInAll()
    return this.#index.someWithin(low, high, test)
  }

  /** Takes in those that wait, one at each step. From then on none waits any more. */
  *takeIn(): Generator<undefined, void> {
    for (const slice of this.#waiting) {
      this.#waiting.delete(slice)
      this.#takeIn(slice)
      yield
    }
    this.#mayWait = false
  }

  #takeInAll(): void {
    if (this.#waiting.size === 0) return
    for (const slice of this.#waiting) this.#takeIn(slice)
    this.#waiting.clear()
  }

  #takeIn(slice: EndpointSlice): void {
    for (const address of sliceAddresses(slice)) this.#index.add(address, slice)
  }
}
