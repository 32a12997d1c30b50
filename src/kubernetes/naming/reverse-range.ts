import { decimalOctet } from '../../wire/ip-address.ts'
import { asDomainName, type DomainName, isSubdomain, labelsOf } from '../../wire/name.ts'
import type { IpAddress } from '../../wire/rdata.ts'

const IN_ADDR_ARPA = asDomainName('in-addr.arpa.')
const IP6_ARPA = asDomainName('ip6.arpa.')

/** Private networks: RFC 1918, and the unique local addresses of RFC 4193. */
const PRIVATE_ZONES = [
  '10.in-addr.arpa.',
  ...Array.from({ length: 16 }, (_, index) => `${16 + index}.172.in-addr.arpa.`),
  '168.192.in-addr.arpa.',
  'c.f.ip6.arpa.',
  'd.f.ip6.arpa.',
].map(asDomainName)

/** Whether a name, in lower case, is in one of the two reverse trees. */
export function isReverseName(lowerName: DomainName): boolean {
  return isSubdomain(lowerName, IN_ADDR_ARPA) || isSubdomain(lowerName, IP6_ARPA)
}

/**
 * Whether the cluster is the one to know a reverse name: its zone was given as a range of addresses, or the address is
 * private (differences.md 11).
 */
export function isInKnownRange(lowerName: DomainName, zone: DomainName): boolean {
  const isWholeTree = isSubdomain(IN_ADDR_ARPA, zone) || isSubdomain(IP6_ARPA, zone)
  return !isWholeTree || PRIVATE_ZONES.some((privateZone) => isSubdomain(lowerName, privateZone))
}

/** Addresses of one family from `low` to `high`. */
export interface AddressRange {
  readonly low: IpAddress
  readonly high: IpAddress
}

/**
 * The addresses whose names are below an incomplete reverse name: 10.0.0.0 to 10.255.255.255 for `10.in-addr.arpa.`. The
 * name is in lower case. Undefined for what no address is below.
 */
export function rangeOfReverseName(lowerName: DomainName): AddressRange | undefined {
  const parts = labelsOf(lowerName).slice(0, -2).toReversed()
  return isSubdomain(lowerName, IN_ADDR_ARPA) ? ipv4Range(parts) : ipv6Range(parts)
}

function ipv4Range(parts: readonly string[]): AddressRange | undefined {
  const octets = parts.flatMap((part) => decimalOctet(part) ?? [])
  if (octets.length !== parts.length || octets.length > 3) return undefined
  const size = 256 ** (4 - octets.length)
  const low = octets.reduce((address, octet) => address * 256 + octet, 0) * size
  return { low, high: low + size - 1 }
}

function ipv6Range(nibbles: readonly string[]): AddressRange | undefined {
  if (nibbles.length > 31 || !nibbles.every((nibble) => /^[0-9a-f]$/.test(nibble))) return undefined
  const hostBits = BigInt(128 - nibbles.length * 4)
  const low = BigInt(`0x0${nibbles.join('')}`) << hostBits
  return { low, high: low + (1n << hostBits) - 1n }
}
