import type { Position } from '../config/corefile.ts'
import { asDomainName, type DomainName, ROOT } from '../wire/name.ts'
import type { RRset } from './rrset.ts'

/** The data of one zone. It never changes: an edit makes a new one. */
export interface Zone {
  /** In lower case, as all names that are keys. */
  readonly origin: DomainName
  /** Every name that exists, empty non-terminals and what stands below zone cuts included. */
  readonly nodes: ReadonlyMap<DomainName, ZoneNode>
  /** The SOA as negative answers carry it: its TTL is min(TTL, MINIMUM) (RFC 2308 section 3). */
  readonly negativeSoa: RRset
}

/** What stands at one name. */
export interface ZoneNode {
  /** In lower case. */
  readonly name: DomainName
  /** By type, owners in the letter case of the file; none at an empty non-terminal. */
  readonly rrsets: ReadonlyMap<number, ZoneRRset>
  /** The topmost zone cut at this name or above it; undefined where the zone is authoritative. */
  readonly cut: ZoneNode | undefined
}

export interface ZoneRRset extends RRset {
  /** Of its first record. */
  readonly position: Position
}

/** The wildcard below a name, `*.example.`: a key to look up, so it does not matter that it may be too long for a name. */
export function wildcardBelow(name: DomainName): DomainName {
  return asDomainName(name === ROOT ? '*.' : `*.${name}`)
}
