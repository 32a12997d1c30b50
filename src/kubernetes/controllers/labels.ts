/** Labels that Kubernetes' controllers set and read (the API's well-known labels). */
export const SERVICE_NAME = 'kubernetes.io/service-name'
export const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by'
export const SKIP_MIRROR = 'endpointslice.kubernetes.io/skip-mirror'
export const HEADLESS = 'service.kubernetes.io/headless'
export const TOPOLOGY_ZONE = 'topology.kubernetes.io/zone'
export const NAMESPACE_NAME = 'kubernetes.io/metadata.name'
