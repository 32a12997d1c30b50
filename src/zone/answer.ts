import type { ExtendedError } from '../wire/extended-error.ts'
import type { RRset } from './rrset.ts'

/**
 * What authoritative data says to one question (RFC 1034 4.3.2, RFC 2308). `cname`: the name is an alias and another
 * type was asked; the chain's end is somebody else's to find. `failure`: the data is not complete enough to say no.
 */
export interface Answer {
  readonly kind: 'positive' | 'cname' | 'nodata' | 'nxdomain' | 'failure'
  readonly answer: readonly RRset[]
  /** The SOA where the answer is negative or failed. */
  readonly authority: readonly RRset[]
  readonly additional: readonly RRset[]
  /** Which object gave the answer, or why there is none. */
  readonly reason: ExtendedError
}
