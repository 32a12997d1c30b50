import { decimalOctet, ipFromText, ipv4Octets, isIpv4, isIpv4Mapped } from './ip-address.ts'
import { asDomainName } from './name.ts'
import type { DomainName } from './name.ts'
import type { IpAddress } from './rdata.ts'

/** A range of addresses: the first `prefixLength` bits of `address`, whose other bits are 0. */
export interface Cidr {
  readonly address: IpAddress
  readonly prefixLength: number
}

/** The name of an address in in-addr.arpa (RFC 1035 3.5) or ip6.arpa (RFC 3596 2.5). */
export function reverseName(address: IpAddress): DomainName {
  return reverseNameOfParts(partsOf(address), isIpv4(address))
}

/**
 * The address that a reverse name stands for, the name being in lower case. Strict: four decimal octets without leading
 * zeros, or 32 nibbles, and nothing in front; an IPv4-mapped address has no reverse name (differences.md 10).
 */
export function addressFromReverseName(name: DomainName): IpAddress | undefined {
  if (name.endsWith(IPV4_SUFFIX)) {
    const octets = name.slice(0, -IPV4_SUFFIX.length).split('.').map(decimalOctet)
    if (octets.length !== 4 || octets.includes(undefined)) return undefined
    return ipFromText(octets.toReversed().join('.'))
  }
  if (!name.endsWith(IPV6_SUFFIX)) return undefined
  const nibbles = name.slice(0, -IPV6_SUFFIX.length)
  if (!/^(?:[0-9a-f]\.){31}[0-9a-f]$/.test(nibbles)) return undefined
  const address = BigInt(`0x${nibbles.split('.').toReversed().join('')}`)
  return isIpv4Mapped(address) ? undefined : address
}

/** The range that `10.96.0.0/12` or `fd00::/8` means; bits after the prefix are cleared. Undefined when it is none. */
export function parseCidr(text: string): Cidr | undefined {
  const parts = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text)
  const address = ipFromText(parts?.[1] ?? '')
  if (address === undefined) return undefined
  const prefixLength = Number(parts?.[2])
  if (isIpv4(address)) {
    if (prefixLength > 32) return undefined
    const hostBits = 32 - prefixLength
    return { address: Math.floor(address / 2 ** hostBits) * 2 ** hostBits, prefixLength }
  }
  if (prefixLength > 128) return undefined
  const hostBits = BigInt(128 - prefixLength)
  return { address: (address >> hostBits) << hostBits, prefixLength }
}

/**
 * The reverse zones that together hold exactly the range, in order of address: names break at octets (IPv4) or nibbles
 * (IPv6), so a prefix in between gives several zones, `10.96.0.0/12` those from 96.10.in-addr.arpa to 111.10.in-addr.arpa.
 */
export function reverseZonesOfCidr({ address, prefixLength }: Cidr): readonly DomainName[] {
  const partBits = isIpv4(address) ? 8 : 4
  const partCount = Math.ceil(prefixLength / partBits)
  const parts = partsOf(address).slice(0, partCount)
  const last = parts.at(-1)
  if (last === undefined) return [reverseNameOfParts([], isIpv4(address))]
  return Array.from({ length: 2 ** (partCount * partBits - prefixLength) }, (_, step) =>
    reverseNameOfParts([...parts.slice(0, -1), last + step], isIpv4(address)),
  )
}

const IPV4_SUFFIX = '.in-addr.arpa.'
const IPV6_SUFFIX = '.ip6.arpa.'

/** The octets of an IPv4 address, the nibbles of an IPv6 one, first ones first. */
function partsOf(address: IpAddress): readonly number[] {
  if (isIpv4(address)) return ipv4Octets(address)
  return Array.from(address.toString(16).padStart(32, '0'), (nibble) => Number.parseInt(nibble, 16))
}

function reverseNameOfParts(parts: readonly number[], isV4: boolean): DomainName {
  const labels = parts.toReversed().map((part) => part.toString(isV4 ? 10 : 16))
  return asDomainName((labels.join('.') + (isV4 ? IPV4_SUFFIX : IPV6_SUFFIX)).replace(/^\./, ''))
}
