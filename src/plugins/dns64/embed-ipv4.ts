import type { Ipv4, Ipv6 } from '../../wire/rdata.ts'
import type { Cidr } from '../../wire/reverse-name.ts'

/** The lengths a prefix may have (RFC 6052 2.2). */
export const PREFIX_LENGTHS: readonly number[] = [32, 40, 48, 56, 64, 96]

/**
 * The IPv6 address that stands for an IPv4 one behind a prefix (RFC 6052 2.2): its octets follow the prefix, and pass over
 * bits 64 to 71, which are 0.
 */
export function embedIpv4(address: Ipv4, { address: prefix, prefixLength }: Cidr): Ipv6 {
  const base = BigInt(prefix)
  if (prefixLength === 96) return base | BigInt(address)
  const octetsBefore = Math.max(0, (64 - prefixLength) / 8)
  const bitsBehind = 32 - 8 * octetsBefore
  const before = BigInt(address) >> BigInt(bitsBehind)
  const behind = BigInt(address) & ((1n << BigInt(bitsBehind)) - 1n)
  return base | (before << 64n) | (behind << BigInt(56 - bitsBehind))
}
