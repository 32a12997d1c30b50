import { ipFromText } from '../../wire/ip-address.ts'
import type { DomainName } from '../../wire/name.ts'
import { lowerCase, nameFromLabels, nameFromText, ROOT } from '../../wire/name.ts'
import { longestZone } from '../longest-zone.ts'
import type { ClusterView } from '../plugin.ts'

/** What a stub resolver puts behind short names, in its order, in lower case. */
export type SearchPath = readonly DomainName[]

/** The last `search` or `domain` line of a file in the form of resolv.conf(5), and the root behind it. */
export function searchPathOfFile(text: string): SearchPath {
  let names: readonly DomainName[] = []
  for (const line of text.split('\n')) {
    const [keyword, ...words] = line.trim().split(/\s+/)
    if (keyword === 'search' || keyword === 'domain')
      names = words.flatMap((word) => nameFromText(word) ?? [])
  }
  return [...names.map(lowerCase), ROOT]
}

/**
 * The search path of the Pod that has the address, for a name in a zone of the cluster: its namespace, then all Services,
 * then the zone, then `behind`. Undefined where no Pod has it, or Pods of several namespaces share it, as those do that use
 * the network of their node: nobody can tell whose name it is.
 */
export function searchPathOfPod(
  { naming, store }: ClusterView,
  lowerName: DomainName,
  { address, behind }: { readonly address: string; readonly behind: SearchPath },
): SearchPath | undefined {
  const zone = naming.pods === 'verified' ? longestZone(naming.zones, lowerName) : undefined
  const clientAddress = ipFromText(address)
  if (zone === undefined || clientAddress === undefined) return undefined
  const [namespace, ...others] = new Set(store.podsAt(clientAddress).map((pod) => pod.namespace))
  if (namespace === undefined || others.length > 0) return undefined
  const ownServices = nameFromLabels([namespace, 'svc'], zone)
  const services = nameFromLabels(['svc'], zone)
  return ownServices && services && [ownServices, services, zone, ...behind]
}
