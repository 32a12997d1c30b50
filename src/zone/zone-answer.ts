import type { DomainName } from '../wire/name.ts'
import { Rcode } from '../wire/rcode.ts'
import type { Answer } from './answer.ts'
import type { Reply } from './responder.ts'

/**
 * What the data of a zone says to one question. As `Answer`, and besides: `answer` begins with the CNAMEs and DNAMEs that
 * were followed inside the zone, and `kind` is that of their end (RFC 6604). `referral`: the name is delegated, authority
 * holds the NS of the cut, additional their glue. `yxdomain`: a DNAME makes the name too long (RFC 6672 2.3).
 */
export interface ZoneAnswer extends Omit<Answer, 'kind'> {
  readonly kind: Answer['kind'] | 'referral' | 'yxdomain'
  /** The last wildcard that stood in for a name (RFC 4592 2.1.1), in lower case. */
  readonly wildcard?: DomainName | undefined
  /** Where the chain leaves the zone: what is to be asked next, when `kind` is `cname`. */
  readonly target?: DomainName
}

/** The reply that says an answer as it is; of `cname` the chain so far with NOERROR, as any authoritative server has it. */
export function replyFromZoneAnswer({ kind, answer, authority, additional, reason }: ZoneAnswer): Reply {
  const reply: Reply = {
    rcode: RCODE_OF[kind],
    // AA is about the first owner in the answer section, or the name asked (RFC 1035 4.1.1).
    authoritativeAnswer: kind !== 'referral' || answer.length > 0,
    answer,
    authority,
    additional,
  }
  if (kind === 'positive' || kind === 'cname' || kind === 'referral') return reply
  return kind === 'failure'
    ? { ...reply, extendedError: reason, error: reason.text }
    : { ...reply, extendedError: reason }
}

/** What a reply says of each kind of answer. */
export const RCODE_OF = {
  positive: Rcode.NOERROR,
  cname: Rcode.NOERROR,
  nodata: Rcode.NOERROR,
  referral: Rcode.NOERROR,
  nxdomain: Rcode.NXDOMAIN,
  yxdomain: Rcode.YXDOMAIN,
  failure: Rcode.SERVFAIL,
} as const
