const MAPPED_PREFIX = '::ffff:'

/** An address as people write it: IPv4 where a dual-stack socket says `::ffff:192.0.2.1` (RFC 4291 2.5.5.2). */
export function plainAddress(address: string): string {
  return address.startsWith(MAPPED_PREFIX) && address.includes('.')
    ? address.slice(MAPPED_PREFIX.length)
    : address
}

/** `192.0.2.1:53`, `[2001:db8::1]:53`. */
export function endpointToText(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
