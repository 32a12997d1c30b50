import type { DomainName } from '../wire/name.ts'
import { lowerCase, nameFromText } from '../wire/name.ts'
import { parseCidr, reverseZonesOfCidr } from '../wire/reverse-name.ts'

/**
 * The zones that a word of a Corefile names, in lower case: a CIDR gives its reverse zones, several where the prefix
 * does not end between two labels; a domain name, with or without its last dot, gives itself. Undefined where it is
 * neither.
 */
export function zonesFromText(text: string): readonly DomainName[] | undefined {
  const cidr = parseCidr(text)
  if (cidr !== undefined) return reverseZonesOfCidr(cidr)
  // What looks like an address with a prefix was meant as one; RFC 2317 zones such as 0/26.2.0.192.in-addr.arpa are names.
  if (/^[\d.]+\/\d+$/.test(text) || text.includes(':')) return undefined
  const name = nameFromText(text)
  return name === undefined ? undefined : [lowerCase(name)]
}
