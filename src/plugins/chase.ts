import { joinChain } from '../zone/cname-chain.ts'
import type { ChainStart } from '../zone/cname-chain.ts'
import type { Query, Reply } from '../zone/responder.ts'
import type { RRset } from '../zone/rrset.ts'

/** Finds the rest of a chain that starts with `cname`, an RRset of one CNAME record at the name asked, and joins the two. */
export function chaseCname(query: Query, cname: RRset): Reply | Promise<Reply> {
  const start: ChainStart = { rrsets: [cname], authoritativeAnswer: true }
  const [rdata] = cname.rdatas
  if (rdata?.kind !== 'CNAME') throw new TypeError(`Cannot chase ${cname.owner}: it is no CNAME`)
  const rest = query.resolve({ ...query.question, qname: rdata.target })
  return rest instanceof Promise ? rest.then((late) => joinChain(start, late)) : joinChain(start, rest)
}
