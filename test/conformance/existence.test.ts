// One name, one existence (differences.md 1; RFC 1034 4.3.2, RFC 2308, RFC 8020), over clusters of any shape and all
// options, at every name that they give rise to and at names around those.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { ClusterStore } from '../../src/kubernetes/cluster-store.ts'
import type { NamingOptions } from '../../src/kubernetes/naming/naming-options.ts'
import type { ClusterObject } from '../../src/kubernetes/objects.ts'
import type { Answer } from '../../src/zone/answer.ts'
import { PROBES } from '../helpers/any-cluster.ts'
import { type Cluster, ask, cluster, lines, rulesOver } from '../helpers/cluster.ts'
import { coherentCluster } from './coherent-cluster.ts'

const TYPES = 'A AAAA SRV TXT CNAME MX PTR NS SOA ANY TYPE65 TYPE1000'.split(' ')
/** Those that these clusters can have something at. */
const PROBED = PROBES.filter((probe) => !/__proto__|constructor/.test(probe)).map((probe) => `${probe}.`)
const ZONES = ['cluster.local.', 'in-addr.arpa.', 'ip6.arpa.']

test('answer denies a name for every type or for none', () => {
  atEveryName(({ where, name }) => {
    const kinds = TYPES.map((type) => ask(where, `${name} ${type}`).kind)
    const isDenied = kinds.includes('nxdomain')
    return kinds.every((kind) => (kind === 'nxdomain') === isDenied)
  })
})

test('answer makes a name an alias for every type but CNAME and ANY, or for none', () => {
  atEveryName(({ where, name }) => {
    const isAlias = ask(where, `${name} CNAME`).kind === 'positive'
    const others = TYPES.filter((type) => type !== 'CNAME' && type !== 'ANY')
    return others.every((type) => (ask(where, `${name} ${type}`).kind === 'cname') === isAlias)
  })
})

test('answer lets every name above an existing one exist', () => {
  atEveryName(
    ({ where, name }) => !exists(where, name) || ancestors(name).every((ancestor) => exists(where, ancestor)),
  )
})

test('answer to ANY is one of the RRsets that the name holds, and NODATA only where it holds none', () => {
  const asked = TYPES.filter((type) => type !== 'ANY')
  atEveryName(({ where, name }) => {
    const any = ask(where, `${name} ANY`)
    const held = asked.map((type) => ask(where, `${name} ${type}`)).filter(({ kind }) => kind === 'positive')
    if (any.kind !== 'positive') return held.length === 0
    const records = lines(any.answer).join('\n')
    return held.some(({ answer }) => lines(answer).join('\n') === records)
  })
})

test('answer has the SOA with min(ttl, 5) where it is negative, and no authority where it is not', () => {
  atEveryName(({ where, name, options }) => {
    const soa = soaLine(name, Math.min(options.ttlSeconds ?? 30, 5))
    return TYPES.every((type) => {
      const { kind, answer, authority } = ask(where, `${name} ${type}`)
      const isNegative = kind === 'nxdomain' || kind === 'nodata'
      if (isNegative) return answer.length === 0 && lines(authority).join('\n') === soa
      return answer.length > 0 && authority.length === 0
    })
  })
})

test('namesOf gives only names that exist, and all of a Service that hold records', () => {
  atEveryName(({ where, name, names }) => {
    if (names.has(name)) return exists(where, name)
    const isOfService = name.endsWith('.svc.cluster.local.') && name.split('.').length > 5
    // Any topology zone may be asked for.
    return !isOfService || name.includes('.prefer._zone.') || recordsAt(where, name).length === 0
  })
})

test('answer is the same in another letter case, its owner as asked', () => {
  atEveryName(({ where, name }) =>
    TYPES.every((type) => {
      const lower = ask(where, `${name} ${type}`)
      const upper = ask(where, `${name.toUpperCase()} ${type}`)
      const isEchoed = upper.answer.every(({ owner }) => owner === name.toUpperCase())
      return isEchoed && upper.kind === lower.kind && lowered(upper) === lowered(lower)
    }),
  )
})

