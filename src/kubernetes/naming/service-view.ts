import type { ServiceEntry } from '../service-entry.ts'
import { endpointNodes } from './endpoint-nodes.ts'
import type { NamingOptions } from './naming-options.ts'
import type { Found, Node } from './node.ts'
import { portNodes } from './port-nodes.ts'
import { readEndpoints, readEndpointsByZone, type ServiceEndpoints } from './service-endpoints.ts'
import { serviceNode } from './service-node.ts'
import { type ZoneNode, zoneNodes } from './zone-nodes.ts'

const NONE: ReadonlyMap<string, Node> = new Map()

/** Everything that stands at and below a Service's name. Made once for an entry, each part when it is first wanted. */
export class ServiceView {
  readonly entry: ServiceEntry
  readonly #options: NamingOptions
  #own: Found | undefined
  #endpoints: ServiceEndpoints | undefined
  #endpointNodes: ReadonlyMap<string, Node> | undefined
  #portNodes: ReadonlyMap<string, Node> | undefined
  #zones: ReadonlyMap<string, ZoneNode> | undefined

  constructor(entry: ServiceEntry, options: NamingOptions) {
    this.entry = entry
    this.#options = options
  }

  /** At the Service's own name. */
  get own(): Found {
    this.#own ??= serviceNode(this.entry, () => this.endpoints, this.#options)
    return this.#own
  }

  get endpoints(): ServiceEndpoints {
    this.#endpoints ??= readEndpoints(this.entry, this.#options)
    return this.#endpoints
  }

  /** By endpoint label. Empty where the Service itself has no name, or is an alias of something outside. */
  get endpointNodes(): ReadonlyMap<string, Node> {
    const service = this.#serviceWithNamesBelow()
    if (service === undefined) return NONE
    this.#endpointNodes ??= endpointNodes(service, this.endpoints, this.#options)
    return this.#endpointNodes
  }

  /** By `_port._proto`, and by the `_proto` above it. Empty in the same cases. */
  get portNodes(): ReadonlyMap<string, Node> {
    const service = this.#serviceWithNamesBelow()
    if (service === undefined) return NONE
    this.#portNodes ??= portNodes(service, () => this.endpoints, this.#options)
    return this.#portNodes
  }

  /** By topology zone, in lower case; undefined where the Service has no names by zone. */
  get zones(): ReadonlyMap<string, ZoneNode> | undefined {
    const service = this.#options.zonal ? this.#serviceWithNamesBelow() : undefined
    if (service?.type !== 'Headless') return undefined
    this.#zones ??= zoneNodes(service, readEndpointsByZone(this.entry, this.#options), this.#options)
    return this.#zones
  }

  #serviceWithNamesBelow() {
    const { service } = this.entry
    return service?.type === 'ExternalName' || this.own.kind === 'absence' ? undefined : service
  }
}
