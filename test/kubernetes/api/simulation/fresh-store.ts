import { ENDPOINT_SLICES, NAMESPACES, PODS, SERVICES } from '../../../../src/kubernetes/api/api-resource.ts'
import { createCodec } from '../../../../src/kubernetes/api/codec/create-codec.ts'
import { ClusterStore } from '../../../../src/kubernetes/cluster-store.ts'
import { ip } from '../../../helpers/cluster.ts'
import type { ModelCluster } from './model-cluster.ts'
import { ADDRESSES, type Kind, KINDS, NAMESPACES as PLACES } from './random-object.ts'
import { JSON_FORM } from './wire-form.ts'

/** What is asked of the API server for a kind. */
export const RESOURCES = {
  Namespace: NAMESPACES,
  Service: SERVICES,
  EndpointSlice: ENDPOINT_SLICES,
  Pod: PODS,
} as const satisfies Record<Kind, unknown>

const IPS = ADDRESSES.map(ip)

export function emptyStore(): ClusterStore {
  return new ClusterStore({ nowSeconds: () => 0 })
}

const decoders = new Map(
  KINDS.map((kind) => [kind, createCodec(JSON_FORM.listType, RESOURCES[kind])] as const),
)

/** A store that one list of everything has filled. */
export function freshStore(cluster: ModelCluster): ClusterStore {
  const store = emptyStore()
  for (const kind of KINDS) {
    const decoder = decoders.get(kind)?.listDecoder()
    const list = JSON_FORM.list(kind, { resourceVersion: '1' }, [...cluster.objects(kind).values()])
    for (const { object } of decoder?.push(list) ?? []) {
      if (object !== undefined && object.kind !== 'Endpoints') store.apply(object)
    }
  }
  return store
}

/** All that a store of a model cluster holds. */
export function contentsOf(store: ClusterStore): Readonly<Record<string, unknown>> {
  return {
    namespaces: [...store.namespaceNames()].toSorted().map((name) => store.namespace(name)),
    entries: PLACES.map((namespace) => store.entriesIn(namespace)),
    pods: IPS.map((address) => store.podsAt(address).toSorted((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1))),
  }
}

function pathOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`
}
