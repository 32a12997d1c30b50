import { RrType } from '../../wire/rrtype.ts'
import type { Service } from '../objects.ts'
import type { NamingOptions } from './naming-options.ts'
import { addressData, fixedData, type Node, node } from './node.ts'
import { describeService } from './service-text.ts'
import type { NamedEndpoint } from './slice-endpoints.ts'
import { endpointTargets, srvData } from './srv-data.ts'

/** What stands at an endpoint's name below its Service: its addresses, and SRV records for all its ports. */
export function endpointNode(service: Service, endpoint: NamedEndpoint, { ttlSeconds }: NamingOptions): Node {
  const { label, addresses, alias } = endpoint
  const description = `endpoint ${label} of ${describeService(service)}`
  if (alias !== undefined) {
    return node(`${description}, alias of ${alias}`, [
      fixedData(RrType.CNAME, [{ kind: 'CNAME', target: alias }]),
    ])
  }
  const srv = srvData(() => endpointTargets(service, [endpoint]), ttlSeconds)
  return node(description, [...addressData(addresses), ...(endpoint.ports.length > 0 ? [srv] : [])])
}
