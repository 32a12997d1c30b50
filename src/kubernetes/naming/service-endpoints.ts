import { ipFromText } from '../../wire/ip-address.ts'
import { type DomainName, lowerCase, nameFromText } from '../../wire/name.ts'
import type { IpAddress } from '../../wire/rdata.ts'
import type { Endpoint, EndpointPort, EndpointSlice, Protocol } from '../objects.ts'
import type { ServiceEntry } from '../service-entry.ts'
import { collectAddresses } from './address-rdatas.ts'
import { endpointLabel } from './endpoint-label.ts'
import type { NamingOptions } from './naming-options.ts'
import type { AddressRdatas } from './node.ts'

/** The ready endpoints of a Service, over all its slices, as names see them. */
export interface ServiceEndpoints {
  /** Each address once, in an order that is the same for the same slices. */
  readonly addresses: AddressRdatas
  /** The first host name of slices of type FQDN; undefined where the Service has addresses (differences.md 12). */
  readonly alias: DomainName | undefined
  readonly byLabel: ReadonlyMap<string, NamedEndpoint>
  /** Labels of those that are not ready. */
  readonly notReady: ReadonlySet<string>
}

/** What goes by one label below a Service: mostly one endpoint, several where they share a hostname. */
export interface NamedEndpoint {
  readonly label: string
  readonly addresses: AddressRdatas
  readonly alias: DomainName | undefined
  /** Each once. */
  readonly ports: readonly NumberedPort[]
}

export interface NumberedPort {
  readonly name: string
  readonly protocol: Protocol
  readonly port: number
}

type Options = Pick<NamingOptions, 'endpoints' | 'endpointPodNames'>

/** Whether an endpoint counts: absent conditions count as ready, and a Service can ask for all (differences.md 30). */
export function isReady(endpoint: Endpoint, entry: ServiceEntry): boolean {
  return endpoint.ready || entry.service?.publishNotReadyAddresses === true
}

export function readEndpoints(entry: ServiceEntry, options: Options): ServiceEndpoints {
  const drafts = new Map<string, Draft>()
  const notReady = new Set<string>()
  for (const slice of options.endpoints ? servedSlices(entry.slices) : []) {
    const ports = numberedPorts(slice)
    for (const endpoint of slice.endpoints) {
      const isServed = isReady(endpoint, entry)
      for (const address of endpoint.addresses) {
        const label = endpointLabel(endpoint, address, options)
        if (isServed) addToDraft(drafts, label, address, ports)
        else notReady.add(label)
      }
    }
  }
  const byLabel = new Map<string, NamedEndpoint>()
  for (const [label, draft] of drafts) {
    byLabel.set(label, finish(label, draft))
    notReady.delete(label)
  }
  const addresses = [...drafts.values()].flatMap((draft) => draft.addresses)
  const aliases = [...drafts.values()].flatMap((draft) => draft.aliases)
  return { addresses: collectAddresses(addresses), alias: firstName(aliases), byLabel, notReady }
}

interface Draft {
  readonly addresses: IpAddress[]
  readonly aliases: DomainName[]
  readonly portLists: Set<readonly NumberedPort[]>
}

/** All slices of one kind: those with addresses win over those with host names (differences.md 12). */
function servedSlices(slices: readonly EndpointSlice[]): readonly EndpointSlice[] {
  const ofAddresses = slices.filter(({ addressType }) => addressType !== 'FQDN')
  return ofAddresses.some(({ endpoints }) => endpoints.length > 0) ? ofAddresses : slices
}

/** Passes over what is neither address nor host name. */
function addToDraft(
  drafts: Map<string, Draft>,
  label: string,
  address: IpAddress | string,
  ports: readonly NumberedPort[],
): void {
  const alias = typeof address === 'string' ? hostName(address) : undefined
  if (typeof address === 'string' && alias === undefined) return
  const draft = drafts.get(label) ?? { addresses: [], aliases: [], portLists: new Set() }
  if (alias !== undefined) draft.aliases.push(alias)
  else if (typeof address !== 'string') draft.addresses.push(address)
  draft.portLists.add(ports)
  drafts.set(label, draft)
}

function finish(label: string, { addresses, aliases, portLists }: Draft): NamedEndpoint {
  const [only, ...others] = portLists
  const ports = others.length === 0 ? (only ?? []) : distinctPorts([...portLists].flat())
  return { label, addresses: collectAddresses(addresses), alias: firstName(aliases), ports }
}

/** Ports that can be in an SRV record. Host names have none: an SRV target is never an alias (RFC 2782). */
function numberedPorts(slice: EndpointSlice): readonly NumberedPort[] {
  return slice.addressType === 'FQDN' ? [] : distinctPorts(slice.ports)
}

function distinctPorts(ports: readonly (EndpointPort | NumberedPort)[]): NumberedPort[] {
  const distinct = new Map<string, NumberedPort>()
  for (const { name, protocol, port } of ports) {
    if (port !== undefined) distinct.set(`${name} ${protocol} ${port}`, { name, protocol, port })
  }
  return [...distinct.values()]
}

/** A host name of a slice of type FQDN; undefined for an address or what is no name. */
function hostName(text: string): DomainName | undefined {
  return ipFromText(text) === undefined ? nameFromText(text) : undefined
}

/** The first by name order, so that one owner has one CNAME and always the same. */
function firstName(names: readonly DomainName[]): DomainName | undefined {
  return names.toSorted((one, other) => (lowerCase(one) < lowerCase(other) ? -1 : 1))[0]
}
