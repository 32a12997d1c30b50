import type { Answer } from '../../src/zone/answer.ts'
import { canonicalKey, compareCanonically } from '../../src/zone/canonical-order.ts'
import { composeRecordLines } from '../../src/zone/zone-file/compose-zone-file.ts'
import { name } from '../wire/packet.ts'

/** Types that names of a cluster hold, but for those of an apex. */
const TYPES = ['CNAME', 'A', 'AAAA', 'SRV', 'TXT', 'PTR']

/**
 * The records at these names as lines of a zone file, owners in canonical order (RFC 4034 6.1), the records of one owner
 * and type in byte order. `ask` answers a question such as `web.shop.svc.cluster.local. SRV`.
 */
export function zoneLines(owners: readonly string[], ask: (question: string) => Answer): readonly string[] {
  const names = [...new Set(owners)].map((owner) => ({ owner, key: canonicalKey(name(owner)) }))
  const sorted = names.toSorted((one, other) => compareCanonically(one.key, other.key))
  return sorted.flatMap(({ owner }) => {
    const isAlias = ask(`${owner} CNAME`).kind === 'positive'
    return (isAlias ? ['CNAME'] : TYPES).flatMap((type) => recordLines(ask(`${owner} ${type}`)))
  })
}

function recordLines({ answer }: Answer): readonly string[] {
  return composeRecordLines(answer).toSorted()
}
