import type { IpAddress, Ipv4, Ipv6 } from './rdata.ts'

/**
 * The address that a text means, strictly: IPv4 as four decimal octets without leading zeros, IPv6 as RFC 4291 section
 * 2.2 writes it (`::` for one group or more, an IPv4 address in the last 32 bits), no zone id. Undefined for all else.
 */
export function ipFromText(text: string): IpAddress | undefined {
  return text.includes(':') ? ipv6FromText(text) : ipv4FromText(text)
}

/** `10.96.0.1`, or the canonical IPv6 form of RFC 5952: `2001:db8::1`, `::ffff:10.0.0.1`. */
export function ipToText(address: IpAddress): string {
  if (isIpv4(address)) return ipv4Octets(address).join('.')
  if (isIpv4Mapped(address)) return `::ffff:${ipToText(Number(address & 0xffff_ffffn))}`
  const groups = address.toString(16).padStart(32, '0').match(/.{4}/g) ?? []
  const zeros = longestZeroRun(groups)
  const texts = groups.map((group) => Number.parseInt(group, 16).toString(16))
  if (zeros.count < 2) return texts.join(':')
  return `${texts.slice(0, zeros.start).join(':')}::${texts.slice(zeros.start + zeros.count).join(':')}`
}

export function isIpv4(address: IpAddress): address is Ipv4 {
  return typeof address === 'number'
}

/** Whether an IPv6 address is an IPv4 one in disguise, `::ffff:0:0/96` (RFC 4291 section 2.5.5.2). */
export function isIpv4Mapped(address: IpAddress): boolean {
  return typeof address === 'bigint' && address >> 32n === 0xffffn
}

/** The four octets of an IPv4 address, first one first. */
export function ipv4Octets(address: Ipv4): readonly number[] {
  return [address >>> 24, (address >>> 16) & 0xff, (address >>> 8) & 0xff, address & 0xff]
}

/** Character by character: 0.04 µs, where splitting at the dots took 0.3, and a large cluster has 150,000. */
function ipv4FromText(text: string): Ipv4 | undefined {
  let address = 0
  let dots = 0
  let octet = -1
  for (let index = 0; index < text.length; index++) {
    const digit = text.charCodeAt(index) - ZERO
    if (digit === DOT && octet !== -1) {
      address = address * 256 + octet
      octet = -1
      dots++
      continue
    }
    // A digit after 0 would make that a leading zero.
    if (digit < 0 || digit > 9 || octet === 0) return undefined
    octet = octet === -1 ? digit : octet * 10 + digit
    if (octet > 255) return undefined
  }
  return dots === 3 && octet !== -1 ? address * 256 + octet : undefined
}

const ZERO = 0x30
const DOT = 0x2e - ZERO

/** 0 to 255 in decimal, without leading zeros. */
export function decimalOctet(text: string): number | undefined {
  if (!/^(?:0|[1-9]\d{0,2})$/.test(text)) return undefined
  const octet = Number(text)
  return octet > 255 ? undefined : octet
}

function ipv6FromText(text: string): Ipv6 | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [front = '', back] = halves
  const head = groupsFromText(front, back === undefined)
  const tail = groupsFromText(back ?? '', true)
  if (head === undefined || tail === undefined) return undefined
  const missing = 8 - head.length - tail.length
  if (back === undefined ? missing !== 0 : missing < 1) return undefined
  const groups = [...head, ...Array.from({ length: missing }, () => 0), ...tail]
  return groups.reduce((address, group) => (address << 16n) | BigInt(group), 0n)
}

/** The 16-bit groups of one side of `::`; the last may be an IPv4 address where the side ends the text. */
function groupsFromText(text: string, isLast: boolean): number[] | undefined {
  if (text === '') return []
  const groups: number[] = []
  const parts = text.split(':')
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(Number.parseInt(part, 16))
      continue
    }
    const embedded = isLast && index === parts.length - 1 ? ipv4FromText(part) : undefined
    if (embedded === undefined) return undefined
    groups.push(embedded >>> 16, embedded & 0xffff)
  }
  return groups
}

/** The first of the longest runs of zero groups. */
function longestZeroRun(groups: readonly string[]): { readonly start: number; readonly count: number } {
  let longest = { start: 0, count: 0 }
  let start = 0
  for (const [index, group] of groups.entries()) {
    if (group !== '0000') start = index + 1
    else if (index + 1 - start > longest.count) longest = { start, count: index + 1 - start }
  }
  return longest
}
