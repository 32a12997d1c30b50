import { rdataToText } from '../../src/wire/rdata-text.ts'
import { rrTypeToText } from '../../src/wire/rrtype.ts'
import type { Answer } from '../../src/zone/answer.ts'

/** Types that names of a cluster hold, but for those of an apex. */
const TYPES = ['CNAME', 'A', 'AAAA', 'SRV', 'TXT', 'PTR']

/**
 * The records at these names as lines of a zone file, owners in canonical order (RFC 4034 6.1), the records of one owner
 * and type in byte order. `ask` answers a question such as `web.shop.svc.cluster.local. SRV`.
 */
export function zoneLines(owners: readonly string[], ask: (question: string) => Answer): readonly string[] {
  return [...new Set(owners)].toSorted(inCanonicalOrder).flatMap((owner) => {
    const isAlias = ask(`${owner} CNAME`).kind === 'positive'
    return (isAlias ? ['CNAME'] : TYPES).flatMap((type) => recordLines(ask(`${owner} ${type}`)))
  })
}

function recordLines({ answer }: Answer): readonly string[] {
  return answer
    .flatMap(({ owner, ttlSeconds, rrtype, rdatas }) =>
      rdatas.map((rdata) => `${owner} ${ttlSeconds} IN ${rrTypeToText(rrtype)} ${rdataToText(rdata)}`),
    )
    .toSorted()
}

/** Label by label from the right. */
function inCanonicalOrder(one: string, other: string): number {
  const [oneKey, otherKey] = [one, other].map((name) => name.split('.').toReversed().join('\u0000'))
  return (oneKey ?? '') < (otherKey ?? '') ? -1 : 1
}
