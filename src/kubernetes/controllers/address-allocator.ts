import type { IpAddress } from '../../wire/rdata.ts'
import { hash32 } from './generated-name.ts'
import type { Family } from './ip-family.ts'

export type AddressRange = 'Service' | 'Pod'

/** Asks for one address of each family. */
export interface AddressRequest {
  /** The object as messages name it: `Service shop/web`. */
  readonly id: string
  readonly range: AddressRange
  readonly families: readonly Family[]
}

export interface Allocation {
  readonly family: Family
  /** Undefined where the range is full. */
  readonly address: IpAddress | undefined
  /** The address that the object's name alone would give it. */
  readonly home: IpAddress
  /** Who has the home; undefined where nobody does any more. */
  readonly homeHolder: string | undefined
}

/** By object. */
export type Allocations = ReadonlyMap<string, readonly Allocation[]>

interface Block {
  readonly network: bigint
  readonly hostBits: bigint
}

const BLOCKS: Readonly<Record<AddressRange, Readonly<Record<Family, Block>>>> = {
  Service: {
    // 10.96.0.0/12 and fd00:10:96::/112
    IPv4: { network: 0x0a600000n, hostBits: 20n },
    IPv6: { network: 0xfd00_0010_0096_0000_0000_0000_0000_0000n, hostBits: 16n },
  },
  Pod: {
    // 10.128.0.0/9 and fd00:10:244::/64
    IPv4: { network: 0x0a800000n, hostBits: 23n },
    IPv6: { network: 0xfd00_0010_0244_0000_0000_0000_0000_0000n, hostBits: 64n },
  },
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
  const kept = new Set<Allocation>()
  for (const { id, families } of requests) {
    for (const allocation of previous.get(id) ?? []) {
      const { address, family } = allocation
      if (address === undefined || holders.has(address) || !families.includes(family)) continue
      holders.set(address, id)
      kept.add(allocation)
    }
  }
  const full = new Set<Block>()
  const allocations = new Map<string, readonly Allocation[]>()
  for (const request of requests) {
    const before = previous.get(request.id)
    const after = request.families.map((family) => {
      const own = before?.find((allocation) => allocation.family === family)
      if (own === undefined || !kept.has(own)) return allocate(request, family, { holders, full })
      return own.address === own.home ? own : { ...own, homeHolder: holders.get(own.home) }
    })
    allocations.set(request.id, after)
  }
  return allocations
}

interface Taken {
  readonly holders: Map<IpAddress, string>
  /** Blocks that were found to have nothing left. */
  readonly full: Set<Block>
}

/** Takes the home, or the first free address of those that the object tries after it. */
function allocate({ id, range }: AddressRequest, family: Family, { holders, full }: Taken): Allocation {
  const block = BLOCKS[range][family]
  let home: IpAddress | undefined
  for (const address of candidates(`${id} ${family}`, block, family)) {
    home ??= address
    if (full.has(block)) return { family, address: undefined, home, homeHolder: holders.get(home) }
    if (holders.has(address)) continue
    holders.set(address, id)
    return { family, address, home, homeHolder: holders.get(home) }
  }
  full.add(block)
  return allocate({ id, range, families: [] }, family, { holders, full })
}

/**
 * Every address of the block but the first and the last (network and broadcast), each once, in an order of the
 * object's own: the steps differ from object to object, so that a block that is nearly full is still quick.
 */
function* candidates(seed: string, { network, hostBits }: Block, family: Family): Generator<IpAddress> {
  const last = (1n << hostBits) - 1n
  // An odd step visits all offsets of a power of two.
  const step = BigInt(hash32(`${seed}/step`) | 1) & last
  let offset = hash64(seed) & last
  for (let count = 0n; count <= last; count++) {
    if (offset > 0n && offset < last) yield family === 'IPv4' ? Number(network + offset) : network + offset
    offset = (offset + step) & last
  }
}

function hash64(seed: string): bigint {
  return (BigInt(hash32(`${seed}/high`)) << 32n) | BigInt(hash32(seed))
}
