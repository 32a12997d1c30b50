import type { BenchCluster } from './cluster.ts'
import { startDgramEcho, startDns2, startEcho, startNsd } from './peers.ts'
import { startCoredns, startKubeadmCoredns, startKubeadmSlicedns, startSlicedns } from './servers.ts'
import type { BenchServer, ServerSetup } from './servers.ts'
import { findTool, howToInstall } from './tools.ts'
import type { Workspace } from './workspace.ts'

/** What every server is started from. */
export interface Setting {
  readonly cluster: BenchCluster
  readonly workspace: Workspace
  /** What is run as SliceDNS. */
  readonly entry: string
}

/** The servers take turns on this core. */
const SERVER_CORE = 0

const STARTERS: Readonly<Record<string, (setting: Setting) => Promise<BenchServer>>> = {
  slicedns: ({ workspace, entry }) => startSlicedns(fromManifests(workspace), entry),
  coredns: ({ workspace }) => startCoredns(fromApiServer(workspace)),
  'slicedns-kubeadm': ({ workspace, entry }) => startKubeadmSlicedns(fromManifests(workspace), entry),
  'coredns-kubeadm': ({ workspace }) => startKubeadmCoredns(fromApiServer(workspace)),
  nsd: ({ workspace, cluster }) => startNsd(workspace.folder, cluster.services, SERVER_CORE),
  dns2: ({ workspace, cluster }) => startDns2(workspace.folder, cluster.services, SERVER_CORE),
  dgram: () => startDgramEcho(SERVER_CORE),
  echo: ({ workspace }) => startEcho(workspace.folder, SERVER_CORE),
}

/** What can be chosen. */
export const SERVER_NAMES: readonly string[] = Object.keys(STARTERS)

/** Starters for names joined by commas. NSD is left out where it is not installed. Throws an Error at an unknown name. */
export function chooseServers(names: string, setting: Setting): (() => Promise<BenchServer>)[] {
  return names.split(',').flatMap((name) => {
    const start = STARTERS[name]
    if (start === undefined)
      throw new Error(`Cannot measure "${name}": it is none of ${SERVER_NAMES.join(', ')}`)
    if (name !== 'nsd' || findTool('nsd') !== undefined) return [() => start(setting)]
    process.stdout.write(`NSD is left out. ${howToInstall('nsd')}\n`)
    return []
  })
}

function fromManifests({ folder, manifests, upstreamPort }: Workspace): ServerSetup {
  return { folder, core: SERVER_CORE, source: { manifests }, upstreamPort }
}

function fromApiServer({ folder, apiServerUrl, upstreamPort }: Workspace): ServerSetup {
  return { folder, core: SERVER_CORE, source: { endpoint: apiServerUrl }, upstreamPort }
}
