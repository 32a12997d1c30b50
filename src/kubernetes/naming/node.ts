import { ExtendedErrorCode, type ExtendedError } from '../../wire/extended-error.ts'
import type { DomainName } from '../../wire/name.ts'
import type { Rdata } from '../../wire/rdata.ts'
import { RrType } from '../../wire/rrtype.ts'
import type { RRset } from '../../zone/rrset.ts'

/**
 * What stands at one name, whatever type is asked: the single place where existence is decided, so that no type can
 * disagree with another (differences.md 1).
 */
export type Found = Node | Absence

/** A name that exists. */
export interface Node {
  readonly kind: 'node'
  /**
   * Its RRsets, in the order that ANY picks from (RFC 8482 4.1): CNAME alone, else A, AAAA, SRV, TXT, PTR, NS, SOA. Empty
   * for an empty non-terminal.
   */
  readonly data: readonly NodeData[]
  /** What it is: `Service web in namespace shop, cluster IP`. */
  readonly reason: ExtendedError
  /** More about it, for `_why`; made on demand. */
  readonly hints: Hints
}

/** A name that does not exist. */
export interface Absence {
  readonly kind: 'absence'
  /** Why not: `namespace "shpo" does not exist`. */
  readonly text: string
  /** Set where it is not for the cluster to know, so that even before the first sync others may be asked. */
  readonly isOutside?: boolean
  /** Set where it follows from having no such objects: while those cannot be had, nothing is denied for want of them. */
  readonly lacks?: 'EndpointSlice' | 'Pod'
  /** How to mend it, for `_why`; made on demand. */
  readonly hints: Hints
}

export type Hints = () => readonly string[]

/** One RRset of a node, but for its owner. `origin` is the zone's name as the asker spelled it. */
export interface NodeData {
  readonly rrtype: number
  /** Absent: the configured TTL. */
  readonly ttlSeconds?: number
  rdatas(origin: DomainName): readonly Rdata[]
  /** Glue. */
  additional?(origin: DomainName): readonly RRset[]
}

export function node(description: string, data: readonly NodeData[], hints: Hints = noHints): Node {
  return { kind: 'node', data, reason: { code: ExtendedErrorCode.OTHER, text: description }, hints }
}

export function absence(text: string, hints: Hints = noHints): Absence {
  return { kind: 'absence', text, hints }
}

/** A name that would exist if there were such objects. */
export function absenceOf(
  lacks: NonNullable<Absence['lacks']>,
  text: string,
  hints: Hints = noHints,
): Absence {
  return { kind: 'absence', text, hints, lacks }
}

/** Data that is the same however the zone was spelled. */
export function fixedData(rrtype: number, rdatas: readonly Rdata[], ttlSeconds?: number): NodeData {
  return { rrtype, rdatas: () => rdatas, ...(ttlSeconds === undefined ? {} : { ttlSeconds }) }
}

/** A and AAAA, where there are any. */
export function addressData(addresses: AddressRdatas): NodeData[] {
  const data: NodeData[] = []
  if (addresses.a.length > 0) data.push(fixedData(RrType.A, addresses.a))
  if (addresses.aaaa.length > 0) data.push(fixedData(RrType.AAAA, addresses.aaaa))
  return data
}

/** Addresses by family, ready to be answered with. */
export interface AddressRdatas {
  readonly a: readonly Rdata[]
  readonly aaaa: readonly Rdata[]
}

function noHints(): readonly string[] {
  return []
}
