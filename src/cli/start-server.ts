import { setTimeout } from 'node:timers/promises'

import type { ClusterStore } from '../kubernetes/cluster-store.ts'
import type { Counters } from '../metrics/counters.ts'
import type { HttpPlace } from '../web/http-servers.ts'
import type { ServerAddress } from './listeners.ts'
import type { ManifestReader } from './manifest-reader.ts'
import { Reloader } from './reloader.ts'
import type { ServingOptions } from './server-process.ts'
import { ServerProcess } from './server-process.ts'

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
  /** Serves the Corefile as it stands now, if it can: what it cannot serve is logged, and changes nothing. Never rejects. */
  reload(): Promise<void>
  /**
   * Says that no more traffic should come (/ready), and resolves when `lameduck` of `health` is over: to be waited for
   * before `close` where others have to learn of the end first.
   */
  lameduck(): Promise<void>
  /** Takes no more queries, lets those in flight finish for up to `graceMs`, and gives the ports back. Once is enough. */
  close(options?: { readonly graceMs: number }): Promise<void>
}

const DEFAULT_GRACE_MS = 2_000

/** Opens the ports and begins to read. Rejects, with nothing left open, where a port or the configuration fails. */
export async function startServing(options: ServingOptions): Promise<Serving> {
  const { corefile, log, readAgain } = options
  const server = new ServerProcess(options)
  const { synced } = await server.start(corefile)
  const reloader =
    readAgain &&
    new Reloader(corefile, {
      read: readAgain,
      replace: (next) => server.replace(next),
      intervalMs: () => server.reloadIntervalMs,
      log,
      metrics: server.metrics,
    })
  const close = async (graceMs: number): Promise<void> => {
    await reloader?.stop()
    await server.close(graceMs)
  }
  let closed: Promise<void> | undefined
  return {
    get addresses() {
      return server.listeners.addresses
    },
    get httpPlaces() {
      return server.web.places
    },
    get stores() {
      return server.clusters.stores()
    },
    manifests: server.manifests,
    counters: server.counters,
    synced,
    reload: async () => reloader?.reload(),
    lameduck: async () => {
      await reloader?.stop()
      const { lameduckMs } = server
      await server.web.closeFirst()
      if (lameduckMs === 0) return
      log.info(`not ready any more; answering for another ${lameduckMs / 1000} s`)
      await setTimeout(lameduckMs)
    },
    close: ({ graceMs } = { graceMs: DEFAULT_GRACE_MS }) => (closed ??= close(graceMs)),
  }
}
