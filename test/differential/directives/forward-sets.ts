import type { DirectiveSet } from '../../helpers/directive-sets/directive-set.ts'
import { questionsOf } from '../../plugins/differences-from-coredns.ts'

/** What the upstream knows, knows not and fails at, and names beyond its zone. */
const LABELS = ['web', 'www', 'nx', 'servfail', 'refused', 'nodata', 'chain', 'extra', 'large', 'v4']
const NAMES = [
  ...LABELS.flatMap((label) => [`${label}.outside.example.`, `${label}.no.outside.example.`]),
  'outside.example.',
  'nowhere.test.',
  '.',
]
const QUESTIONS = questionsOf(NAMES, ['A', 'AAAA', 'TXT', 'MX', 'SRV', 'CNAME', 'NS', 'ANY', 'HTTPS'])

const ask = (directives: string): DirectiveSet => ({ directives, questions: QUESTIONS })

/** One upstream, several zones, and a zone that is left out. */
export const FORWARD_SETS: readonly DirectiveSet[] = [
  ask('forward . UPSTREAM'),
  ask('forward outside.example UPSTREAM {\n except no.outside.example\n force_tcp\n}'),
  ask('forward no.outside.example UPSTREAM {\n prefer_udp\n}\n forward . UPSTREAM {\n policy sequential\n}'),
]

/** Caches with bounds of TTLs, of one zone, and of answers alone. */
export const CACHE_SETS: readonly DirectiveSet[] = [
  ask('cache 120\n forward . UPSTREAM'),
  ask(
    'cache outside.example {\n success 1000 200 10\n denial 1000 40 5\n servfail 3s\n}\n forward . UPSTREAM',
  ),
  ask('cache 600 {\n disable denial\n}\n forward . UPSTREAM'),
]

/** AAAA records made of A records, for clients on IPv4 too. */
export const DNS64_SETS: readonly DirectiveSet[] = [
  ask('dns64 {\n allow_ipv4\n}\n forward . UPSTREAM'),
  ask('dns64 {\n prefix 2001:db8:122::/48\n allow_ipv4\n translate_all\n}\n forward . UPSTREAM'),
]

/** What makes replies shorter. */
export const SHORT_ANSWER_SETS: readonly DirectiveSet[] = [
  ask('minimal\n forward . UPSTREAM'),
  ask('any\n forward . UPSTREAM'),
]
