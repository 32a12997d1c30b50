import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'

import { freePort } from '../../bench/servers.ts'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import { waitFor } from '../control-plane/wait-for.ts'
import { asDeployed, deployedCorefile } from './as-deployed.ts'
import { startContainer } from './container.ts'
import type { ImageWorld } from './image-case.ts'
import { ask, waitForAnswer } from './probe.ts'
import { ConfigMapVolume } from './volume.ts'

/** What the API server is to know from its start: the token of the account of deploy/. */
export const ACCOUNT_TOKENS: Readonly<Record<string, string>> = {
  'image-token': 'system:serviceaccount:kube-system:slicedns',
}

/**
 * Runs the image as a Pod of the Deployment has it: the Corefile that ships, the API server and the token where a kubelet puts
 * them, and the rights of deploy/, which must have been applied.
 */
export async function followApiServer({ folder, image }: ImageWorld, plane: ControlPlane): Promise<void> {
  // Only the ports are others: the API server is on the network of this machine.
  const [port, web] = [await freePort(), '127.0.0.1:0']
  const corefile = deployedCorefile()
    .replace('.:53', `.:${port}`)
    .replace('health', `health ${web}`)
    .replace(/ready$/m, `ready ${web}`)
    .replace('prometheus :9153', `prometheus ${web}`)
    .replace('errors', 'errors\n    bind 127.0.0.1')
  const setup = await asDeployed(folder, image, corefile)
  const [token = ''] = Object.keys(ACCOUNT_TOKENS)
  const account = await ConfigMapVolume.create(folder, {
    token,
    namespace: 'kube-system',
    'ca.crt': await readFile(plane.caFile, 'utf8'),
  })
  const container = await startContainer(folder, {
    ...setup,
    mounts: { ...setup.mounts, '/var/run/secrets/kubernetes.io/serviceaccount': account.path },
    environment: [`KUBERNETES_SERVICE_HOST=127.0.0.1`, `KUBERNETES_SERVICE_PORT=${plane.apiPort}`],
    hasHostNetwork: true,
  })
  try {
    await waitForAnswer(container, 'kubernetes.default.svc.cluster.local', port)
    assert.equal(await ask(container, 'kube-dns.kube-system.svc.cluster.local', port), '10.96.0.10')
    const service = { name: 'late', namespace: 'default' }
    const spec = { clusterIP: '10.96.7.7', ports: [{ port: 80 }] }
    await plane.apply([{ apiVersion: 'v1', kind: 'Service', metadata: service, spec }])
    const isThere = async (): Promise<boolean> =>
      (await ask(container, 'late.default.svc.cluster.local', port)) === '10.96.7.7'
    await waitFor('the address of a new Service', isThere)
    assert.doesNotMatch(container.output(), /"level":(?:40|50)/)
  } finally {
    await container.stop()
  }
}
