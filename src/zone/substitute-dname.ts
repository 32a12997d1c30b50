import { asDomainName, countOctets, type DomainName, MAX_NAME_OCTETS, ROOT } from '../wire/name.ts'

/**
 * The name that a DNAME makes of `name`, which is below `owner`: the labels of the owner replaced by those of the target
 * (RFC 6672 2.2), letter case kept. Undefined when that is longer than 255 octets.
 */
export function substituteDname(
  name: DomainName,
  { owner, target }: { readonly owner: DomainName; readonly target: DomainName },
): DomainName | undefined {
  const labels = owner === ROOT ? name : name.slice(0, -owner.length)
  const made = asDomainName(target === ROOT ? labels : labels + target)
  return countOctets(made) > MAX_NAME_OCTETS ? undefined : made
}
