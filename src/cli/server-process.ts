import type { Corefile } from '../config/corefile.ts'
import { createCounters } from '../metrics/counters.ts'
import { MetricsRegistry } from '../metrics/registry.ts'
import type { Log } from '../plugins/plugin.ts'
import { HttpServers } from '../web/http-servers.ts'
import { ApiClusters } from './api-clusters.ts'
import { Clusters } from './clusters.ts'
import type { Configuration } from './configuration.ts'
import { Configurations } from './configuration.ts'
import { FaultLog } from './fault-log.ts'
import { Listeners } from './listeners.ts'
import type { ManifestReaderOptions } from './manifest-reader.ts'
import { ManifestReader } from './manifest-reader.ts'
import { OwnAddresses } from './own-addresses.ts'
import { readClusters } from './read-clusters.ts'
import { registerMetrics } from './register-metrics.ts'
import { separateAddresses } from './separate-addresses.ts'

/** What a server is made from. */
export interface ServingOptions extends ManifestReaderOptions {
  readonly corefile: Corefile
  /** Reads the Corefile again, for a reload; without it there is none. Throws where it cannot. */
  readonly readAgain?: (() => Corefile) | undefined
  /** For server blocks whose keys name no port; 0 for any free one. */
  readonly defaultPort: number
  readonly log: Log
}

/** No query waits longer: `forward` gives up before (differences.md 33). */
const LONGEST_QUERY_MS = 5_000
/** How long a new configuration may take to read clusters that no other one has. */
const SYNC_LIMIT_MS = 30_000

const nowMs = (): number => performance.now()

/** Owns what outlives a configuration: sockets by address, clusters by identity, caches by block, metrics. */
export class ServerProcess {
  readonly counters = createCounters()
  readonly metrics = new MetricsRegistry()
  readonly manifests: ManifestReader
  readonly clusters: Clusters
  readonly #options: ServingOptions
  readonly #ownAddresses = new OwnAddresses(nowMs)
  readonly listeners: Listeners
  readonly web: HttpServers
  readonly #configurations: Configurations
  /** Not in force any more, with queries that may still wait. */
  readonly #retired = new Set<Configuration>()
  readonly #loggedPlaces = new Set<string>()
  #current: Configuration | undefined
  #stopMetrics: (() => void) | undefined

  constructor(options: ServingOptions) {
    const { log } = options
    const faults = new FaultLog(log, () => this.#current?.plan.showsStacks ?? false)
    this.#options = options
    this.manifests = new ManifestReader(options, log)
    const live = new ApiClusters(log, this.metrics)
    this.clusters = new Clusters(
      (identity, store) =>
        identity.api === undefined
          ? this.manifests.source(identity)
          : live.source(identity.api, identity.selectorText, store),
      () => Math.floor(Date.now() / 1000),
    )
    this.listeners = new Listeners({
      counters: this.counters,
      onError: (error, where) => faults.report(error, where),
      nowMs,
    })
    this.web = new HttpServers({
      onError: (error, path) => log.error(`serving ${path} failed: ${String(error)}`, { err: error }),
      nowMs,
    })
    this.#configurations = new Configurations({
      log,
      metrics: this.metrics,
      hasObjects: options.objects !== undefined,
      clusters: this.clusters,
      ownAddresses: this.#ownAddresses,
      listening: () => this.listeners.addresses,
      nowMs,
      defaultPort: options.defaultPort,
    })
  }

  get lameduckMs(): number {
    return this.#current?.plan.lameduckMs ?? 0
  }

  /** How often to look for another Corefile; undefined for never. */
  get reloadIntervalMs(): number | undefined {
    return this.#current?.plan.reloadIntervalMs
  }

  /**
   * Serves the first configuration. Rejects, with nothing left open, where it cannot. The promise it gives resolves when
   * the objects of every cluster are known.
   */
  async start(corefile: Corefile): Promise<{ readonly synced: Promise<void> }> {
    const configuration = this.#create(corefile)
    const { clusters } = configuration
    // An API server answers while ports are opened; manifests would be read for nothing where a port is taken.
    const early = clusters.needNetwork ? clusters.startNew() : undefined
    // Whoever waits for it hears of the failure; where nobody does yet, it must not end the process.
    early?.catch(() => {})
    try {
      await this.#takeOver(configuration)
    } catch (error) {
      await configuration.end()
      throw error
    }
    const synced = early ?? clusters.startNew()
    synced.catch(() => {})
    return { synced }
  }

  /** Serves another configuration. Rejects where it cannot; then all is as it was before. */
  async replace(corefile: Corefile): Promise<void> {
    const before = this.#current
    const configuration = this.#create(corefile)
    try {
      await readClusters(configuration.clusters, SYNC_LIMIT_MS)
      await this.#takeOver(configuration)
    } catch (error) {
      await configuration.end()
      throw error
    }
    if (before !== undefined) this.#retire(before)
  }

  async close(graceMs: number): Promise<void> {
    await this.listeners.close(graceMs)
    await this.web.close()
    this.#stopMetrics?.()
    const all = [...this.#retired, ...(this.#current === undefined ? [] : [this.#current])]
    this.#retired.clear()
    await Promise.all(all.map((configuration) => configuration.end()))
  }

  #create(corefile: Corefile): Configuration {
    for (const warning of corefile.warnings) this.#options.log.warn(warning)
    return this.#configurations.create(corefile)
  }

  /** New ports are opened before old ones close. */
  async #takeOver(configuration: Configuration): Promise<void> {
    const { plan } = configuration
    await configuration.prepare()
    const prepared = await this.listeners.prepare(
      separateAddresses(plan.listens, () => this.#ownAddresses.all()),
    )
    try {
      await this.web.serve(plan.httpEndpoints)
    } catch (error) {
      await prepared.abandon()
      throw error
    }
    this.#current = configuration
    prepared.commit()
    this.#watchMetrics(plan.enabledDirectives.length > 0)
    this.#logPlaces()
  }

  /** Watching costs a little, so it is done only where somebody looks. */
  #watchMetrics(isLookedAt: boolean): void {
    if (isLookedAt === (this.#stopMetrics !== undefined)) return
    this.#stopMetrics?.()
    this.#stopMetrics = isLookedAt
      ? registerMetrics(this.metrics, {
          counters: this.counters,
          enabledDirectives: () => this.#current?.plan.enabledDirectives ?? [],
        })
      : undefined
  }

  #logPlaces(): void {
    for (const { address, port, paths } of this.web.places) {
      const host = address.includes(':') ? `[${address}]` : address
      const line = `serving ${paths.join(', ')} on http://${host}:${port}`
      if (!this.#loggedPlaces.has(line)) this.#options.log.info(line)
      this.#loggedPlaces.add(line)
    }
  }

  #retire(configuration: Configuration): void {
    this.#retired.add(configuration)
    setTimeout(() => {
      if (!this.#retired.delete(configuration)) return
      configuration.end().catch((error: unknown) => {
        this.#options.log.error(`a configuration of before did not end: ${String(error)}`, { err: error })
      })
    }, LONGEST_QUERY_MS).unref()
  }
}
