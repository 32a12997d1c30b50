import { equal } from 'node:assert/strict'
import { addressLines, eventually, now } from './answers.ts'
import type { DnsServer } from './dns-server.ts'
import { headless, readyAt, slice } from './objects.ts'
import { QueryLoad } from './query-load.ts'
import type { LoadResult } from './query-load.ts'
import type { World } from './world.ts'

const STEADY = 20

/**
 * Objects of a namespace by which a fault shows: Services `steady-…` that never change and must always be answered, and one each that
 * changes, comes and goes when `change` is called.
 */
export class Witness {
  readonly #world: World
  readonly #namespace: string
  #round = 0

  private constructor(world: World, namespace: string) {
    this.#world = world
    this.#namespace = namespace
  }

  static async create(world: World, namespace: string): Promise<Witness> {
    const witness = new Witness(world, await world.namespace(namespace))
    const { client } = world.plane
    for (let index = 0; index < STEADY; index++) {
      await client.create(headless(namespace, `steady-${index}`))
      await client.create(slice(namespace, `steady-${index}`, 'a', readyAt([`10.50.0.${index + 1}`])))
    }
    await client.create(headless(namespace, 'changing'))
    await client.create(slice(namespace, 'changing', 'a', readyAt(['10.50.1.0'])))
    await witness.#add()
    return witness
  }

  /** The full name of a Service of the namespace. */
  name(service: string): string {
    return `${service}.${this.#namespace}.svc.cluster.local.`
  }

  /** Writes to the API server: one Service has another address, one is gone, one is new. */
  async change(): Promise<void> {
    const { client } = this.#world.plane
    const gone = `passing-${this.#round}`
    this.#round++
    await client.replace(slice(this.#namespace, 'changing', 'a', readyAt([this.#address()])))
    await client.remove(headless(this.#namespace, gone))
    await client.remove(slice(this.#namespace, gone, 'a', []))
    await this.#add()
  }

  /** Waits until the server answers as things are now. Gives the milliseconds that took. */
  async isKnownTo({ client }: DnsServer, limitMs?: number): Promise<number> {
    const startedAt = performance.now()
    const [changing, fresh] = [this.name('changing'), this.name(`passing-${this.#round}`)]
    await eventually(client, changing, addressLines(changing, [this.#address()]), limitMs)
    await eventually(client, fresh, addressLines(fresh, [this.#address()]), limitMs)
    if (this.#round > 0)
      await eventually(client, this.name(`passing-${this.#round - 1}`), ['NXDOMAIN'], limitMs)
    return performance.now() - startedAt
  }

  /** The last change is undone: a backup from before it was restored. */
  goBack(): void {
    this.#round--
  }

  /** Fails where the server already knows the last change: then what kept it from knowing did not work. */
  async isNewsTo({ client }: DnsServer): Promise<void> {
    await now(client, this.name(`passing-${this.#round}`), ['NXDOMAIN'])
  }

  /** Asks for what never changes, a second time after 5 s where no reply came, as stub resolvers do (`attempts:2`). */
  load(ports: readonly number[], queriesPerSecond: number): QueryLoad {
    const names = Array.from({ length: STEADY }, (_, index) => this.name(`steady-${index}`))
    const load = new QueryLoad({ ports, names, queriesPerSecond, tries: 2 })
    this.#world.defer(async () => load.stop())
    return load
  }

  async #add(): Promise<void> {
    const { client } = this.#world.plane
    const name = `passing-${this.#round}`
    await client.create(headless(this.#namespace, name))
    await client.create(slice(this.#namespace, name, 'a', readyAt([this.#address()])))
  }

  #address(): string {
    return `10.50.1.${this.#round}`
  }
}

/** Fails unless every lookup was answered with records. */
export function allAnswered({ sent, good, bad }: LoadResult): void {
  const failures = [...bad].map(([outcome, count]) => `${count} × ${outcome}`).join(', ')
  equal(good, sent, `${sent - good} of ${sent} lookups failed: ${failures}`)
}
