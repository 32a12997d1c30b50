import { setTimeout } from 'node:timers/promises'

import type { Corefile } from '../config/corefile.ts'
import type { ClusterStore } from '../kubernetes/cluster-store.ts'
import type { Counters } from '../metrics/counters.ts'
import { createCounters } from '../metrics/counters.ts'
import { MetricsRegistry } from '../metrics/registry.ts'
import type { Log } from '../plugins/plugin.ts'
import type { ListenerGroup } from '../server/listener-group.ts'
import { openListeners } from '../server/listener-group.ts'
import { createServingPlan } from '../server/serving-plan.ts'
import type { HttpPlace } from '../web/http-servers.ts'
import { HttpServers } from '../web/http-servers.ts'
import { Clusters } from './clusters.ts'
import { FaultLog } from './fault-log.ts'
import type { ManifestReaderOptions } from './manifest-reader.ts'
import { ManifestReader } from './manifest-reader.ts'
import { OwnAddresses } from './own-addresses.ts'
import type { ListenPlan } from './plan-blocks.ts'
import { planBlocks } from './plan-blocks.ts'
import { createPluginHost } from './plugin-host.ts'
import { registerMetrics } from './register-metrics.ts'
import { separateAddresses } from './separate-addresses.ts'

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
  /** Where HTTP is served to those who watch the process. */
  readonly httpPlaces: readonly HttpPlace[]
  readonly stores: readonly ClusterStore[]
  readonly manifests: ManifestReader
  readonly counters: Counters
  /** Resolves when the objects of every cluster are known; until then unknown names are SERVFAIL. */
  readonly synced: Promise<void>
  /**
   * Says that no more traffic should come (/ready), and resolves when `lameduck` of `health` is over: to be waited for
   * before `close` where others have to learn of the end first.
   */
  lameduck(): Promise<void>
  /** Takes no more queries, lets those in flight finish for up to `graceMs`, and gives the ports back. Once is enough. */
  close(options?: { readonly graceMs: number }): Promise<void>
}

const DEFAULT_GRACE_MS = 2_000

const nowMs = (): number => performance.now()

/** Opens the ports and begins to read. Rejects, with nothing left open, where a port or the configuration fails. */
export async function startServing(options: ServingOptions): Promise<Serving> {
  const { corefile, defaultPort, log } = options
  const manifests = new ManifestReader(options, log)
  const clusters = new Clusters(
    (identity) => manifests.source(identity),
    () => Math.floor(Date.now() / 1000),
  )
  const ownAddresses = new OwnAddresses(nowMs)
  const metrics = new MetricsRegistry()
  const addresses: ServerAddress[] = []
  const faults = new FaultLog(log)
  const plugins = createPluginHost({
    log,
    metrics,
    hasObjects: options.objects !== undefined,
    clusters,
    ownAddresses,
    listening: addresses,
    nowMs,
    showStacks: () => faults.showStacks(),
  })
  const counters = createCounters()
  const groups: ListenerGroup[] = []
  const onHttpError = (error: unknown, path: string): void =>
    log.error(`serving ${path} failed: ${String(error)}`, { err: error })
  const web = new HttpServers({ onError: onHttpError, nowMs })
  const closeAll = async (graceMs: number): Promise<void> => {
    await Promise.all(groups.map((group) => group.close({ graceMs })))
    await web.close()
    await clusters.stop()
    plugins.close()
  }
  let lameduckMs = 0
  try {
    for (const warning of corefile.warnings) log.warn(warning)
    const plan = planBlocks(corefile, defaultPort, plugins.host)
    lameduckMs = plan.lameduckMs
    for (const listenPlan of separateAddresses(plan.listens, () => ownAddresses.all())) {
      const group = await listen(listenPlan, { counters, faults })
      groups.push(group)
      addresses.push(...group.listeners.map(({ transport, address, port }) => ({ transport, address, port })))
    }
    await web.serve(plan.httpEndpoints)
    for (const { address, port, paths } of web.places)
      log.info(
        `serving ${paths.join(', ')} on http://${address.includes(':') ? `[${address}]` : address}:${port}`,
      )
    // Watching costs a little, so it is done only where somebody looks.
    if (plan.enabledDirectives.length > 0) {
      const { enabledDirectives } = plan
      plugins.host.onClose(registerMetrics(metrics, { counters, enabledDirectives: () => enabledDirectives }))
    }
  } catch (error) {
    await closeAll(0)
    throw error
  }
  const synced = clusters.start()
  // Whoever waits for it hears of the failure; where nobody does yet, it must not end the process.
  synced.catch(() => {})
  let closed: Promise<void> | undefined
  return {
    addresses,
    httpPlaces: web.places,
    stores: clusters.stores(),
    manifests,
    counters,
    synced,
    lameduck: async () => {
      await web.closeFirst()
      if (lameduckMs === 0) return
      log.info(`not ready any more; answering for another ${lameduckMs / 1000} s`)
      await setTimeout(lameduckMs)
    },
    close: ({ graceMs } = { graceMs: DEFAULT_GRACE_MS }) => (closed ??= closeAll(graceMs)),
  }
}

function listen(
  { address, port, blocks, tcpLimits, droppedMetrics }: ListenPlan,
  { counters, faults }: { counters: Counters; faults: FaultLog },
): Promise<ListenerGroup> {
  const plan = createServingPlan(blocks)
  return openListeners({
    targets: [{ address, port }],
    plan: () => plan,
    counters,
    droppedMetrics,
    tcpLimits,
    onError: (error, where) => faults.report(error, where),
    nowMs,
  })
}
