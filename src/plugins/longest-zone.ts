import type { DomainName } from '../wire/name.ts'
import { isSubdomain } from '../wire/name.ts'

/** The longest of the zones that holds the name, both in lower case. */
export function longestZone(zones: readonly DomainName[], lowerName: DomainName): DomainName | undefined {
  let longest: DomainName | undefined
  for (const zone of zones) {
    if (isSubdomain(lowerName, zone) && (longest === undefined || zone.length > longest.length))
      longest = zone
  }
  return longest
}
