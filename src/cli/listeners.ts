import type { Counters } from '../metrics/counters.ts'
import { ListenError } from '../server/listen-error.ts'
import type { ListenerGroup } from '../server/listener-group.ts'
import { openListeners } from '../server/listener-group.ts'
import type { ServingPlan } from '../server/serving-plan.ts'
import { createServingPlan } from '../server/serving-plan.ts'
import type { ListenPlan } from './plan-blocks.ts'

export interface ListenersOptions {
  readonly counters: Counters
  readonly onError: (error: unknown, where: string) => void
  /** A clock that never goes back. */
  readonly nowMs: () => number
}

/** Where a server listens: one entry for each transport and address. */
export interface ServerAddress {
  readonly transport: 'udp' | 'tcp'
  readonly address: string
  readonly port: number
}

/** Sockets that are open, and nothing served on them by the new plan yet. */
export interface PreparedListeners {
  /** From now on the new plan is served, everywhere between two messages; what is gone closes. */
  commit(): void
  /** All is as it was before. */
  abandon(): Promise<void>
}

/** Sockets of one address and port, and what is served there at the moment. */
interface Place {
  target: ListenPlan
  serving: ServingPlan
  group: ListenerGroup
}

/** How long queries in flight on sockets that close have to finish. */
const CLOSING_GRACE_MS = 5_000
/** The same where a new socket waits for the address. */
const DISPLACED_GRACE_MS = 200

/** Every socket that takes queries, by address: configurations come and go, a socket stays as long as one asks for it. */
export class Listeners {
  readonly #options: ListenersOptions
  #places: ReadonlyMap<string, Place> = new Map()
  /** Of sockets that nobody asks for any more, while their last queries are answered. */
  readonly #closing = new Set<Promise<unknown>>()

  constructor(options: ListenersOptions) {
    this.#options = options
  }

  get addresses(): readonly ServerAddress[] {
    return [...this.#places.values()].flatMap(({ group }) =>
      group.listeners.map(({ transport, address, port }) => ({ transport, address, port })),
    )
  }

  /** Opens what is new, beside what is open. Rejects with a ListenError; then all is as it was before. */
  async prepare(plans: readonly ListenPlan[]): Promise<PreparedListeners> {
    const wanted = new Set(plans.map(keyOf))
    const gone = new Set([...this.#places].filter(([key]) => !wanted.has(key)).map(([, place]) => place))
    const opened = new Map<string, Place>()
    const displaced = new Set<Place>()
    const abandon = async (): Promise<void> => {
      await Promise.all([...opened.values()].map(({ group }) => group.close({ graceMs: 0 })))
      for (const place of displaced) await this.#reopen(place)
    }
    try {
      for (const plan of plans) {
        const key = keyOf(plan)
        if (!this.#places.has(key)) opened.set(key, await this.#open(plan, gone, displaced))
      }
    } catch (error) {
      await abandon()
      throw error
    }
    const commit = (): void => {
      this.#places = new Map(plans.map((plan) => [keyOf(plan), this.#serve(plan, opened)]))
      for (const place of gone) if (!displaced.has(place)) this.#closeAside(place)
    }
    return { commit, abandon }
  }

  async close(graceMs: number): Promise<void> {
    await Promise.all([...this.#places.values()].map(({ group }) => group.close({ graceMs })))
    await Promise.all(this.#closing)
  }

  #closeAside({ group }: Place): void {
    const closing = group
      .close({ graceMs: CLOSING_GRACE_MS })
      .catch((error: unknown) => this.#options.onError(error, 'a socket that closes'))
      .finally(() => this.#closing.delete(closing))
    this.#closing.add(closing)
  }

  /** Where it does not succeed, the next plan opens it like a new one. */
  async #reopen(place: Place): Promise<void> {
    try {
      place.group = await this.#openGroup(place)
    } catch (error) {
      this.#places = new Map([...this.#places].filter(([, other]) => other !== place))
      throw error
    }
  }

  /**
   * A socket of all addresses and one of a single address cannot have the same port at the same time: those that are to go
   * give way. Until the new one is open nobody answers there, which is milliseconds.
   */
  async #open(plan: ListenPlan, gone: ReadonlySet<Place>, displaced: Set<Place>): Promise<Place> {
    const place = { target: plan, serving: servingOf(plan) }
    try {
      return withGroup(place, await this.#openGroup(place))
    } catch (error) {
      const inTheWay = [...gone].filter((other) => !displaced.has(other) && portOf(other) === plan.port)
      const isTaken = error instanceof ListenError && error.code === 'SLICEDNS_PORT_IN_USE'
      if (!isTaken || inTheWay.length === 0) throw error
      for (const other of inTheWay) displaced.add(other)
      await Promise.all(inTheWay.map(({ group }) => group.close({ graceMs: DISPLACED_GRACE_MS })))
      return withGroup(place, await this.#openGroup(place))
    }
  }

  #openGroup(place: Pick<Place, 'target' | 'serving'>): Promise<ListenerGroup> {
    const { address, port, limits } = place.target
    return openListeners({
      ...this.#options,
      targets: [{ address, port }],
      plan: () => place.serving,
      ...limits,
    })
  }

  #serve(plan: ListenPlan, opened: ReadonlyMap<string, Place>): Place {
    const key = keyOf(plan)
    const place = opened.get(key) ?? this.#places.get(key)
    if (place === undefined) throw new TypeError(`Cannot serve on ${key}: it is not open`)
    place.target = plan
    place.serving = servingOf(plan)
    place.group.setLimits(plan.limits ?? {})
    return place
  }
}

/** The same object, so that its socket sees what is served there later. */
function withGroup(place: Pick<Place, 'target' | 'serving'>, group: ListenerGroup): Place {
  return Object.assign(place, { group })
}

function servingOf({ blocks, droppedMetrics }: ListenPlan): ServingPlan {
  return createServingPlan(blocks, droppedMetrics)
}

function keyOf({ address, port }: ListenPlan): string {
  return JSON.stringify([address ?? '', port])
}

function portOf({ group }: Place): number | undefined {
  return group.listeners[0]?.port
}
