import type { Manifest } from '../../manifests/manifest.ts'
import type { EndpointPort, ServicePort } from '../../objects.ts'
import { type ObjectProblem, type Path, named, warning } from '../problem.ts'
import type { ServiceDraft } from '../read-service.ts'
import type { Linted } from './linted.ts'

/** Ports of Endpoints and written EndpointSlices that match no port of their Service: the two join by name. */
export function lintPortNames({ cluster, slices, report }: Linted): void {
  const check = (service: ServiceDraft | undefined, manifest: Manifest, ports: PortList): void => {
    for (const problem of mismatches(service, manifest, ports)) report(problem)
  }
  for (const endpoints of cluster.endpoints) {
    if (slices.excluded.has(endpoints)) continue
    for (const [index, { ports }] of endpoints.subsets.entries()) {
      check(cluster.servicesByKey.get(endpoints.key), endpoints.manifest, {
        ports,
        path: ['subsets', index, 'ports'],
      })
    }
  }
  for (const { manifest, slice } of cluster.slices) {
    const service = cluster.servicesByKey.get(`${slice.namespace}/${slice.serviceName}`)
    if (slice.addressType !== 'FQDN') check(service, manifest, { ports: slice.ports, path: ['ports'] })
  }
}

interface PortList {
  readonly ports: readonly EndpointPort[]
  readonly path: Path
}

function mismatches(
  service: ServiceDraft | undefined,
  manifest: Manifest,
  { ports, path }: PortList,
): ObjectProblem[] {
  // A headless Service may leave its ports to the endpoints.
  if (service === undefined || service.ports.length === 0) return []
  const known = new Set(service.ports.map(portText))
  return ports.flatMap((port, index) => {
    if (known.has(portText(port))) return []
    const message = `${named(manifest)}: port ${portText(port)} matches no port of ${named(service.manifest)}, which has ${[...known].join(', ')}. Give both the same name and protocol`
    return [warning(manifest, [...path, index, 'name'], 'SLICEDNS_MANIFEST_PORT_NAME', message)]
  })
}

function portText({ name, protocol }: EndpointPort | ServicePort): string {
  return `"${name}" (${protocol})`
}
