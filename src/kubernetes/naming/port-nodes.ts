import type { Service } from '../objects.ts'
import type { NamingOptions } from './naming-options.ts'
import { type Node, node } from './node.ts'
import type { ServiceEndpoints } from './service-endpoints.ts'
import { describeService } from './service-text.ts'
import { clusterIPTarget, endpointTargets, srvData } from './srv-data.ts'

/**
 * What stands below a Service for its named ports: `_http._tcp` with SRV records, and `_tcp` above it, which exists as
 * soon as a port with that protocol does (differences.md 3). A headless Service has the ports of its endpoints.
 */
export function portNodes(
  service: Service,
  endpoints: () => ServiceEndpoints,
  { ttlSeconds }: NamingOptions,
): ReadonlyMap<string, Node> {
  const nodes = new Map<string, Node>()
  const ports =
    service.type === 'Headless'
      ? [...endpoints().byLabel.values()].flatMap((endpoint) => endpoint.ports)
      : service.ports
  for (const { name, protocol } of ports) {
    const [key, protocolKey] = [portKey(name, protocol), `_${protocol.toLowerCase()}`]
    if (name === '' || nodes.has(key)) continue
    const isWanted = (port: PortIdentity) => portKey(port.name, port.protocol) === key
    const targets =
      service.type === 'Headless'
        ? endpointTargets(service, endpoints(), isWanted)
        : clusterIPTarget(
            service,
            service.ports.filter(isWanted).map(({ port }) => port),
          )
    const srv = srvData(targets, ttlSeconds)
    nodes.set(key, node(`port ${key} of ${describeService(service)}`, srv === undefined ? [] : [srv]))
    nodes.set(protocolKey, node(`${protocol} ports of ${describeService(service)}`, []))
  }
  return nodes
}

interface PortIdentity {
  readonly name: string
  readonly protocol: string
}

function portKey(name: string, protocol: string): string {
  return `_${name}._${protocol}`.toLowerCase()
}
