import type { BenchCluster, BenchService } from './cluster.ts'

export interface BenchQuestion {
  readonly name: string
  readonly type: 'A' | 'AAAA' | 'SRV'
}

/** A kind of load: what stub resolvers ask, in what shares. */
export interface QueryMix {
  readonly name: string
  readonly title: string
  readonly questions: readonly BenchQuestion[]
  /** Whether the queries carry an OPT record (RFC 6891), as those of resolvers do. */
  readonly edns: boolean
  readonly transport: 'udp' | 'tcp'
}

/** The load that only servers with a cache can be asked. */
export const CACHED_MIX = 'cached'

const QUESTION_COUNT = 10_000
const NEGATIVE_SHARE = 0.4
/** Names outside the cluster that Pods look up: with `ndots:5` each is tried below the search path first. */
const OUTSIDE_NAMES = ['www.example.com', 'api.example.net', 'storage.example.org']
/** Names that are forwarded once and come from the cache then. The upstream has an address for first labels of even length. */
const CACHED_NAMES = Array.from({ length: 1_000 }, (_, index) => `host${1_000 + index}.example.com`)

/** The loads that are measured. Equal clusters give equal questions in equal order. */
export function makeMixes({ namespaces, services }: BenchCluster): QueryMix[] {
  const random = pseudoRandom(1)
  const pick = <T>(items: readonly T[]): T => {
    const item = items[Math.floor(random() * items.length)]
    if (item === undefined) throw new RangeError('Cannot pick from an empty list')
    return item
  }
  const withAddress = services.filter(({ clusterIP }) => clusterIP !== undefined)
  const headless = services.filter(({ clusterIP }) => clusterIP === undefined)
  const searchPathName = (): string => {
    const looked = random() < 0.5 ? nameOf(pick(services)) : pick(OUTSIDE_NAMES)
    return `${looked}.${pick([`${pick(namespaces)}.svc.`, 'svc.', ''])}cluster.local`
  }
  const existing = (): BenchQuestion => ({ name: nameOf(pick(withAddress)), type: 'A' })
  const denied = (): BenchQuestion => ({ name: searchPathName(), type: 'A' })
  return [
    mix('mixed', 'A: 60 % Services, 40 % NXDOMAIN from search paths', () =>
      random() < NEGATIVE_SHARE ? denied() : existing(),
    ),
    mix('a', 'A of Services with a cluster IP', existing),
    mix('nodata', 'AAAA of IPv4 Services: NODATA', () => ({ name: nameOf(pick(withAddress)), type: 'AAAA' })),
    mix('nxdomain', 'A: NXDOMAIN from search paths', denied),
    { ...mix('denied', 'the same, asked with EDNS', denied), edns: true },
    mix('srv', 'SRV of a named port', () => ({
      name: `_http._tcp.${nameOf(pick(withAddress))}`,
      type: 'SRV',
    })),
    mix('headless', 'A of headless Services', () => ({ name: nameOf(pick(headless)), type: 'A' })),
    mix(CACHED_MIX, 'A of names outside, from the cache', () => ({ name: pick(CACHED_NAMES), type: 'A' })),
    { ...mix('tcp', 'as "a" over TCP: 8 connections, pipelined', existing), transport: 'tcp' },
  ]
}

/** The Service's name in the cluster domain. */
export function nameOf({ namespace, name }: Pick<BenchService, 'namespace' | 'name'>): string {
  return `${name}.${namespace}.svc.cluster.local`
}

/** The questions as dnsperf reads them: one `name type` a line. */
export function composeQueryFile(questions: readonly BenchQuestion[]): string {
  return questions.map(({ name, type }) => `${name} ${type}\n`).join('')
}

function mix(name: string, title: string, makeQuestion: () => BenchQuestion): QueryMix {
  return {
    name,
    title,
    questions: Array.from({ length: QUESTION_COUNT }, makeQuestion),
    edns: false,
    transport: 'udp',
  }
}

/** Numbers in [0, 1) that are the same in every run (a 32-bit xorshift). */
function pseudoRandom(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
