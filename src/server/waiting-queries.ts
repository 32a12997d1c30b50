import { clientKey } from './client-key.ts'
import { LinkedQueue } from './linked-queue.ts'
import type { Place } from './linked-queue.ts'
import type { QueryLimits } from './query-limits.ts'

/** A query that waits for its answer, as far as shares are concerned. */
export interface WaitingQuery {
  readonly clientAddress: string
  /** Called when it has to make room for another client's. It has been taken out already. */
  giveWay(): void
}

/** Whether one more query of a client may wait and, where it may not, which bound is in the way. */
export type Room = 'free' | 'clientFull' | 'full'

/**
 * Who has a quarter of what the client with the most has is let in at its cost. Not sooner: what gives way was asked of an
 * upstream in vain, and among clients that have about the same that happened to a third of all queries.
 */
const MODEST_SHARE = 4

/**
 * The queries that wait for an answer, and each client's share in them. While there is room a client may have as many as
 * its own bound allows. When all is full, a client that has far fewer than another is let in, and the oldest query
 * of the client that has the most gives way: who floods loses by it, nobody else. Every step takes constant time.
 */
export class WaitingQueries<T extends WaitingQuery> {
  readonly #limits: QueryLimits
  readonly #byClient = new Map<string, LinkedQueue<T>>()
  /** At index n: the clients that have n queries waiting. */
  readonly #clientsByCount: Set<string>[] = []
  /** What the client with the most queries has. */
  #most = 0
  #size = 0

  constructor(limits: QueryLimits) {
    this.#limits = limits
  }

  /** Client by client. */
  *[Symbol.iterator](): Generator<T> {
    for (const ofClient of this.#byClient.values()) yield* ofClient
  }

  /** Changes nothing; nobody gives way yet. */
  roomFor(clientAddress: string): Room {
    const { maxInFlight, maxInFlightPerClient } = this.#limits
    if (this.#size < maxInFlight && this.#size < maxInFlightPerClient) return 'free'
    const count = this.#byClient.get(clientKey(clientAddress))?.size ?? 0
    if (count >= maxInFlightPerClient) return 'clientFull'
    return this.#size < maxInFlight || (count + 1) * MODEST_SHARE <= this.#most ? 'free' : 'full'
  }

  /** Takes in a query for which there is room. Its place is what `delete` is given. */
  add(query: T): Place<T> {
    if (this.#size >= this.#limits.maxInFlight) this.#makeRoom()
    const key = clientKey(query.clientAddress)
    const ofClient = this.#byClient.get(key) ?? new LinkedQueue()
    this.#byClient.set(key, ofClient)
    const place = ofClient.add(query)
    this.#size++
    this.#recount(key, ofClient.size - 1, ofClient.size)
    this.#most = Math.max(this.#most, ofClient.size)
    return place
  }

  /** False where it is not among them any more. */
  delete(place: Place<T>): boolean {
    const { queue: ofClient, item } = place
    if (ofClient === undefined) return false
    ofClient.remove(place)
    this.#size--
    const key = clientKey(item.clientAddress)
    if (ofClient.size === 0) this.#byClient.delete(key)
    this.#recount(key, ofClient.size + 1, ofClient.size)
    // Only this client has fewer now, and by one.
    if (this.#clientsByCount[this.#most]?.size === 0) this.#most--
    return true
  }

  #makeRoom(): void {
    const [heaviest = ''] = this.#clientsByCount[this.#most] ?? []
    const oldest = this.#byClient.get(heaviest)?.oldest
    if (oldest !== undefined && this.delete(oldest)) oldest.item.giveWay()
  }

  #recount(key: string, before: number, after: number): void {
    this.#clientsByCount[before]?.delete(key)
    if (after > 0) (this.#clientsByCount[after] ??= new Set()).add(key)
  }
}
