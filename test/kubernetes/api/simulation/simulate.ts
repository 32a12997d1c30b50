import { inspect, isDeepStrictEqual } from 'node:util'

import { Reflector } from '../../../../src/kubernetes/api/reflector.ts'
import type { ClusterStore } from '../../../../src/kubernetes/cluster-store.ts'
import { SeededRandom } from '../../../fuzz/random.ts'
import { settled, VirtualClock } from '../../../helpers/virtual-clock.ts'
import { contentsOf, emptyStore, freshStore, RESOURCES } from './fresh-store.ts'
import { ModelCluster } from './model-cluster.ts'
import { ModelServer } from './model-server.ts'
import { type Kind, KINDS, randomObject } from './random-object.ts'
import { Witness } from './witness.ts'

/** Within this everything is well again once faults have ended: silence, back-off and a list that meets nothing. */
const CALM_MS = 180_000

/** Runs everything that the seed says. Gives what went wrong first, or undefined. Only with `trace` do errors know where they come from. */
export async function simulate(seed: number, trace?: (line: string) => void): Promise<string | undefined> {
  const { stackTraceLimit } = Error
  // A fifth of the time of a run.
  if (trace === undefined) Error.stackTraceLimit = 0
  const simulation = new Simulation(seed, trace)
  try {
    return await simulation.run()
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

class Simulation {
  readonly #random: SeededRandom
  readonly #clock = new VirtualClock()
  readonly #cluster = new ModelCluster()
  readonly #store: ClusterStore = emptyStore()
  readonly #server: ModelServer
  readonly #witnesses: ReadonlyMap<Kind, Witness>
  readonly #reflectors: readonly Reflector[]
  readonly #trace: (line: string) => void
  #fault: string | undefined

  constructor(seed: number, trace: ((line: string) => void) | undefined) {
    // Seeds that are near to each other begin alike.
    this.#random = new SeededRandom(Math.imul(seed, 0x9e37_79b1))
    for (let draw = 0; draw < 3; draw += 1) this.#random.uint32()
    const startMs = this.#clock.nowMs()
    this.#trace = (line) => trace?.(`${((this.#clock.nowMs() - startMs) / 1000).toFixed(3)} ${line}`)
    const [cluster, clock, random, store] = [this.#cluster, this.#clock, this.#random, this.#store]
    const accuse = (fault: string): void => this.#accuse(fault)
    const witnesses = new Map(KINDS.map((kind) => [kind, new Witness(kind, { cluster, store, accuse })]))
    this.#witnesses = witnesses
    this.#server = new ModelServer({
      cluster,
      clock,
      random,
      speaksProtobuf: !random.chance(3),
      onList: (kind, snapshot) => witnesses.get(kind)?.beginList(snapshot),
      trace: this.#trace,
    })
    this.#server.hasWatchLists = !random.chance(4)
    this.#reflectors = [...witnesses].map(([kind, sink]) => this.#reflectorOf(kind, sink))
  }

  async run(): Promise<string | undefined> {
    const random = this.#random
    for (let object = random.below(20); object > 0; object -= 1) this.#write()
    for (const reflector of this.#reflectors) reflector.start()
    for (let step = 20 + random.below(25); step > 0 && this.#fault === undefined; step -= 1) {
      await this.#act()
      await this.#clock.advance(this.#someMs())
    }
    this.#trace('calm')
    this.#server.isTroubled = false
    this.#server.isDown = false
    // Those that are open have their fate.
    this.#server.breakAll()
    this.#write()
    await this.#clock.advance(CALM_MS)
    this.#write()
    await this.#clock.advance(3000)
    this.#compare()
    await this.#stop()
    return this.#fault
  }

  #reflectorOf(kind: Kind, sink: Witness): Reflector {
    return new Reflector({
      resource: RESOURCES[kind],
      namespace: undefined,
      labelSelector: '',
      fieldSelector: '',
      transport: { get: (request) => this.#server.get(kind, request), close: () => {} },
      clock: this.#clock,
      random: () => this.#random.uint32() / 2 ** 32,
      sink,
      guardsMassDelete: true,
      pause: () => this.#pause(),
    })
  }

  /** Long work is interrupted anywhere. */
  #pause(): Promise<void> | undefined {
    if (!this.#random.chance(3)) return undefined
    return new Promise((resolve) => {
      this.#clock.after(this.#random.below(20), resolve)
    })
  }

  #someMs(): number {
    return this.#random.below(this.#random.pick([1, 20, 20, 1000, 1000, 10_000, 100_000]))
  }

  async #act(): Promise<void> {
    const random = this.#random
    const dice = random.below(40)
    if (dice < 26) return this.#write()
    if (dice < 29) return this.#writeMany()
    if (dice < 32)
      return this.#compact(this.#cluster.revision - random.below(random.pick([1, this.#cluster.revision])))
    if (dice < 34) return this.#server.sendGarbage()
    if (dice < 36) return this.#disconnect()
    if (dice < 38) return await this.#restart()
    if (dice < 39) return await this.#restore()
    return await this.#restoreUnseen()
  }

  #write(): void {
    const random = this.#random
    const cluster = this.#cluster
    const kind = random.pick(KINDS)
    const keys = [...cluster.objects(kind).keys()]
    const isDelete = keys.length > 0 && random.chance(3)
    const change = isDelete
      ? cluster.delete(kind, random.pick(keys))
      : cluster.put(randomObject(random, kind), kind)
    if (change === undefined) return
    const { metadata } = change.object
    this.#trace(`${change.type} ${kind} ${metadata.namespace ?? ''}/${metadata.name} at ${change.revision}`)
    this.#server.tell(change)
  }

  #writeMany(): void {
    for (let count = 5 + this.#random.below(20); count > 0; count -= 1) this.#write()
  }

  #compact(revision: number): void {
    this.#trace(`compacts to ${revision}`)
    this.#cluster.compact(revision)
    this.#server.forgetPages()
  }

  #disconnect(): void {
    this.#trace('connections end')
    this.#server.disconnect()
  }

  async #restart(): Promise<void> {
    const random = this.#random
    this.#trace('the server goes away')
    this.#server.isDown = true
    this.#server.disconnect()
    this.#server.forgetPages()
    await this.#clock.advance(this.#someMs())
    // Another version of it may come back.
    if (random.chance(3)) this.#server.hasWatchLists = !this.#server.hasWatchLists
    if (random.chance(2)) this.#compact(this.#cluster.revision)
    this.#trace('the server is back')
    this.#server.isDown = false
  }

  /** With an outage that everybody meets, as kube-apiserver has to be stopped for it. */
  async #restore(): Promise<void> {
    this.#server.isDown = true
    this.#server.breakAll()
    this.#server.forgetPages()
    // What was on its way has arrived.
    await this.#clock.advance(3000)
    this.#putBackupBack()
    await this.#clock.advance(32_000)
    this.#server.isDown = false
    this.#trace('the server is back')
    // New writes get beyond the revisions that are known of before.
    if (this.#random.chance(2)) this.#writeMany()
  }

  /** Without an outage: then nothing is written until everybody has noticed. */
  async #restoreUnseen(): Promise<void> {
    this.#server.breakAll()
    this.#server.forgetPages()
    this.#server.isDown = true
    await this.#clock.advance(3000)
    this.#putBackupBack()
    this.#server.isDown = false
    this.#server.isTroubled = false
    await this.#clock.advance(CALM_MS)
    this.#server.isTroubled = true
  }

  #putBackupBack(): void {
    const { revision, oldest } = this.#cluster
    const backup = revision - this.#random.below(Math.min(30, revision - oldest + 1))
    this.#trace(`restores the backup of ${backup}`)
    this.#cluster.restore(backup)
    if (this.#random.chance(2)) this.#cluster.compact(backup)
  }

  #compare(): void {
    const [told, fresh] = [contentsOf(this.#store), contentsOf(freshStore(this.#cluster))]
    for (const part of Object.keys(told)) {
      if (isDeepStrictEqual(told[part], fresh[part])) continue
      this.#accuse(`the store does not equal the model in its ${part}`)
      this.#trace(inspect({ store: told[part], model: fresh[part] }, { depth: 9 }))
    }
    for (const [index, { status }] of this.#reflectors.entries()) {
      this.#trace(inspect(status))
      const isWell = status.phase === 'watching' && status.hasSynced && status.failure === undefined
      if (!isWell) this.#accuse(`${KINDS[index]} is not well: ${status.phase}, ${status.failure?.message}`)
    }
  }

  /** Nothing is left of it. */
  async #stop(): Promise<void> {
    for (const reflector of this.#reflectors) reflector.stop()
    for (const witness of this.#witnesses.values()) witness.end()
    await settled()
    if (this.#server.openStreams > 0) this.#accuse(`${this.#server.openStreams} connections are left`)
    this.#write()
    await this.#clock.advance(1000)
  }

  #accuse(fault: string): void {
    this.#trace(`FAULT ${fault}`)
    this.#fault ??= fault
  }
}
