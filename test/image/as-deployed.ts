import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { at, containersOf, deployObjects, listAt, podSpecOf, textAt } from '../helpers/deploy-files.ts'
import { ROOT } from '../helpers/source-tree.ts'
import type { BuiltImage } from './builder.ts'
import type { ContainerSetup } from './spec.ts'
import { ConfigMapVolume } from './volume.ts'

/** How deploy/deployment.yaml has the server run, with the labs in place of the API server. */
export async function asDeployed(
  folder: string,
  image: BuiltImage,
  corefile = labsCorefile(),
): Promise<ContainerSetup & { readonly config: ConfigMapVolume }> {
  const deployment = deployObjects().find(({ kind }) => kind === 'Deployment')
  if (deployment === undefined) throw new Error('deploy/ has no Deployment')
  const [container] = containersOf(podSpecOf(deployment))
  const config = await ConfigMapVolume.create(folder, { Corefile: corefile })
  const resolvConf = join(folder, 'resolv.conf')
  // Nobody is there: the network of the container has no way out.
  await writeFile(resolvConf, 'nameserver 192.0.2.1\n')
  return {
    image,
    config,
    args: listAt(container, 'args').map(String),
    capabilities: listAt(container, 'securityContext.capabilities.add').map((name) => `CAP_${String(name)}`),
    allowPrivilegeEscalation: at(container, 'securityContext.allowPrivilegeEscalation') !== false,
    memoryLimitOctets: octetsOf(textAt(container, 'resources.limits.memory')),
    mounts: {
      '/etc/coredns': config.path,
      '/etc/resolv.conf': resolvConf,
      '/manifests': join(ROOT, 'examples/labs'),
    },
  }
}

/** The Corefile of deploy/config-map.yaml, with `manifests`. */
export function labsCorefile(): string {
  return deployedCorefile().replace(/kubernetes .*\{\n/, (line) => `${line}        manifests /manifests\n`)
}

/** The Corefile of deploy/config-map.yaml. */
export function deployedCorefile(): string {
  const map = deployObjects().find(({ kind, name }) => kind === 'ConfigMap' && name === 'slicedns')
  return textAt(map?.object, 'data.Corefile')
}

/** `170Mi`: the one form of a quantity that deploy/ uses for memory. */
function octetsOf(quantity: string): number {
  const [, mebibytes = ''] = /^(\d+)Mi$/.exec(quantity) ?? []
  if (mebibytes === '') throw new Error(`Cannot read the memory limit ${JSON.stringify(quantity)}`)
  return Number(mebibytes) * 1024 * 1024
}
