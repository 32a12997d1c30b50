import { ipFromText, isIpv4Mapped } from '../wire/ip-address.ts'
import type { IpAddress } from '../wire/rdata.ts'
import { type Family, familyOf } from './controllers/ip-family.ts'
import { isDnsLabel, isDnsSubdomain } from './controllers/object-name.ts'
import { specialKind } from './special-address.ts'

/**
 * Why an address cannot be served as an endpoint, to stand behind its text in a sentence; undefined where it can. With `family`, an
 * address of the other one cannot. Kubernetes takes leading zeros for decimal, other software for octal: such a text is no address.
 */
export function endpointIpFault(address: IpAddress | undefined, family?: Family): string | undefined {
  if (address === undefined) return 'is not an IP address'
  if (isIpv4Mapped(address)) return 'is an IPv4 address in IPv6 form: write it as IPv4'
  if (family !== undefined && familyOf(address) !== family) {
    return `does not belong in a slice of addressType ${family}`
  }
  const kind = specialKind(address)
  return kind === undefined ? undefined : `is ${article(kind)} ${kind} address, which Kubernetes refuses`
}

function article(word: string): string {
  return word.startsWith('u') ? 'an' : 'a'
}

/** The host name without a final dot, for an endpoint of a slice of type FQDN; or why it cannot be served. */
export function endpointFqdn(text: string): { readonly name: string } | { readonly fault: string } {
  const name = text.endsWith('.') ? text.slice(0, -1) : text
  if (ipFromText(name) !== undefined) {
    return { fault: 'is an IP address, and a slice of addressType FQDN holds host names' }
  }
  const isName = isDnsSubdomain(name.toLowerCase()) && name.split('.').every((label) => label.length <= 63)
  return isName ? { name } : { fault: 'is not a host name' }
}

/** The hostname of an endpoint in lower case, empty where it has none; undefined where it cannot be a DNS label. */
export function endpointHostname(text: string): string | undefined {
  if (text === '') return text
  const hostname = text.toLowerCase()
  return isDnsLabel(hostname) ? hostname : undefined
}
