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

/** Leaves out the first and the last address of the block (network and broadcast). */
interface Block {
  readonly first: bigint
  readonly size: bigint
}

const BLOCKS: Readonly<Record<AddressRange, Readonly<Record<Family, Block>>>> = {
  // 10.96.0.0/12 and fd00:10:96::/112
  Service: { IPv4: block(0x0a600000n, 20n), IPv6: block(0xfd00_0010_0096_0000_0000_0000_0000_0000n, 16n) },
  // 10.128.0.0/9 and fd00:10:244::/64
  Pod: { IPv4: block(0x0a800000n, 23n), IPv6: block(0xfd00_0010_0244_0000_0000_0000_0000_0000n, 64n) },
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

/** Takes the first free address from the home on, around the end of the block. */
function allocate({ id, range }: AddressRequest, family: Family, { holders, full }: Taken): Allocation {
  const within = BLOCKS[range][family]
  const start = homeOffset(`${id} ${family}`, within)
  const home = addressAt(within, start, family)
  let address: IpAddress | undefined = home
  for (let step = 1n; holders.has(address); step++) {
    if (step === within.size) full.add(within)
    if (full.has(within)) return { family, address: undefined, home, homeHolder: holders.get(home) }
    address = addressAt(within, (start + step) % within.size, family)
  }
  holders.set(address, id)
  return { family, address, home, homeHolder: holders.get(home) }
}

function homeOffset(seed: string, { size }: Block): bigint {
  const low = BigInt(hash32(seed))
  return (size > 0xffffffffn ? (BigInt(hash32(`${seed}/high`)) << 32n) | low : low) % size
}

function addressAt({ first }: Block, offset: bigint, family: Family): IpAddress {
  return family === 'IPv4' ? Number(first + offset) : first + offset
}

function block(network: bigint, hostBits: bigint): Block {
  return { first: network + 1n, size: (1n << hostBits) - 2n }
}
