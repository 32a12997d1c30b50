import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ControlPlane } from '../../control-plane/control-plane.ts'
import { composeKubeconfig } from '../../control-plane/kubeconfig.ts'
import { startScriptedUpstream } from '../../helpers/scripted-upstream.ts'
import { composeCorefile } from '../corefiles.ts'
import type { Profile } from '../corefiles.ts'
import { openWith, startBoth } from '../servers.ts'
import type { Pair } from '../servers.ts'
import { outsideWorld } from '../upstream.ts'

/** Both servers with one Corefile, each following the same API server. Resolves when both know what it has. */
export async function startLivePair(
  profile: Profile,
  { server, caFile, adminToken }: ControlPlane,
): Promise<Pair> {
  return openWith(async (closers) => {
    const upstream = await startScriptedUpstream(outsideWorld)
    closers.push(() => upstream.close())
    const folder = await mkdtemp(join(tmpdir(), 'slicedns-live-'))
    closers.push(() => rm(folder, { recursive: true, force: true }))
    const kubeconfig = join(folder, 'kubeconfig')
    await writeFile(kubeconfig, composeKubeconfig({ server, caFile, token: adminToken }))
    const dataSource = `kubeconfig ${kubeconfig} test`
    const corefile = composeCorefile(profile, { upstreamPort: upstream.port, dataSource })
    const { serving: _, ...pair } = await startBoth(
      { profile, folder, corefiles: { ours: corefile, theirs: corefile } },
      closers,
    )
    return pair
  })
}
