import { lowerCase } from '../wire/name.ts'
import { Rcode } from '../wire/rcode.ts'
import { RrType } from '../wire/rrtype.ts'
import type { Reply } from '../zone/responder.ts'
import type { RRset } from '../zone/rrset.ts'
import { failureReply } from './failure-reply.ts'
import { MAX_CNAME_LINKS } from './scrub.ts'

/**
 * The upstream's part of a CNAME chain and, behind it, what this server says of the name where the chain comes home. The
 * RCODE, authority and reason are those of the end (RFC 6604, RFC 2308 section 2.1). Neither AA nor AD: the first owner is
 * not ours, and our own data is not signed.
 */
export function joinChain(upstreamPart: readonly RRset[], rest: Reply): Reply {
  if (rest.unanswered === true) return { ...NOTHING_MORE, answer: upstreamPart }
  const passed = new Set(cnamesOf(upstreamPart).map((rrset) => lowerCase(rrset.owner)))
  const again = rest.answer.findIndex((rrset) => passed.has(lowerCase(rrset.owner)))
  if (again !== -1) {
    const chain = [...upstreamPart, ...rest.answer.slice(0, again)]
    return failureReply('the CNAME chain comes back to a name it has already passed', chain)
  }
  const answer = [...upstreamPart, ...rest.answer]
  if (cnamesOf(answer).length > MAX_CNAME_LINKS) {
    return failureReply(`the CNAME chain has more than ${MAX_CNAME_LINKS} links`, answer)
  }
  const { authenticData: _, ...end } = rest
  const rcode = rest.rcode === Rcode.REFUSED ? Rcode.SERVFAIL : rest.rcode
  return { ...end, rcode, authoritativeAnswer: false, answer }
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
