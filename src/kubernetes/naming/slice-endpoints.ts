import { ipFromText } from '../../wire/ip-address.ts'
import { type DomainName, nameFromText } from '../../wire/name.ts'
import type { IpAddress, Rdata } from '../../wire/rdata.ts'
import { type AddressKey, addressKey } from '../address-index.ts'
import type { Endpoint, EndpointPort, EndpointSlice, Protocol } from '../objects.ts'
import { addressRdata } from './address-rdatas.ts'
import { endpointLabel } from './endpoint-label.ts'
import type { NamingOptions } from './naming-options.ts'
import type { AddressRdatas } from './node.ts'

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

/** One address or host name of an endpoint, as names see it. */
export interface NamedAddress {
  /** By itself. */
  readonly named: NamedEndpoint
  /** Undefined for a host name. */
  readonly key: AddressKey | undefined
  readonly endpoint: Endpoint
}

type Options = Pick<NamingOptions, 'endpointPodNames'>

/** By options, and then as long as the slice: of a Service with many, a change makes those of one anew. */
const kept = new WeakMap<Options, WeakMap<EndpointSlice, readonly NamedAddress[]>>()

/** The endpoints of a slice in their order, without what is neither address nor host name. */
export function sliceEndpoints(slice: EndpointSlice, options: Options): readonly NamedAddress[] {
  let bySlice = kept.get(options)
  if (bySlice === undefined) kept.set(options, (bySlice = new WeakMap()))
  let found = bySlice.get(slice)
  if (found === undefined) bySlice.set(slice, (found = readSlice(slice, options)))
  return found
}

function readSlice(slice: EndpointSlice, options: Options): readonly NamedAddress[] {
  const ports = numberedPorts(slice)
  const all: NamedAddress[] = []
  for (const endpoint of slice.endpoints) {
    for (const address of endpoint.addresses) {
      const label = endpointLabel(endpoint, address, options)
      const alias = typeof address === 'string' ? hostName(address) : undefined
      if (typeof address !== 'string') {
        const named = { label, addresses: oneAddress(address), alias: undefined, ports }
        all.push({ named, key: addressKey(address), endpoint })
      } else if (alias !== undefined) {
        all.push({ named: { label, addresses: NO_ADDRESSES, alias, ports }, key: undefined, endpoint })
      }
    }
  }
  return all
}

const NONE: readonly Rdata[] = []
const NO_ADDRESSES: AddressRdatas = { a: NONE, aaaa: NONE }

function oneAddress(address: IpAddress): AddressRdatas {
  const rdatas = [addressRdata(address)]
  return typeof address === 'number' ? { a: rdatas, aaaa: NONE } : { a: NONE, aaaa: rdatas }
}

/** Ports that can be in an SRV record. Host names have none: an SRV target is never an alias (RFC 2782). */
function numberedPorts(slice: EndpointSlice): readonly NumberedPort[] {
  return slice.addressType === 'FQDN' ? [] : distinctPorts(slice.ports)
}

export function distinctPorts(ports: readonly (EndpointPort | NumberedPort)[]): readonly NumberedPort[] {
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
