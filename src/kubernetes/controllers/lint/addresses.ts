import { ipToText } from '../../../wire/ip-address.ts'
import type { IpAddress } from '../../../wire/rdata.ts'
import type { AddressRange, Allocation } from '../address-allocator.ts'
import { type ObjectProblem, type Path, type Report, failure, note, warning } from '../problem.ts'
import type { PodDraft } from '../read-pod.ts'
import type { ServiceDraft } from '../read-service.ts'
import type { Linted } from './linted.ts'

/** Where an object gives its own address. */
const GIVEN_PATHS: Readonly<Record<AddressRange, Path>> = {
  Service: ['spec', 'clusterIP'],
  Pod: ['status', 'podIP'],
}

type Addressable = ServiceDraft | PodDraft

/** Addresses that two objects give themselves, addresses that may move at the next start, and full ranges. */
export function lintAddresses({ cluster, report }: Linted): void {
  const holders = new Map<IpAddress, string>()
  for (const { draft } of cluster.services) {
    lintHomes('Service', draft, { cluster, report })
    claim('Service', draft, holders, report)
  }
  for (const { draft } of cluster.pods) {
    lintHomes('Pod', draft, { cluster, report })
    // A node's Pods share its address, and what ended has given its address back.
    if (!draft.hostNetwork && !draft.isTerminal) claim('Pod', draft, holders, report)
  }
}

function lintHomes(
  range: AddressRange,
  draft: Addressable,
  { cluster, report }: Pick<Linted, 'cluster' | 'report'>,
): void {
  for (const allocation of cluster.allocations.get(draft.id) ?? []) {
    if (allocation.address !== allocation.home) report(homeless(range, draft, allocation))
  }
}

function claim(
  range: AddressRange,
  { id, manifest, givenIPs }: Addressable,
  holders: Map<IpAddress, string>,
  report: Report,
): void {
  for (const address of givenIPs) {
    const holder = holders.get(address)
    if (holder === undefined) {
      holders.set(address, id)
      continue
    }
    const message = `${id} has the address ${ipToText(address)}, and so has ${holder}: reverse lookups cannot tell them apart. Give one of them another`
    report(warning(manifest, GIVEN_PATHS[range], 'SLICEDNS_MANIFEST_ADDRESS_DUPLICATE', message))
  }
}

/** An object that is not where its name puts it, or nowhere. */
function homeless(range: AddressRange, { id, manifest }: Addressable, allocation: Allocation): ObjectProblem {
  const { address, family, home, homeHolder } = allocation
  const field = GIVEN_PATHS[range].join('.')
  if (address === undefined) {
    const message = `${id} has no ${family} address: all of the ${range} range are taken. Give ${field}, or serve fewer objects`
    return failure(manifest, [], 'SLICEDNS_MANIFEST_ADDRESSES_EXHAUSTED', message)
  }
  const why = homeHolder === undefined ? 'is free again' : `belongs to ${homeHolder}`
  const message = `${id} is at ${ipToText(address)}: ${ipToText(home)}, where its name would put it, ${why}. At the next start it may move; give ${field} to keep it`
  return note(manifest, 'SLICEDNS_MANIFEST_ADDRESS_COLLISION', message)
}
