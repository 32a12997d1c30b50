import type { ControlPlane } from '../control-plane/control-plane.ts'
import type { ObjectReference } from '../control-plane/kube-client.ts'
import { waitFor } from '../control-plane/wait-for.ts'
import type { ApiObject } from '../helpers/api-object.ts'
import type { SliceEndpoint } from './objects.ts'

interface SliceList {
  readonly items: readonly (ApiObject & { readonly endpoints: readonly SliceEndpoint[] | null })[]
}

interface AddressedList {
  readonly items: readonly (ApiObject & {
    readonly spec?: { readonly clusterIP?: string }
    readonly status?: { readonly podIP?: string }
  })[]
}

/** The address of a Pod as soon as it has one. */
export async function podAddress(plane: ControlPlane, reference: ObjectReference): Promise<string> {
  return waitFor(`Pod ${reference.metadata.name} has an address`, async () => {
    const { status } = await plane.client.read(reference)
    const ip = typeof status === 'object' && status !== null && 'podIP' in status ? status.podIP : undefined
    return typeof ip === 'string' && ip
  })
}

/** The addresses that the slices of a Service list as ready, as soon as there are so many. */
export async function endpointAddresses(
  plane: ControlPlane,
  namespace: string,
  name: string,
  count: number,
  limitMs = 60_000,
): Promise<readonly string[]> {
  const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`
  const ready = async (): Promise<readonly string[]> => {
    const { items } = await plane.client.get<SliceList>(
      `${path}?labelSelector=kubernetes.io%2Fservice-name%3D${name}`,
    )
    const all = items.flatMap(({ endpoints }) => endpoints ?? [])
    return all.filter(({ conditions }) => conditions?.ready !== false).flatMap(({ addresses }) => addresses)
  }
  return waitFor(
    `${count} endpoints of ${namespace}/${name}`,
    async () => {
      const addresses = await ready()
      return addresses.length === count && addresses
    },
    { limitMs },
  )
}

/** The first address of every Service and Pod that has one, by such paths as `Pod default/pod1`. */
export async function readAddresses({ client }: ControlPlane): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (const kind of ['Service', 'Pod']) {
    const { items } = await client.get<AddressedList>(`/api/v1/${kind.toLowerCase()}s`)
    for (const { metadata, spec, status } of items) {
      const address = kind === 'Service' ? spec?.clusterIP : status?.podIP
      const path = `${kind} ${metadata.namespace}/${metadata.name}`
      if (address !== undefined && address !== 'None' && address !== '') found.set(path, address)
    }
  }
  return found
}