test('answer denies nothing before the first sync', () => {
  fc.assert(
    fc.property(coherentCluster, ({ objects, options }) => {
      const store = new ClusterStore({ nowSeconds: () => 1_700_000_000 })
      for (const object of objects) store.apply(object)
      const where = { rules: rulesOver(store, options) }
      const wrong = PROBED.filter((probe) => {
        const kinds = TYPES.map((type) => ask(where, `${probe} ${type}`).kind)
        const isUnknown = kinds.includes('failure')
        return kinds.some((kind) => kind === 'nxdomain' || (kind === 'failure') !== isUnknown)
      })
      expect(wrong).toEqual([])
    }),
    { numRuns: 20 },
  )
})

test('the clusters asked hold names of every kind', () => {
  const found = new Set<string>()
  for (const { objects, options } of fc.sample(coherentCluster, { numRuns: 60, seed: 1 })) {
    const where = cluster(objects, options)
    for (const name of namesOfAll(where, objects)) {
      const held = TYPES.filter((type) => type !== 'ANY' && ask(where, `${name} ${type}`).kind === 'positive')
      found.add(`${kindOf(name)} ${held.join(' ')}`)
    }
  }
  expect([...found]).toEqual(
    expect.arrayContaining([
      'service A SRV',
      'service A AAAA SRV',
      'service CNAME',
      'endpoint A SRV',
      'endpoint AAAA SRV',
      'endpoint CNAME',
      'protocol ',
      'port SRV',
      'reverse PTR',
      'zonal ',
      'zonal A SRV',
      'zonal AAAA SRV',
      'zonal CNAME',
    ]),
  )
})

interface Place {
  readonly where: Cluster
  readonly options: Partial<NamingOptions>
  /** Absolute, in lower case. */
  readonly name: string
  /** All that entries of this cluster give rise to. */
  readonly names: ReadonlySet<string>
}

/** Fails with the names at which `holds` is false. */
function atEveryName(holds: (place: Place) => boolean): void {
  fc.assert(
    fc.property(coherentCluster, ({ objects, options }) => {
      const where = cluster(objects, options)
      const names = namesOfAll(where, objects)
      const around = new Set([...PROBED, ...[...names].flatMap(neighbours)])
      expect([...around].filter((name) => !holds({ where, options, name, names }))).toEqual([])
    }),
    { numRuns: 25 },
  )
}

function namesOfAll({ store, rules }: Cluster, objects: readonly ClusterObject[]): ReadonlySet<string> {
  const spaces = new Set(
    objects.map((object) => (object.kind === 'Namespace' ? object.name : object.namespace)),
  )
  const entries = [...spaces].flatMap((space) => Array.from(store.entriesIn(space).values()))
  return new Set(entries.flatMap((entry) => rules.namesOf(entry)))
}

/** The name, those above it, and some beside and below it that exist only by chance. */
function neighbours(name: string): readonly string[] {
  return [
    name,
    ...ancestors(name),
    `x${name}`,
    `x.${name}`,
    `_tcp.${name}`,
    `_http._tcp.${name}`,
    `1.${name}`,
  ]
}

/** The names above a name, up to the apex of its zone. */
function ancestors(name: string): readonly string[] {
  const zone = zoneOf(name)
  const labels = name.slice(0, -zone.length).split('.').slice(0, -1)
  return labels.map((_, index) => [...labels.slice(index + 1), zone].join('.'))
}

function zoneOf(name: string): string {
  return ZONES.find((zone) => name === zone || name.endsWith(`.${zone}`)) ?? name
}

function kindOf(name: string): string {
  if (name.endsWith('.arpa.')) return 'reverse'
  if (name.includes('_zone.')) return 'zonal'
  if (name.startsWith('_')) return name.split('._').length > 1 ? 'port' : 'protocol'
  return name.split('.').length > 6 ? 'endpoint' : 'service'
}

function exists(where: Cluster, name: string): boolean {
  return ask(where, `${name} TYPE1000`).kind !== 'nxdomain'
}

function recordsAt(where: Cluster, name: string): readonly string[] {
  return TYPES.flatMap((type) => lines(ask(where, `${name} ${type}`).answer))
}

function soaLine(name: string, ttlSeconds: number): string {
  const zone = zoneOf(name)
  return `${zone} ${ttlSeconds} SOA ns.dns.${zone} hostmaster.${zone} 1700000000 7200 1800 86400 ${ttlSeconds}`
}

function lowered({ answer, authority }: Answer): string {
  return lines([...answer, ...authority])
    .join('\n')
    .toLowerCase()
}
