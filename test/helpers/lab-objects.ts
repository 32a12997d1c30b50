import { createControllers } from '../../src/kubernetes/controllers/controllers.ts'
import { createManifestSource } from '../../src/kubernetes/manifests/manifest-source.ts'
import type { ClusterObject } from '../../src/kubernetes/objects.ts'
import { ipToText } from '../../src/wire/ip-address.ts'
import { LABS_FOLDER } from './running-labs.ts'

/** Every object that the labs become, addresses allocated: the same that a server of the folder works with. */
export async function readLabObjects(): Promise<readonly ClusterObject[]> {
  const objects: ClusterObject[] = []
  const source = createManifestSource({ folders: [LABS_FOLDER], watch: false, build: createControllers() })
  await source.start({
    apply: (object) => objects.push(object) > 0,
    remove: () => {},
    markSynced: () => {},
    markUnavailable: () => {},
    describe: () => {},
  })
  await source.stop()
  return objects
}

/** The first address that an object of the labs was given, such as that of `Pod default/pod1`. */
export type LabAddresses = (path: string) => string

export function labAddresses(objects: readonly ClusterObject[]): LabAddresses {
  const byPath = new Map(objects.flatMap((object) => addressesOf(object)))
  return (path) => {
    const address = byPath.get(path)
    if (address === undefined) throw new RangeError(`Cannot find an address of ${path} in the labs`)
    return address
  }
}

function addressesOf(object: ClusterObject): readonly (readonly [string, string])[] {
  if (object.kind !== 'Service' && object.kind !== 'Pod') return []
  const [first] = object.kind === 'Service' ? object.clusterIPs : object.podIPs
  return first === undefined ? [] : [[`${object.kind} ${object.namespace}/${object.name}`, ipToText(first)]]
}
