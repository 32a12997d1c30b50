import type { DomainName } from '../../wire/name.ts'
import { isSubdomain, labelsOf, lowerCase, nameFromLabels } from '../../wire/name.ts'
import { Rcode } from '../../wire/rcode.ts'
import { RrType } from '../../wire/rrtype.ts'
import type { Next, Query, Reply } from '../../zone/responder.ts'
import type { SearchPath } from './search-path.ts'

/**
 * Asks for a name that a stub resolver has made with the first element of its search path, as it would go on to ask itself:
 * with each element in turn, until one is not NXDOMAIN. A CNAME leads from the name that was asked to the one that was
 * found. Where there is none, the first reply: the stub resolver then goes through the rest in vain.
 */
export function walkSearchPath(
  query: Query,
  { path, onFound }: { readonly path: SearchPath; readonly onFound: () => void },
  next: Next,
): Reply | Promise<Reply> {
  const [own] = path
  if (own === undefined || query.lowerName === own || !isSubdomain(query.lowerName, own)) return next(query)
  const base = labelsOf(query.question.qname).slice(0, -labelsOf(own).length)
  const names = path.flatMap((element) => nameFromLabels(base, element) ?? [])
  const first = next(query)
  return first instanceof Promise
    ? first.then((late) => walkOn(query, { first: late, names: names.slice(1), onFound }, next))
    : walkOn(query, { first, names: names.slice(1), onFound }, next)
}

async function walkOn(
  query: Query,
  {
    first,
    names,
    onFound,
  }: { readonly first: Reply; readonly names: readonly DomainName[]; readonly onFound: () => void },
  next: Next,
): Promise<Reply> {
  if (!isAbsent(first)) {
    onFound()
    return first
  }
  for (const qname of names) {
    // One after the other: most end at the first or second.
    // oxlint-disable-next-line no-await-in-loop
    const reply = await next(query.withQuestion({ ...query.question, qname }))
    if (isAbsent(reply)) continue
    onFound()
    return aliasFor(query.question.qname, reply)
  }
  return { ...first, uncacheable: true }
}

/** Where nobody serves or forwards a name, nothing was said of it. */
function isAbsent(reply: Reply): boolean {
  return reply.rcode === Rcode.NXDOMAIN || reply.unanswered === true
}

/** The reply, for whoever asked `asked`. It holds for this client alone. */
function aliasFor(asked: DomainName, reply: Reply): Reply {
  const [rrset] = reply.answer
  if (rrset === undefined || lowerCase(rrset.owner) === lowerCase(asked))
    return { ...reply, uncacheable: true }
  const cname = {
    owner: asked,
    rrtype: RrType.CNAME,
    ttlSeconds: rrset.ttlSeconds,
    rdatas: [{ kind: 'CNAME', target: rrset.owner } as const],
  }
  return { ...reply, answer: [cname, ...reply.answer], uncacheable: true }
}
