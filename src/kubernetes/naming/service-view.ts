import type { ServiceEntry } from '../service-entry.ts'
import { endpointNode } from './endpoint-node.ts'
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
  readonly #endpointNodes = new Map<string, Node>()
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

  /** Of the endpoints that have a name. None where the Service itself has no name, or is an alias of something outside. */
  endpointLabels(): Iterable<string> {
    return this.#serviceWithNamesBelow() === undefined ? [] : this.endpoints.byLabel.keys()
  }

  /** What stands at an endpoint's label. Made when it is asked for: there are tens of thousands, and a change ends them all. */
  endpointNode(label: string): Node | undefined {
    const known = this.#endpointNodes.get(label)
    if (known !== undefined) return known
    const service = this.#serviceWithNamesBelow()
    const endpoint = service && this.endpoints.byLabel.get(label)
    if (endpoint === undefined || service === undefined) return undefined
    const made = endpointNode(service, endpoint, this.#options)
    this.#endpointNodes.set(label, made)
    return made
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
