import { ApiConnectionError } from '../../../../src/kubernetes/api/api-transport.ts'
import type { SeededRandom } from '../../../fuzz/random.ts'
import type { VirtualClock } from '../../../helpers/virtual-clock.ts'

/** What the network does to one body. */
export interface StreamFate {
  /** How long each piece is on its way. */
  readonly delayMs: number
  /** After so many octets it breaks, or nothing comes any more; undefined where all arrives. */
  readonly end: { readonly how: 'cut' | 'stall'; readonly afterOctets: number } | undefined
}

/** One body on its way: pieces come late, in other pieces than they were sent, and not always to the end. */
export class ModelStream {
  readonly #clock: VirtualClock
  readonly #random: SeededRandom
  readonly #fate: StreamFate
  readonly #arrived: Uint8Array[] = []
  #sentOctets = 0
  #end: 'end' | Error | undefined
  #isStalled = false
  #isDead = false
  #wake: (() => void) | undefined

  constructor(clock: VirtualClock, random: SeededRandom, fate: StreamFate) {
    this.#clock = clock
    this.#random = random
    this.#fate = fate
  }

  /** Whether anybody can still be told anything. */
  get isOpen(): boolean {
    return !this.#isDead && this.#end === undefined
  }

  send(octets: Uint8Array): void {
    const { end } = this.#fate
    const left = end === undefined ? Infinity : end.afterOctets - this.#sentOctets
    this.#sentOctets += octets.length
    if (octets.length <= left) return this.#deliver(() => this.#split(octets))
    this.#deliver(() => {
      this.#split(octets.subarray(0, Math.max(0, left)))
      if (end?.how === 'cut') this.cut('connection reset')
      else this.#isStalled = true
    })
  }

  /** The end as it should be. */
  close(): void {
    this.#deliver(() => {
      if (!this.#isStalled) this.#finish('end')
    })
  }

  /** Breaks at once: what is on its way is lost. */
  cut(message: string): void {
    this.#finish(new ApiConnectionError(message))
  }

  async *body(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const piece = this.#arrived.shift()
      if (piece !== undefined) yield piece
      else if (this.#end === 'end') return
      else if (this.#end !== undefined) throw this.#end
      else await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  #deliver(arrive: () => void): void {
    const { delayMs } = this.#fate
    if (delayMs === 0) return this.#isDead ? undefined : arrive()
    this.#clock.after(delayMs, () => {
      if (!this.#isDead) arrive()
    })
  }

  #split(octets: Uint8Array): void {
    if (this.#isStalled || octets.length === 0) return
    const at = this.#random.chance(3) ? this.#random.below(octets.length) : 0
    if (at > 0) this.#arrived.push(octets.subarray(0, at))
    this.#arrived.push(octets.subarray(at))
    this.#wake?.()
  }

  #finish(end: 'end' | Error): void {
    if (this.#isDead) return
    this.#isDead = true
    this.#end = end
    this.#wake?.()
  }
}
