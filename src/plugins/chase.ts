import { ExtendedErrorCode } from '../wire/extended-error.ts'
import type { DomainName } from '../wire/name.ts'
import { lowerCase } from '../wire/name.ts'
import { Rcode } from '../wire/rcode.ts'
import { RrType } from '../wire/rrtype.ts'
import type { Query, Reply } from '../zone/responder.ts'
import type { RRset } from '../zone/rrset.ts'

/** Links of a CNAME chain that are followed; those of an upstream's answer count too (docs/differences.md 13). */
export const MAX_CNAME_LINKS = 12

/**
 * Finds the rest of a chain that starts with `cname`, an RRset of one CNAME record at the name asked. The CNAME is always
 * in the answer; RCODE, authority and reason are those of the chain's end (RFC 6604, RFC 2308 section 2.1). Where nothing
 * here serves or forwards the target, the CNAME alone with NOERROR, as any authoritative server says it.
 */
export function chaseCname(query: Query, cname: RRset): Reply | Promise<Reply> {
  const target = cnameTarget(cname)
  if (target === undefined) return withChain([cname], NOTHING_MORE)
  const rest = query.resolve({ ...query.question, qname: target })
  return rest instanceof Promise ? rest.then((late) => joinChain(cname, late)) : joinChain(cname, rest)
}

const NOTHING_MORE: Reply = {
  rcode: Rcode.NOERROR,
  authoritativeAnswer: true,
  answer: [],
  authority: [],
  additional: [],
}

function joinChain(cname: RRset, rest: Reply): Reply {
  if (rest.unanswered === true) return withChain([cname], NOTHING_MORE)
  const chain = cutLoop(cname, rest.answer)
  const looped = chain.length <= rest.answer.length
  if (looped || linksOf(chain) > MAX_CNAME_LINKS) return withChain(chain, endlessChain(looped))
  if (rest.rcode === Rcode.REFUSED) return withChain(chain, { ...rest, rcode: Rcode.SERVFAIL })
  return withChain(chain, rest)
}

/** AA follows the first owner name, which is ours (RFC 1035 4.1.1); AD is never said of our own data. */
function withChain(chain: readonly RRset[], end: Reply): Reply {
  const { authenticData: _, ...rest } = end
  return { ...rest, authoritativeAnswer: true, answer: chain }
}

/** The new link and what follows it, up to where the chain comes back to the link's own owner. */
function cutLoop(cname: RRset, rest: readonly RRset[]): readonly RRset[] {
  const owner = lowerCase(cname.owner)
  const again = rest.findIndex((rrset) => rrset.rrtype === RrType.CNAME && lowerCase(rrset.owner) === owner)
  return [cname, ...(again === -1 ? rest : rest.slice(0, again))]
}

function linksOf(chain: readonly RRset[]): number {
  return chain.filter((rrset) => rrset.rrtype === RrType.CNAME).length
}

function cnameTarget(cname: RRset): DomainName | undefined {
  const rdata = cname.rdatas[0]
  return rdata?.kind === 'CNAME' ? rdata.target : undefined
}

function endlessChain(looped: boolean): Reply {
  const text = looped
    ? 'the CNAME chain comes back to a name it has already passed'
    : `the CNAME chain has more than ${MAX_CNAME_LINKS} links`
  return {
    ...NOTHING_MORE,
    rcode: Rcode.SERVFAIL,
    extendedError: { code: ExtendedErrorCode.OTHER, text },
    error: text,
  }
}
