import { type DomainName, labelsOf, lowerCase } from '../wire/name.ts'
import { octetsFromField } from '../wire/character-string.ts'

/** A name as it is sorted by: its labels from the right, in lower case, one UTF-16 unit for each octet. */
type CanonicalKey = readonly string[]

export function canonicalKey(name: DomainName): CanonicalKey {
  return labelsOf(lowerCase(name))
    .map((label) => octetsFromField(label) ?? label)
    .toReversed()
}

/** Canonical DNS name order (RFC 4034 6.1): label by label from the right, a name before those below it. */
export function compareCanonically(one: CanonicalKey, other: CanonicalKey): number {
  for (const [index, label] of one.entries()) {
    const against = other[index]
    if (against === undefined) return 1
    if (label !== against) return label < against ? -1 : 1
  }
  return one.length - other.length
}
