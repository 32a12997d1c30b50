import { planBlocks } from '../../src/cli/plan-blocks.ts'
import { parseCorefile } from '../../src/config/parser.ts'
import { ClusterStore } from '../../src/kubernetes/cluster-store.ts'
import { createServingPlan } from '../../src/server/serving-plan.ts'
import type { ServingPlan } from '../../src/server/serving-plan.ts'
import { readLabObjects } from '../helpers/lab-objects.ts'
import { testHost } from '../plugins/plugin-harness.ts'
import type { FuzzTarget } from './target.ts'
import { apiDecodeTarget } from './targets/api-decode.ts'
import { corefileTarget } from './targets/corefile.ts'
import { framingTarget } from './targets/framing.ts'
import { manifestsTarget } from './targets/manifests.ts'
import { messageTarget } from './targets/message.ts'
import { queryTarget } from './targets/query.ts'
import { resolvConfTarget } from './targets/resolv-conf.ts'
import { upstreamReplyTarget } from './targets/upstream-reply.ts'
import { zoneFileTarget } from './targets/zone-file.ts'

/** Everything that takes octets from strangers. */
export async function createTargets(): Promise<readonly FuzzTarget[]> {
  return [
    queryTarget(await labsPlan()),
    messageTarget,
    framingTarget,
    upstreamReplyTarget,
    corefileTarget,
    manifestsTarget,
    resolvConfTarget,
    zoneFileTarget,
    apiDecodeTarget,
  ]
}

const LABS_COREFILE = `
cluster.local in-addr.arpa ip6.arpa {
    kubernetes {
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
    }
    loadbalance
}
example.org {
    whoami
}
`

/** What the labs serve, without a socket. */
export async function labsPlan(): Promise<ServingPlan> {
  const store = new ClusterStore({ nowSeconds: () => 1 })
  for (const object of await readLabObjects()) store.apply(object)
  store.markSynced()
  const corefile = parseCorefile(LABS_COREFILE, {
    file: 'Corefile',
    env: {},
    readFile: () => '',
    glob: () => [],
  })
  return createServingPlan(
    planBlocks(corefile, 53, testHost({ hasObjects: true, cluster: () => store })).listens.flatMap(
      ({ blocks }) => blocks,
    ),
  )
}
