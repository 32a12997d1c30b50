import { type DomainName, ROOT } from '../../wire/name.ts'
import { RrType } from '../../wire/rrtype.ts'
import type { Token } from './lexer.ts'
import { quoted, type ZoneProblems } from './zone-problem.ts'

/** Types whose data is numbers and names. */
const OF_NAMES: ReadonlySet<number> = new Set<number>([
  RrType.NS,
  RrType.CNAME,
  RrType.PTR,
  RrType.DNAME,
  RrType.SOA,
  RrType.MX,
  RrType.SRV,
])

/** Warns of relative names that end in the origin, such as `www.example.org` in `example.org.`: a dot was forgotten. */
export function warnOfMissingDots(
  record: { readonly rrtype: number; readonly owner: Token | undefined; readonly rdata: readonly Token[] },
  origin: DomainName,
  problems: ZoneProblems,
): void {
  if (origin === ROOT) return
  const tail = origin.slice(0, -1).toLowerCase()
  for (const token of OF_NAMES.has(record.rrtype) ? [record.owner, ...record.rdata] : [record.owner]) {
    const text = token?.text.toLowerCase() ?? ''
    // A tail of one label is often meant: "web" in web.example.org.
    const isSuspect = text === tail ? tail.includes('.') : text.endsWith(`.${tail}`)
    if (token === undefined || !isSuspect) continue
    const means = `${token.text}.${origin}`
    const message = `${quoted(token.text)} means ${quoted(means)}: end it with a dot if it is a full name`
    problems.warning('SLICEDNS_ZONE_MISSING_DOT', token.position, message)
  }
}
