import { pick, questionsOf, seededRandom } from '../../plugins/differences-from-coredns.ts'
import type { DirectiveSet } from './directive-set.ts'

export const ZONE_TYPES = ['A', 'AAAA', 'TXT', 'MX', 'SRV', 'NS', 'SOA', 'CNAME', 'DS'] as const
const SOA = '@ 60 IN SOA ns.net. admin.net. 1 3600 600 86400 60\n@ 60 IN NS ns.net.\n'
const LABELS = ['a', 'b', 'c', '*'] as const

/** How many seeds there are to go through. */
export const ZONE_SEEDS = [1, 2, 3, 4, 5, 6, 7, 8] as const

/** A zone file of wildcards, delegations, aliases and names below names. */
export function zoneFileSet(seed: number): DirectiveSet {
  const random = seededRandom(seed)
  const name = (): string =>
    Array.from({ length: pick(random, [1, 1, 2, 2, 3]) }, (_, depth) =>
      depth === 0 ? pick(random, LABELS) : pick(random, ['a', 'b', 'c']),
    ).join('.')
  const lines = new Map<string, string>()
  for (let count = 0; count < 14; count++) {
    const owner = name()
    const [type, data] = pick(random, [
      ['A', '192.0.2.1'],
      ['A', '192.0.2.2'],
      ['AAAA', '2001:db8::1'],
      ['TXT', '"text"'],
      ['MX', `10 ${name().replaceAll('*', 'a')}`],
      ['SRV', `0 100 80 ${name().replaceAll('*', 'a')}`],
      ['CNAME', name().replaceAll('*', 'b')],
      ['NS', `ns.${owner.replaceAll('*', 'c')}`],
    ])
    // One kind of record a name: what may stand beside what is the zone's own test.
    if (!lines.has(owner) && !(type === 'NS' && owner.includes('*')))
      lines.set(owner, `${owner} 60 IN ${type} ${data}`)
  }
  const more = pick(random, ['', 'fallthrough'])
  const owners = new Set<string>()
  for (const one of ['a', 'b', 'c', 'd'])
    for (const two of ['', 'a.', 'b.', 'd.', 'a.a.', 'b.c.', 'c.d.']) owners.add(`${one}.${two}example.org.`)
  // CoreDNS lets a wildcard answer for a name that exists because names below it do, against RFC 4592 2.2.2.
  const isEmpty = (owner: string): boolean =>
    !lines.has(relative(owner)) && [...lines.keys()].some((below) => below.endsWith(`.${relative(owner)}`))
  const compared = [...owners].filter((owner) => !isEmpty(owner))
  return {
    files: { db: `${SOA}${[...lines.values()].join('\n')}\n` },
    directives: `file FOLDER/db example.org {\n${more}\n}\n whoami`,
    questions: questionsOf(compared, ZONE_TYPES),
  }
}

const relative = (owner: string): string => owner.replace(/\.example\.org\.$/, '')
