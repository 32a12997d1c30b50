import { Resolver } from 'node:dns/promises'

import { upstreamToText } from './upstream-address.ts'
import type { Upstream } from './upstream-address.ts'

/** For each of the servers, and then once more. */
const TIMEOUT_MS = 2_000
const TRIES = 2

/**
 * Makes what finds the addresses of a host by asking these servers over plain DNS, instead of the system. What it gives
 * rejects where there is no address.
 */
export function createHostLookup(
  servers: readonly Upstream[],
): (hostName: string) => Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES })
  resolver.setServers(servers.map(upstreamToText))
  return async (hostName) => {
    const found = await Promise.allSettled([resolver.resolve4(hostName), resolver.resolve6(hostName)])
    const addresses = found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
    if (addresses.length > 0) return addresses
    const failure: unknown = found.find((each) => each.status === 'rejected')?.reason
    throw failure instanceof Error ? failure : new Error(`${hostName} has no address`)
  }
}
