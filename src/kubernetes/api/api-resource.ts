/** A collection of objects that the Kubernetes API serves. */
export interface ApiResource {
  /** Of its objects, as the API spells it. */
  readonly kind: 'Service' | 'EndpointSlice' | 'Endpoints' | 'Pod' | 'Namespace'
  /** Path of the group and version, without a final slash. */
  readonly groupPath: '/api/v1' | '/apis/discovery.k8s.io/v1'
  /** The last part of its path, lower case. */
  readonly plural: string
}

export const SERVICES: ApiResource = { kind: 'Service', groupPath: '/api/v1', plural: 'services' }
export const ENDPOINT_SLICES: ApiResource = {
  kind: 'EndpointSlice',
  groupPath: '/apis/discovery.k8s.io/v1',
  plural: 'endpointslices',
}
export const ENDPOINTS: ApiResource = { kind: 'Endpoints', groupPath: '/api/v1', plural: 'endpoints' }
export const PODS: ApiResource = { kind: 'Pod', groupPath: '/api/v1', plural: 'pods' }
export const NAMESPACES: ApiResource = { kind: 'Namespace', groupPath: '/api/v1', plural: 'namespaces' }

/** The path of the collection: of one namespace, or of all where it is undefined. */
export function collectionPath({ groupPath, plural }: ApiResource, namespace: string | undefined): string {
  return namespace === undefined
    ? `${groupPath}/${plural}`
    : `${groupPath}/namespaces/${encodeURIComponent(namespace)}/${plural}`
}
