import type { IpAddress } from '../wire/rdata.ts'
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

class PackedSlice implements EndpointSlice {
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

  constructor(slice: EndpointSlice, packed: string) {
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
      for (let text = 0; text < TEXTS; text++) reader.skipText()
    }
    return addresses
  }
}

// For each endpoint a sign for readiness, the octets of its address, and three texts, each behind its length; a sign is an octet.
const TEXTS = 3
const TEXT_LENGTH_MAX = 255
const ADDRESS_OCTETS = { IPv4: 4, IPv6: 16 }

/** Grows to what the largest slice needs: 1,000 endpoints (discovery/v1) of at most 800 signs. */
let room = Buffer.allocUnsafeSlow(16_384)

/** Undefined where it cannot be. */
function pack({ addressType, endpoints }: EndpointSlice): string | undefined {
  if (addressType === 'FQDN') return undefined
  const endpointOctets = 1 + ADDRESS_OCTETS[addressType] + TEXTS * (1 + TEXT_LENGTH_MAX)
  const needed = endpoints.length * endpointOctets
  if (needed > room.length) room = Buffer.allocUnsafeSlow(needed)
  let at = 0
  for (const { addresses, ready, hostname, podName, topologyZone } of endpoints) {
    const [address] = addresses
    if (addresses.length !== 1 || address === undefined || !isOfFamily(address, addressType)) return undefined
    if (!isFit(hostname) || !isFit(podName) || !isFit(topologyZone)) return undefined
    room[at] = Number(ready)
    at = writeAddress(address, at + 1)
    at = writeText(hostname, at)
    at = writeText(podName, at)
    at = writeText(topologyZone, at)
  }
  return room.toString('latin1', 0, at)
}

function isOfFamily(address: IpAddress | string, family: 'IPv4' | 'IPv6'): address is IpAddress {
  return typeof address === (family === 'IPv4' ? 'number' : 'bigint')
}

function isFit(text: string): boolean {
  if (text.length > TEXT_LENGTH_MAX) return false
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0xff) return false
  return true
}

/** Gives where it ends. */
function writeAddress(address: IpAddress, at: number): number {
  if (typeof address === 'number') return room.writeUInt32BE(address, at)
  room.writeBigUInt64BE(address >> 64n, at)
  return room.writeBigUInt64BE(address & 0xffff_ffff_ffff_ffffn, at + 8)
}

/** Gives where it ends. */
function writeText(text: string, at: number): number {
  const { length } = text
  room[at] = length
  for (let index = 0; index < length; index++) room[at + 1 + index] = text.charCodeAt(index)
  return at + 1 + length
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
