import { readFileSync } from 'node:fs'

import type { Corefile } from '../config/corefile.ts'
import type { Counters } from '../metrics/counters.ts'
import { createCounters } from '../metrics/counters.ts'
import type { ClusterStore } from '../kubernetes/cluster-store.ts'
import type { Log, PluginHost } from '../plugins/plugin.ts'
import type { ListenerGroup } from '../server/listener-group.ts'
import { openListeners } from '../server/listener-group.ts'
import { createServingPlan } from '../server/serving-plan.ts'
import type { DomainName } from '../wire/name.ts'
import { isSubdomain } from '../wire/name.ts'
import { Clusters } from './clusters.ts'
import { ManifestReader } from './manifest-reader.ts'
import type { ManifestReaderOptions } from './manifest-reader.ts'
import { OwnAddresses, isWildcard } from './own-addresses.ts'
import { planBlocks } from './plan-blocks.ts'

/** What a server is made from. */
export interface ServingOptions extends ManifestReaderOptions {
  readonly corefile: Corefile
  /** For server blocks whose keys name no port; 0 for any free one. */
  readonly defaultPort: number
  readonly log: Log
}

/** Where a server listens: one entry for each transport and address. */
export interface ServerAddress {
  readonly transport: 'udp' | 'tcp'
  readonly address: string
  readonly port: number
}

/** A server whose ports are open. */
export interface Serving {
  readonly addresses: readonly ServerAddress[]
  readonly stores: readonly ClusterStore[]
  readonly manifests: ManifestReader
  readonly counters: Counters
  /** Resolves when the objects of every cluster are known; until then unknown names are SERVFAIL. */
  readonly synced: Promise<void>
  /** Takes no more queries, lets those in flight finish for up to `graceMs`, and gives the ports back. */
  close(options?: { readonly graceMs: number }): Promise<void>
}

const DEFAULT_GRACE_MS = 2_000

/** Opens the ports and begins to read. Rejects, with nothing left open, where a port or the configuration fails. */
export async function startServing(options: ServingOptions): Promise<Serving> {
  const { corefile, defaultPort, log } = options
  const manifests = new ManifestReader(options, log)
  const clusters = new Clusters(
    (identity) => manifests.source(identity),
    () => Math.floor(Date.now() / 1000),
  )
  const ownAddresses = new OwnAddresses(() => performance.now())
  const closers: (() => void)[] = []
  const addresses: ServerAddress[] = []
  const ownZones: DomainName[] = []
  const host: PluginHost = {
    log,
    random: Math.random,
    nowMs: () => performance.now(),
    hasObjects: options.objects !== undefined,
    cluster: (identity) => clusters.store(identity),
    addOwnZones: (zones) => ownZones.push(...zones),
    isInOwnZone: (lowerName) => ownZones.some((zone) => isSubdomain(lowerName, zone)),
    onClose: (close) => closers.push(close),
    ownAddresses: (bound) => ownAddresses.reachable(bound),
    isOwnAddress: (address, port) =>
      addresses.some(
        (own) =>
          own.port === port &&
          (own.address === address || (isWildcard(own.address) && ownAddresses.has(address))),
      ),
    interfaceAddresses: (name) => ownAddresses.ofInterface(name),
    readFile: (path) => readFileSync(path, 'utf8'),
  }
  const counters = createCounters()
  const groups: ListenerGroup[] = []
  const close = async ({ graceMs } = { graceMs: DEFAULT_GRACE_MS }): Promise<void> => {
    await Promise.all(groups.map((group) => group.close({ graceMs })))
    await clusters.stop()
    for (const closer of closers) closer()
  }
  try {
    for (const warning of corefile.warnings) log.warn(warning)
    for (const { address, port, blocks } of planBlocks(corefile, defaultPort, host)) {
      const plan = createServingPlan(blocks)
      const group = await openListeners({
        targets: [{ address, port }],
        plan: () => plan,
        counters,
        onError: (error, where) => log.error(`answering failed: ${String(error)}`, { where, err: error }),
        nowMs: host.nowMs,
      })
      groups.push(group)
      addresses.push(
        ...group.listeners.map((listener) => ({
          transport: listener.transport,
          address: listener.address,
          port: listener.port,
        })),
      )
    }
  } catch (error) {
    await close({ graceMs: 0 })
    throw error
  }
  const synced = clusters.start()
  synced.catch(() => {})
  return { addresses, stores: clusters.stores(), manifests, counters, synced, close }
}
