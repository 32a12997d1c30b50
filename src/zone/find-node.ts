import { type DomainName, parentName } from '../wire/name.ts'
import { RrType } from '../wire/rrtype.ts'
import { wildcardBelow, type Zone, type ZoneNode, type ZoneRRset } from './zone.ts'

/**
 * Where a name leads in a zone: to its node, or to the wildcard that stands for it (`wildcard`); to the zone cut at or
 * above it; to the DNAME above it; or nowhere, `closestEncloser` being the longest name above it that exists.
 */
export type Found =
  | { readonly kind: 'node' | 'wildcard' | 'cut'; readonly node: ZoneNode }
  | { readonly kind: 'dname'; readonly dname: ZoneRRset }
  | { readonly kind: 'none'; readonly closestEncloser: ZoneNode }

/**
 * Step 3 of RFC 1034 4.3.2 as RFC 4592 3.3.1 and RFC 6672 3.2 have it. `lowerName` is in the zone. A DS is asked of the
 * zone above the cut, this one (RFC 4035 3.1.4.1). Undefined only where `lowerName` is not in the zone.
 */
export function findNode(zone: Zone, lowerName: DomainName, qtype: number): Found | undefined {
  const node = zone.nodes.get(lowerName)
  if (node === undefined) return findAbove(zone, lowerName)
  if (node.cut === undefined || (node.cut === node && qtype === RrType.DS)) return { kind: 'node', node }
  return { kind: 'cut', node: node.cut }
}

function findAbove(zone: Zone, lowerName: DomainName): Found | undefined {
  const closestEncloser = closestEncloserOf(zone, lowerName)
  if (closestEncloser === undefined) return undefined
  if (closestEncloser.cut !== undefined) return { kind: 'cut', node: closestEncloser.cut }
  const dname = closestEncloser.rrsets.get(RrType.DNAME)
  if (dname !== undefined) return { kind: 'dname', dname }
  const wildcard = zone.nodes.get(wildcardBelow(closestEncloser.name))
  return wildcard === undefined ? { kind: 'none', closestEncloser } : { kind: 'wildcard', node: wildcard }
}

function closestEncloserOf({ nodes, origin }: Zone, lowerName: DomainName): ZoneNode | undefined {
  for (let at: DomainName | undefined = lowerName; at !== undefined && at !== origin;) {
    at = parentName(at)
    const node = at === undefined ? undefined : nodes.get(at)
    if (node !== undefined) return node
  }
  return undefined
}
