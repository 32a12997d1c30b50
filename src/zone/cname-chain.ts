import { lowerCase } from '../wire/name.ts'
import { Rcode } from '../wire/rcode.ts'
import { RrType } from '../wire/rrtype.ts'
import { failureReply } from './failure-reply.ts'
import type { Reply } from './responder.ts'
import type { RRset } from './rrset.ts'

/** Links of a CNAME chain that are followed, wherever they come from, a DNAME included (docs/differences.md 13). */
export const MAX_CNAME_LINKS = 12

/** The first part of a chain, and whether its first owner name is ours: AA follows that one (RFC 1035 4.1.1). */
export interface ChainStart {
  readonly rrsets: readonly RRset[]
  readonly authoritativeAnswer: boolean
}

/**
 * Joins the first part of a CNAME chain and what is said of its target. The chain is always in the answer; RCODE,
 * authority and reason are those of its end (RFC 6604, RFC 2308 section 2.1). Where nothing here serves or forwards the
 * target, the first part alone with NOERROR, as any authoritative server says it. A loop or too long a chain is SERVFAIL
 * with the chain so far. AD is never set: part of the chain is our own data. Flags that a directive has set on what is said
 * of the target are not the reply's.
 */
export function joinChain({ rrsets, authoritativeAnswer }: ChainStart, rest: Reply): Reply {
  if (rest.unanswered === true) return { ...NOTHING_MORE, authoritativeAnswer, answer: rrsets }
  const passed = new Set(cnamesOf(rrsets).map((rrset) => lowerCase(rrset.owner)))
  const again = rest.answer.findIndex((rrset) => passed.has(lowerCase(rrset.owner)))
  if (again !== -1) {
    const chain = [...rrsets, ...rest.answer.slice(0, again)]
    const text = 'the CNAME chain comes back to a name it has already passed'
    return { ...failureReply(text, chain), authoritativeAnswer }
  }
  const answer = [...rrsets, ...rest.answer]
  if (cnamesOf(answer).length > MAX_CNAME_LINKS) {
    const text = `the CNAME chain has more than ${MAX_CNAME_LINKS} links`
    return { ...failureReply(text, answer), authoritativeAnswer }
  }
  const { authenticData: _ad, recursionAvailable: _ra, recursionDesired: _rd, ...end } = rest
  const rcode = rest.rcode === Rcode.REFUSED ? Rcode.SERVFAIL : rest.rcode
  return { ...end, rcode, authoritativeAnswer, answer }
}

const NOTHING_MORE: Reply = {
  rcode: Rcode.NOERROR,
  authoritativeAnswer: false,
  answer: [],
  authority: [],
  additional: [],
}

function cnamesOf(rrsets: readonly RRset[]): readonly RRset[] {
  return rrsets.filter((rrset) => rrset.rrtype === RrType.CNAME)
}
