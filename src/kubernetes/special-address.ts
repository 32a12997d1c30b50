import type { IpAddress } from '../wire/rdata.ts'

/**
 * The kind of an address that nobody can be reached at from elsewhere; undefined for all others. Kubernetes refuses these
 * as addresses of endpoints (core/v1 EndpointAddress, discovery.k8s.io/v1 Endpoint).
 */
export function specialKind(
  address: IpAddress,
): 'unspecified' | 'loopback' | 'link-local' | 'link-local multicast' | undefined {
  if (address === 0 || address === 0n) return 'unspecified'
  if (isLoopback(address)) return 'loopback'
  if (isLinkLocal(address)) return 'link-local'
  return isLinkLocalMulticast(address) ? 'link-local multicast' : undefined
}

/** 127.0.0.0/8 (RFC 1122 3.2.1.3), ::1. */
export function isLoopback(address: IpAddress): boolean {
  return typeof address === 'number' ? address >>> 24 === 127 : address === 1n
}

/** 169.254.0.0/16 (RFC 3927), fe80::/10 (RFC 4291 2.5.6). */
export function isLinkLocal(address: IpAddress): boolean {
  return typeof address === 'number' ? address >>> 16 === 0xa9fe : address >> 118n === 0x3fan
}

/** 224.0.0.0/24 (RFC 5771), and ff02::/16 with any flags (RFC 4291 2.7). */
function isLinkLocalMulticast(address: IpAddress): boolean {
  if (typeof address === 'number') return address >>> 8 === 0xe0_0000
  return address >> 120n === 0xffn && ((address >> 112n) & 0xfn) === 2n
}
