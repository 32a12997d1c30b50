import type { Service } from '../objects.ts'
import type { NamingOptions } from './naming-options.ts'
import { type Node, node } from './node.ts'
import { portKey, portKeys, portsOf } from './port-key.ts'
import type { ServiceEndpoints } from './service-endpoints.ts'
import { describeService } from './service-text.ts'
import { clusterIPTarget, endpointTargets, srvData, type SrvTarget } from './srv-data.ts'

/**
 * What stands below a Service for its named ports: `_http._tcp` with SRV records, and `_tcp` above it, which exists as
 * soon as a port with that protocol does (differences.md 3).
 */
export function portNodes(
  service: Service,
  endpoints: () => ServiceEndpoints,
  { ttlSeconds }: NamingOptions,
): ReadonlyMap<string, Node> {
  const nodes = new Map<string, Node>()
  for (const key of portKeys(portsOf(service, endpoints))) {
    const protocolKey = key.slice(key.lastIndexOf('.') + 1)
    const srv = srvData(() => targetsOfPort(key, service, endpoints), ttlSeconds)
    const hasTarget = service.type === 'Headless' || service.clusterIPs.length > 0
    nodes.set(key, node(`port ${key} of ${describeService(service)}`, hasTarget ? [srv] : []))
    nodes.set(protocolKey, node(`ports ${protocolKey} of ${describeService(service)}`, []))
  }
  return nodes
}

function targetsOfPort(
  key: string,
  service: Service,
  endpoints: () => ServiceEndpoints,
): readonly SrvTarget[] {
  if (service.type === 'Headless')
    return endpointTargets(service, endpoints().byLabel.values(), (port) => portKey(port) === key)
  const numbers = service.ports.filter((port) => portKey(port) === key).map(({ port }) => port)
  return clusterIPTarget(service, numbers)
}
