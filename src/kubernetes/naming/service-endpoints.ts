import { type DomainName, lowerCase, nameFromText } from '../../wire/name.ts'
import type { Rdata } from '../../wire/rdata.ts'
import { type AddressKey, addressKey } from '../address-index.ts'
import type { Endpoint, EndpointSlice } from '../objects.ts'
import type { ServiceEntry } from '../service-entry.ts'
import type { NamingOptions } from './naming-options.ts'
import type { AddressRdatas } from './node.ts'
import { distinctPorts, type NamedAddress, type NamedEndpoint, sliceEndpoints } from './slice-endpoints.ts'

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
    for (const address of sliceEndpoints(slice, options)) {
      const reader = readerOf(address.endpoint)
      if (isReady(address.endpoint, entry)) reader?.add(address)
      else reader?.notReady.add(address.named.label)
    }
  }
}

/**
 * Collects endpoints by label. Services have tens of thousands, and each change of one makes this anew: what an address is by itself
 * comes from its slice, and only addresses that share a label are joined (20,000 endpoints: 5 ms in place of 40).
 */
class EndpointReader {
  readonly notReady = new Set<string>()
  readonly #rdatas = { a: [] as Rdata[], aaaa: [] as Rdata[] }
  readonly #seen = new Set<AddressKey>()
  readonly #aliases: DomainName[] = []
  readonly #byLabel = new Map<string, NamedEndpoint>()
  /** Each by itself, of labels that came more than once. */
  readonly #shared = new Map<string, NamedEndpoint[]>()

  add(address: NamedAddress): void {
    const { named } = address
    if (address.key === undefined) this.#noteAlias(named)
    else this.#noteAddress(address.key, named.addresses)
    const { label } = named
    const before = this.#byLabel.get(label)
    if (before === undefined) this.#byLabel.set(label, named)
    else this.#share(before, named)
  }

  finish(): ServiceEndpoints {
    for (const [label, parts] of this.#shared) this.#byLabel.set(label, join(label, parts))
    for (const label of this.notReady) if (this.#byLabel.has(label)) this.notReady.delete(label)
    return {
      addresses: this.#rdatas,
      alias: firstName(this.#aliases),
      byLabel: this.#byLabel,
      notReady: this.notReady,
    }
  }

  #share(before: NamedEndpoint, named: NamedEndpoint): void {
    const shared = this.#shared.get(named.label)
    if (shared === undefined) this.#shared.set(named.label, [before, named])
    else shared.push(named)
  }

  #noteAlias({ alias }: NamedEndpoint): void {
    if (alias !== undefined) this.#aliases.push(alias)
  }

  #noteAddress(key: AddressKey, { a, aaaa }: AddressRdatas): void {
    if (this.#seen.has(key)) return
    this.#seen.add(key)
    this.#rdatas.a.push(...a)
    this.#rdatas.aaaa.push(...aaaa)
  }
}

/** One endpoint of all that go by a label: an address that comes twice, as while it moves between slices, is there once. */
function join(label: string, parts: readonly NamedEndpoint[]): NamedEndpoint {
  const [ports = [], ...otherPorts] = new Set(parts.map((part) => part.ports))
  return {
    label,
    addresses: {
      a: distinctRdatas(parts.flatMap(({ addresses }) => addresses.a)),
      aaaa: distinctRdatas(parts.flatMap(({ addresses }) => addresses.aaaa)),
    },
    alias: firstName(parts.flatMap(({ alias }) => alias ?? [])),
    ports: otherPorts.length === 0 ? ports : distinctPorts([ports, ...otherPorts].flat()),
  }
}

function distinctRdatas(rdatas: readonly Rdata[]): readonly Rdata[] {
  const distinct = new Map(
    rdatas.map((rdata) => ['address' in rdata ? addressKey(rdata.address) : rdata, rdata]),
  )
  return [...distinct.values()]
}

/** All slices of one kind: those with addresses win over those with host names (differences.md 12). */
function servedSlices(slices: readonly EndpointSlice[]): readonly EndpointSlice[] {
  const ofAddresses = slices.filter(({ addressType }) => addressType !== 'FQDN')
  return ofAddresses.some(({ endpoints }) => endpoints.length > 0) ? ofAddresses : slices
}

/** The first by name order, so that one owner has one CNAME and always the same. */
function firstName(names: readonly DomainName[]): DomainName | undefined {
  if (names.length < 2) return names[0]
  return names.toSorted((one, other) => (lowerCase(one) < lowerCase(other) ? -1 : 1))[0]
}
