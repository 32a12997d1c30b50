import { withSourceLineLater } from '../config/config-error.ts'
import type { Corefile } from '../config/corefile.ts'
import type { ReplyCache } from '../forward/cache/reply-cache.ts'
import type { KeptForwarder } from '../forward/kept-forwarder.ts'
import type { ZoneFile } from '../plugins/file/zone-file.ts'
import type { HostsFile } from '../plugins/hosts/hosts-file.ts'
import type { BorrowedClusters, Clusters } from './clusters.ts'
import type { ServerPlan } from './plan-blocks.ts'
import { planBlocks } from './plan-blocks.ts'
import type { PluginHostOptions } from './plugin-host.ts'
import { createPluginHost } from './plugin-host.ts'
import { SharedValues } from './shared-values.ts'

/** What lasts while configurations come and go. */
export interface ConfigurationOptions extends Omit<
  PluginHostOptions,
  'clusters' | 'caches' | 'forwarders' | 'zoneFiles' | 'hostsFiles'
> {
  readonly clusters: Clusters
  /** For server blocks whose keys name no port. */
  readonly defaultPort: number
}

/** One Corefile, as it is or was served. Never changes: a reload makes another one. */
export interface Configuration {
  readonly plan: ServerPlan
  readonly clusters: BorrowedClusters
  /** Reads what has to be known before it is served. Rejects with a ConfigError where it cannot be served. */
  prepare(): Promise<void>
  /** Gives back what it borrows and frees what it opened, when none of its queries waits any more. */
  end(): Promise<void>
}

/** Makes configurations that lend to each other what should outlive them: clusters, caches, zones. */
export class Configurations {
  readonly #options: ConfigurationOptions
  readonly #caches = new SharedValues<ReplyCache>()
  readonly #forwarders = new SharedValues<KeptForwarder>((forwarder) => forwarder.close())
  readonly #zoneFiles = new SharedValues<ZoneFile>()
  readonly #hostsFiles = new SharedValues<HostsFile>()

  constructor(options: ConfigurationOptions) {
    this.#options = options
  }

  /** Throws a ConfigError, with nothing left open. */
  create(corefile: Corefile): Configuration {
    const clusters = this.#options.clusters.borrow()
    const caches = this.#caches.lease()
    const forwarders = this.#forwarders.lease()
    const zoneFiles = this.#zoneFiles.lease()
    const hostsFiles = this.#hostsFiles.lease()
    const kept = { caches, forwarders, zoneFiles, hostsFiles }
    const { host, prepare, close } = createPluginHost({ ...this.#options, ...kept, clusters })
    const end = async (): Promise<void> => {
      close()
      await Promise.all([clusters, ...Object.values(kept)].map((lease) => lease.end()))
    }
    try {
      const plan = planBlocks(corefile, this.#options.defaultPort, host)
      return { plan, clusters, prepare: () => withSourceLineLater(corefile.sources, prepare()), end }
    } catch (error) {
      void end()
      throw error
    }
  }
}
