import { ipFromText } from '../../wire/ip-address.ts'
import { type DomainName, lowerCase, nameFromText } from '../../wire/name.ts'
import type { IpAddress, Rdata } from '../../wire/rdata.ts'
import { type AddressKey, addressKey } from '../address-index.ts'
import type { Endpoint, EndpointPort, EndpointSlice, Protocol } from '../objects.ts'
import type { ServiceEntry } from '../service-entry.ts'
import { addressRdata } from './address-rdatas.ts'
import { endpointLabel } from './endpoint-label.ts'
import type { NamingOptions } from './naming-options.ts'
import type { AddressRdatas } from './node.ts'

/** The ready endpoints of a Service, over all its slices, as names see them. */
export interface ServiceEndpoints {
  /** Each address once, by slice name and then as the slice has them. */
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

/** One pass over the endpoints; their order is that of the slices' names. */
export function readEndpoints(entry: ServiceEntry, options: Options): ServiceEndpoints {
  const reader = new EndpointReader()
  passOver(entry, options, () => reader)
  return reader.finish()
}

/** The same for each topology zone that an endpoint is in and that can be asked for, by its name in lower case. */
export function readEndpointsByZone(
  entry: ServiceEntry,
  options: Options,
): ReadonlyMap<string, ServiceEndpoints> {
  const readers = new Map<string, EndpointReader>()
  passOver(entry, options, ({ topologyZone }) => {
    const zone = topologyZone.toLowerCase()
    if (!isAskable(zone)) return undefined
    const reader = readers.get(zone) ?? new EndpointReader()
    readers.set(zone, reader)
    return reader
  })
  return new Map([...readers].map(([zone, reader]) => [zone, reader.finish()]))
}

/** Whether a topology zone, a label value with dots perhaps, is one or more labels of a name. */
function isAskable(zone: string): boolean {
  return /^[-\w.]+$/.test(zone) && !zone.endsWith('.') && nameFromText(zone) !== undefined
}

/** Tells each endpoint to the reader that wants it. */
function passOver(
  entry: ServiceEntry,
  options: Options,
  readerOf: (endpoint: Endpoint) => EndpointReader | undefined,
): void {
  for (const slice of options.endpoints ? servedSlices(entry.slices) : []) {
    const ports = numberedPorts(slice)
    for (const endpoint of slice.endpoints) {
      const reader = readerOf(endpoint)
      if (reader === undefined) continue
      const isServed = isReady(endpoint, entry)
      for (const address of endpoint.addresses) {
        const label = endpointLabel(endpoint, address, options)
        if (isServed) reader.add(label, address, ports)
        else reader.notReady.add(label)
      }
    }
  }
}

/** Collects endpoints by label. Services have tens of thousands: nothing is made twice, or made for one address alone. */
class EndpointReader {
  readonly notReady = new Set<string>()
  readonly #rdatas = new Map<AddressKey, Rdata>()
  readonly #drafts = new Map<string, Draft>()

  /** Passes over what is neither address nor host name. */
  add(label: string, address: IpAddress | string, ports: readonly NumberedPort[]): void {
    const alias = typeof address === 'string' ? hostName(address) : undefined
    if (typeof address === 'string' && alias === undefined) return
    const draft = this.#draft(label)
    if (draft.portLists.at(-1) !== ports) draft.portLists.push(ports)
    if (alias !== undefined) draft.aliases.push(alias)
    else if (typeof address !== 'string') this.#addAddress(draft, address)
  }

  finish(): ServiceEndpoints {
    const byLabel = new Map<string, NamedEndpoint>()
    for (const [label, draft] of this.#drafts) {
      byLabel.set(label, finishDraft(label, draft))
      this.notReady.delete(label)
    }
    const rdatas = [...this.#rdatas.values()]
    const addresses = {
      a: rdatas.filter(({ kind }) => kind === 'A'),
      aaaa: rdatas.filter(({ kind }) => kind === 'AAAA'),
    }
    const alias = firstName([...byLabel.values()].flatMap((endpoint) => endpoint.alias ?? []))
    return { addresses, alias, byLabel, notReady: this.notReady }
  }

  #draft(label: string): Draft {
    const known = this.#drafts.get(label)
    if (known !== undefined) return known
    const draft: Draft = { a: [], aaaa: [], aliases: [], portLists: [] }
    this.#drafts.set(label, draft)
    return draft
  }

  #addAddress(draft: Draft, address: IpAddress): void {
    const key = addressKey(address)
    const known = this.#rdatas.get(key)
    const rdata = known ?? addressRdata(address)
    const family = typeof address === 'number' ? draft.a : draft.aaaa
    if (known === undefined) {
      this.#rdatas.set(key, rdata)
      family.push(rdata)
      draft.seen?.add(rdata)
      return
    }
    // In two slices while it moves, or under two names. Only such an address can be in the draft already.
    draft.seen ??= new Set([...draft.a, ...draft.aaaa])
    if (!draft.seen.has(rdata)) family.push(rdata)
    draft.seen.add(rdata)
  }
}

interface Draft {
  readonly a: Rdata[]
  readonly aaaa: Rdata[]
  readonly aliases: DomainName[]
  readonly portLists: (readonly NumberedPort[])[]
  /** What `a` and `aaaa` hold, once an address came twice. */
  seen?: Set<Rdata>
}

function finishDraft(label: string, { a, aaaa, aliases, portLists }: Draft): NamedEndpoint {
  const [only, ...others] = portLists
  const ports = others.length === 0 ? (only ?? []) : distinctPorts(portLists.flat())
  return { label, addresses: { a, aaaa }, alias: firstName(aliases), ports }
}

/** All slices of one kind: those with addresses win over those with host names (differences.md 12). */
function servedSlices(slices: readonly EndpointSlice[]): readonly EndpointSlice[] {
  const ofAddresses = slices.filter(({ addressType }) => addressType !== 'FQDN')
  return ofAddresses.some(({ endpoints }) => endpoints.length > 0) ? ofAddresses : slices
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
  if (names.length < 2) return names[0]
  return names.toSorted((one, other) => (lowerCase(one) < lowerCase(other) ? -1 : 1))[0]
}
