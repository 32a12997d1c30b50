import { asDomainName, type DomainName, isEscaped, ROOT } from '../wire/name.ts'
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

/**
 * The longest name above that exists (RFC 4592 3.3.1). From the apex down: every name above one that exists exists, and a
 * question has many labels more often than a zone.
 */
function closestEncloserOf({ nodes, origin }: Zone, lowerName: DomainName): ZoneNode | undefined {
  let encloser = nodes.get(origin)
  let start = origin === ROOT ? lowerName.length : lowerName.length - origin.length
  while (start > 0) {
    start = labelStart(lowerName, start - 1)
    const node = nodes.get(asDomainName(lowerName.slice(start)))
    if (node === undefined) return encloser
    encloser = node
  }
  return encloser
}

/** Where the label begins that the dot at `end` ends. */
function labelStart(name: DomainName, end: number): number {
  let dot = name.lastIndexOf('.', end - 1)
  while (dot !== -1 && isEscaped(name, dot)) dot = name.lastIndexOf('.', dot - 1)
  return dot + 1
}
