import type { Service } from '../objects.ts'
import type { NamingOptions } from './naming-options.ts'
import { type Node, node } from './node.ts'
import type { ServiceEndpoints } from './service-endpoints.ts'
import { headlessData } from './service-node.ts'
import { describeService } from './service-text.ts'

/** A topology zone that a headless Service has endpoints in. */
export interface ZoneNode {
  readonly endpoints: ServiceEndpoints
  /** Undefined where none of its endpoints is ready. */
  readonly node: Node | undefined
}

/** By topology zone, in lower case: what stands at its two names. */
export function zoneNodes(
  service: Service,
  byZone: ReadonlyMap<string, ServiceEndpoints>,
  options: NamingOptions,
): ReadonlyMap<string, ZoneNode> {
  const nodes = new Map<string, ZoneNode>()
  for (const [zone, endpoints] of byZone) {
    const description = `topology zone "${zone}" of ${describeService(service)}`
    const isServed = endpoints.byLabel.size > 0
    nodes.set(zone, {
      endpoints,
      node: isServed ? node(description, headlessData(service, endpoints, options)) : undefined,
    })
  }
  return nodes
}
