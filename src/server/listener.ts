/** A socket that takes queries. */
export interface Listener {
  readonly transport: 'udp' | 'tcp'
  /** As the socket is bound: a wildcard stays `::` or `0.0.0.0`. */
  readonly address: string
  readonly port: number
  /** Takes no more queries; what is in flight can still be answered. */
  stop(): void
  /** Gives the socket back. Resolves when the port is free. */
  close(): Promise<void>
}

/** Where to listen. */
export interface ListenTarget {
  readonly address: string
  /** 0 for any free one. */
  readonly port: number
}

/** Whether an address is one of IPv6. */
export function isIpv6(address: string): boolean {
  return address.includes(':')
}

/** Whether a socket bound to this takes what comes to any address of the host. */
export function isWildcard(address: string): boolean {
  return address === '::' || address === '0.0.0.0'
}
