import { lookup } from 'node:dns/promises'
import { readFileSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'

import type { MetricsRegistry } from '../metrics/registry.ts'
import type { Log, PluginHost } from '../plugins/plugin.ts'
import { isWildcard } from '../server/listener.ts'
import type { DomainName } from '../wire/name.ts'
import { isSubdomain } from '../wire/name.ts'
import type { BorrowedClusters } from './clusters.ts'
import type { OwnAddresses } from './own-addresses.ts'
import { version } from './version.ts'

/** What the process has to lend. */
export interface PluginHostOptions {
  readonly log: Log
  readonly metrics: MetricsRegistry
  readonly hasObjects: boolean
  readonly clusters: BorrowedClusters
  readonly caches: PluginHost['caches']
  readonly forwarders: PluginHost['forwarders']
  readonly zoneFiles: PluginHost['zoneFiles']
  readonly hostsFiles: PluginHost['hostsFiles']
  readonly ownAddresses: OwnAddresses
  /** Where the process listens now. */
  readonly listening: () => readonly { readonly address: string; readonly port: number }[]
  readonly nowMs: () => number
}

/** What plugins borrow from this process. `close` frees what they opened. */
export function createPluginHost(options: PluginHostOptions): {
  readonly host: PluginHost
  /** Does what has to be done before the configuration is served. Rejects where it cannot be. */
  readonly prepare: () => Promise<void>
  readonly close: () => void
} {
  const { log, metrics, hasObjects, clusters, caches, forwarders, zoneFiles } = options
  const { hostsFiles, ownAddresses, listening, nowMs } = options
  const closers: (() => void)[] = []
  const tasks: (() => Promise<void>)[] = []
  const ownZones: DomainName[] = []
  const clusterZones: DomainName[] = []
  const host: PluginHost = {
    log,
    metrics,
    hasObjects,
    nowMs,
    random: Math.random,
    software: `SliceDNS-${version()}`,
    hostname: hostname(),
    announceCluster: (identity) => clusters.announce(identity),
    cluster: (identity) => clusters.store(identity),
    caches,
    forwarders,
    zoneFiles,
    hostsFiles,
    addOwnZones: (zones) => ownZones.push(...zones),
    isInOwnZone: (lowerName) => ownZones.some((zone) => isSubdomain(lowerName, zone)),
    addClusterZones: (zones) => {
      ownZones.push(...zones)
      clusterZones.push(...zones)
    },
    isInClusterZone: (lowerName) => clusterZones.some((zone) => isSubdomain(lowerName, zone)),
    onClose: (close) => closers.push(close),
    ownAddresses: (bound) => ownAddresses.reachable(bound),
    isOwnAddress: (address, port) =>
      listening().some(
        (own) =>
          own.port === port &&
          (own.address === address || (isWildcard(own.address) && ownAddresses.has(address))),
      ),
    interfaceAddresses: (name) => ownAddresses.ofInterface(name),
    readFile: (path) => readFileSync(path, 'utf8'),
    readFileLater: (path) => readFile(path, 'utf8'),
    lookupHost: async (hostName) => (await lookup(hostName, { all: true })).map(({ address }) => address),
    fileStamp,
    modifiedSeconds,
    beforeServing: (task) => tasks.push(task),
    every: (intervalMs, task) => {
      const timer = setInterval(() => void task(), intervalMs).unref()
      closers.push(() => clearInterval(timer))
    },
  }
  return {
    host,
    prepare: async () => void (await Promise.all(tasks.splice(0).map((task) => task()))),
    close: () => {
      // What outlives this configuration may hold on to its host, but not to all that the configuration was made of.
      for (const close of closers.splice(0)) close()
    },
  }
}

function modifiedSeconds(path: string): number | undefined {
  try {
    return statSync(path).mtimeMs / 1000
  } catch {
    return undefined
  }
}

/** A link is followed, so that a ConfigMap's swap of its folder shows. */
function fileStamp(path: string): string | undefined {
  try {
    const { dev, ino, size, mtimeMs } = statSync(path)
    return `${dev} ${ino} ${size} ${mtimeMs}`
  } catch {
    return undefined
  }
}
