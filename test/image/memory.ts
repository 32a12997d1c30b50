import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { makeCluster } from '../../bench/cluster.ts'
import { composeCorefile } from '../../bench/corefile.ts'
import type { DataSource } from '../../bench/corefile.ts'
import { residentOctets } from '../../bench/process-usage.ts'
import { nameOf } from '../../bench/queries.ts'
import { waitForAnswer as waitForServer } from '../../bench/replies.ts'
import { freePort, startCoredns } from '../../bench/servers.ts'
import { withWorkspace } from '../../bench/workspace.ts'
import type { Workspace } from '../../bench/workspace.ts'
import { asDeployed } from './as-deployed.ts'
import type { BuiltImage } from './builder.ts'
import { startContainer } from './container.ts'
import { waitForAnswer } from './probe.ts'

/** Resident memory in octets, of several starts each. */
export interface ResidentMemory {
  readonly coredns: readonly number[]
  /** The image, following the same API server, under the memory limit of deploy/deployment.yaml. */
  readonly following: readonly number[]
  /** The same with the objects as manifests. */
  readonly manifests: readonly number[]
}

const STARTS = 3
/** Memory counts as settled this long after the first answer, as in bench/start.ts. */
const SETTLE_MS = 5000
const CLUSTER = makeCluster({ serviceCount: 1000, endpointsPerSlice: 10 })

/** Measures CoreDNS and the image with 1,000 Services of 10 endpoints each, in turns. */
export async function measureMemory(folder: string, image: BuiltImage): Promise<ResidentMemory> {
  const last = CLUSTER.services.findLast(({ clusterIP }) => clusterIP !== undefined)
  if (last === undefined) throw new RangeError('Cannot measure without Services')
  const name = nameOf(last)
  return withWorkspace(CLUSTER, async (workspace) => {
    const coredns: number[] = []
    const following: number[] = []
    const manifests: number[] = []
    for (let start = 0; start < STARTS; start++) {
      coredns.push(await ofCoredns(workspace, name))
      const endpoint = { endpoint: workspace.apiServerUrl }
      following.push(await ofImage(folder, image, endpoint, workspace, name))
      manifests.push(await ofImage(folder, image, { manifests: '/manifests' }, workspace, name))
    }
    return { coredns, following, manifests }
  })
}

async function ofCoredns({ folder, apiServerUrl }: Workspace, name: string): Promise<number> {
  const server = await startCoredns({ folder, source: { endpoint: apiServerUrl }, core: undefined })
  try {
    await waitForServer(server, { name, type: 'A' })
    await sleep(SETTLE_MS)
    return residentOctets(server.pid)
  } finally {
    await server.stop()
  }
}

async function ofImage(
  folder: string,
  image: BuiltImage,
  source: DataSource,
  workspace: Workspace,
  name: string,
): Promise<number> {
  const port = await freePort()
  const setup = await asDeployed(folder, image, composeCorefile(port, source))
  const mounts = { ...setup.mounts, '/manifests': join(workspace.folder, 'manifests') }
  const container = await startContainer(folder, { ...setup, mounts, hasHostNetwork: true })
  try {
    await waitForAnswer(container, name, port)
    await sleep(SETTLE_MS)
    return residentOctets(container.pid)
  } finally {
    await container.stop()
  }
}
