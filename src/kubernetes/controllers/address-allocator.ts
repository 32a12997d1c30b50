import type { IpAddress } from '../../wire/rdata.ts'
import { hash32 } from './generated-name.ts'
import type { Family } from './ip-family.ts'

/** An address that is wanted for an object. */
export interface AddressRequest {
  /** The object as messages name it: `Service shop/web`. */
  readonly object: string
  readonly kind: 'Service' | 'Pod'
  readonly family: Family
}

export interface Allocation {
  readonly request: AddressRequest
  /** Undefined where the range is full. */
  readonly address: IpAddress | undefined
  /** The address that the object's name alone would give it. */
  readonly home: IpAddress
  /** Who has the home, where the object does not; undefined where nobody does any more. */
  readonly homeHolder: string | undefined
}

/** Allocations by `allocationKey`. */
export type Allocations = ReadonlyMap<string, Allocation>

interface Range {
  readonly first: bigint
  readonly size: bigint
}

/** Without the first and the last address of each block (network and broadcast). */
const RANGES: Readonly<Record<AddressRequest['kind'], Readonly<Record<Family, Range>>>> = {
  // 10.96.0.0/12 and fd00:10:96::/112
  Service: { IPv4: block(0x0a600000n, 20n), IPv6: block(0xfd00_0010_0096_0000_0000_0000_0000_0000n, 16n) },
  // 10.128.0.0/9 and fd00:10:244::/64
  Pod: { IPv4: block(0x0a800000n, 23n), IPv6: block(0xfd00_0010_0244_0000_0000_0000_0000_0000n, 64n) },
}

export function allocationKey(object: string, family: Family): string {
  return `${object} ${family}`
}

/**
 * Gives each object the address that a hash of its name points to, or the next free one. `given` are the addresses
 * that objects give themselves, with their holders: never allocated. What an object had in `previous` it keeps,
 * unless that was given to another since. The order of the requests decides who wins a home.
 */
export function allocateAddresses(
  requests: readonly AddressRequest[],
  given: ReadonlyMap<IpAddress, string>,
  previous: Allocations,
): Allocations {
  const holders = new Map(given)
  const kept = new Set<string>()
  for (const { object, family } of requests) {
    const key = allocationKey(object, family)
    const address = previous.get(key)?.address
    if (address === undefined || holders.has(address)) continue
    holders.set(address, object)
    kept.add(key)
  }
  const allocations = new Map<string, Allocation>()
  const full = new Set<Range>()
  for (const request of requests) {
    const { object, kind, family } = request
    const key = allocationKey(object, family)
    const range = RANGES[kind][family]
    const start = homeOffset(key, range)
    const home = addressAt(range, start, family)
    const address = kept.has(key)
      ? previous.get(key)?.address
      : probe(range, start, family, { holders, full })
    if (address !== undefined) holders.set(address, object)
    const homeHolder = address === home ? object : holders.get(home)
    allocations.set(key, { request, address, home, homeHolder })
  }
  return allocations
}

/** The first free address from the home on, around the end of the range. */
function probe(
  range: Range,
  start: bigint,
  family: Family,
  { holders, full }: { holders: ReadonlyMap<IpAddress, string>; full: Set<Range> },
): IpAddress | undefined {
  if (full.has(range)) return undefined
  for (let step = 0n; step < range.size; step++) {
    const address = addressAt(range, (start + step) % range.size, family)
    if (!holders.has(address)) return address
  }
  full.add(range)
  return undefined
}

function homeOffset(key: string, { size }: Range): bigint {
  const low = BigInt(hash32(key))
  return (size > 0xffffffffn ? (BigInt(hash32(`${key}/high`)) << 32n) | low : low) % size
}

function addressAt({ first }: Range, offset: bigint, family: Family): IpAddress {
  return family === 'IPv4' ? Number(first + offset) : first + offset
}

function block(network: bigint, hostBits: bigint): Range {
  return { first: network + 1n, size: (1n << hostBits) - 2n }
}
