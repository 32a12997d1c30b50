import { pick, questionsOf, seededRandom } from '../../plugins/differences-from-coredns.ts'
import type { DirectiveSet } from './directive-set.ts'

const NAMES = [
  'web.example.',
  'a.example.',
  'b.example.',
  'example.',
  'deep.a.example.',
  'Mixed.Example.',
  'other.test.',
] as const
const ADDRESSES = [
  '10.0.0.1',
  '10.0.0.2',
  'fd00::1',
  'fd00::2',
  '::ffff:10.0.0.3',
  'fe80::1%eth0',
  'garbage',
  '010.0.0.1',
] as const
const QUESTIONS = [
  ...questionsOf(
    [...NAMES, 'none.example.', 'x.wild.example.', 'y.x.wild.example.'],
    ['A', 'AAAA', 'TXT', 'SRV'],
  ),
  ...questionsOf(
    [
      '1.0.0.10.in-addr.arpa.',
      '2.0.0.10.in-addr.arpa.',
      `1.${'0.'.repeat(27)}0.0.d.f.ip6.arpa.`,
      'x.in-addr.arpa.',
    ],
    ['PTR'],
  ),
]

/** How many seeds there are to go through. */
export const HOSTS_SEEDS = [1, 2, 3, 4, 5, 6] as const

/** A hosts file with names that stand twice, bad addresses and wildcards, and lines in braces. */
export function hostsSet(seed: number): DirectiveSet {
  const random = seededRandom(seed)
  const lines = new Set(
    Array.from(
      { length: 12 },
      () => `${pick(random, ADDRESSES)} ${pick(random, [...NAMES, '*.wild.example.'])}`,
    ),
  )
  const zones = pick(random, ['', 'example', '. example'])
  const inline = [...lines]
    .slice(7)
    .filter((line) => !line.startsWith('garbage') && !line.startsWith('010'))
    .join('\n')
  const properties = pick(random, ['', 'fallthrough', 'fallthrough example', 'no_reverse\n ttl 60'])
  return {
    files: { hosts: [...lines].slice(0, 7).join('\n') },
    directives: `hosts FOLDER/hosts ${zones} {\n${inline}\n${properties}\n}\n whoami`,
    questions: QUESTIONS,
  }
}
