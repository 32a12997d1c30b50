import { networkInterfaces } from 'node:os'

import type { Counters } from '../metrics/counters.ts'
import { isIpv6, isWildcard } from './listener.ts'
import type { ListenTarget, Listener } from './listener.ts'
import type { Respond } from './message-answerer.ts'
import { plainAddress } from './plain-address.ts'
import { systemCode } from './system-code.ts'
import { UdpAddressSockets } from './udp-address-sockets.ts'
import type { UdpLimits } from './udp-limits.ts'
import { openUdpSocket } from './udp-socket.ts'
import type { UdpSocket } from './udp-socket.ts'

/** The network interfaces of the host, as `node:os` has them. */
export type Interfaces = () => ReturnType<typeof networkInterfaces>

export interface UdpListenerOptions extends ListenTarget {
  readonly respond: Respond
  readonly counters: Counters
  readonly limits: UdpLimits
  readonly interfaces?: Interfaces | undefined
}

/** How often a listener on all addresses looks which ones there are. */
const REFRESH_MS = 10_000

/**
 * Listens for datagrams; `::` takes IPv4 too where the system can. A wildcard has a socket for each address of the host
 * beside it, so that replies leave from the address that was asked (RFC 2181 4), and looks now and then for new addresses;
 * until then those are answered as well, from an address of the system's choice. Rejects with what `bind` says.
 */
export async function openUdpListener(options: UdpListenerOptions): Promise<Listener> {
  if (isWildcard(options.address)) return await openWildcardListener(options)
  const own = plainAddress(options.address)
  const isOwnAddress = (address: string): boolean => address === own
  const socket = await openUdpSocket({ ...options, isOwnAddress, isShared: false })
  return { ...socket, transport: 'udp' }
}

async function openWildcardListener(options: UdpListenerOptions): Promise<Listener> {
  const { interfaces = networkInterfaces, limits } = options
  let hostAddresses: ReadonlySet<string> = new Set()
  const isOwnAddress = (address: string): boolean => hostAddresses.has(address) || address.startsWith('127.')
  const { wildcard, isShared } = await openWildcard({ ...options, isOwnAddress })
  const { address, port } = wildcard
  const beside = new UdpAddressSockets({
    open: (specific) => openUdpSocket({ ...options, address: specific, port, isOwnAddress, isShared: true }),
    maxSockets: () => (isShared ? limits.maxAddressSockets : 0),
  })
  const refresh = async (): Promise<void> => {
    hostAddresses = addressesOf(interfaces) ?? hostAddresses
    await beside.update([...hostAddresses].filter((found) => isAnswerable(found, address)))
  }
  await refresh()
  const timer = setInterval(() => void refresh(), REFRESH_MS).unref()

  const stop = (): void => {
    clearInterval(timer)
    wildcard.stop()
    beside.stop()
  }
  const close = async (): Promise<void> => {
    stop()
    await Promise.all([wildcard.close(), beside.close()])
  }
  return { transport: 'udp', address, port, stop, close }
}

/** Not every system can share a port among sockets of one user: there the wildcard is alone. */
async function openWildcard(
  options: UdpListenerOptions & { readonly isOwnAddress: (address: string) => boolean },
): Promise<{ readonly wildcard: UdpSocket; readonly isShared: boolean }> {
  try {
    return { wildcard: await openUdpSocket({ ...options, isShared: true }), isShared: true }
  } catch (error) {
    if (systemCode(error) !== 'ENOTSUP') throw error
    return { wildcard: await openUdpSocket({ ...options, isShared: false }), isShared: false }
  }
}

/** Undefined where the system does not say, as when no file can be opened. */
function addressesOf(interfaces: Interfaces): ReadonlySet<string> | undefined {
  try {
    return new Set(Object.values(interfaces()).flatMap((found) => found?.map(({ address }) => address) ?? []))
  } catch {
    return undefined
  }
}

/** A wildcard of IPv4 takes no IPv6. Link-local addresses (fe80::/10) have one to choose from on their link anyway. */
function isAnswerable(address: string, wildcard: string): boolean {
  return !isIpv6(address) || (isIpv6(wildcard) && !/^fe[89ab]/i.test(address))
}
