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
const ZONES = ['cluster.local.', 'in-addr.arpa.', 'ip6.arpa.']

test('answer denies a name for every type or for none', () => {
  forEveryName(({ where, name }) => {
    const kinds = TYPES.map((type) => ask(where, `${name} ${type}`).kind)
    const denied = kinds.filter((kind) => kind === 'nxdomain')
    expect([0, kinds.length], `${name}: ${kinds.join(' ')}`).toContain(denied.length)
  })
})

test('answer makes a name an alias for every type but CNAME and ANY, or for none', () => {
  forEveryName(({ where, name }) => {
    const aliases = TYPES.filter((type) => ask(where, `${name} ${type}`).kind === 'cname')
    const others = TYPES.filter((type) => type !== 'CNAME' && type !== 'ANY')
    expect([[], others], name).toContainEqual(aliases)
    const { kind } = ask(where, `${name} CNAME`)
    expect(kind === 'positive', name).toBe(aliases.length > 0)
  })
})

test('answer lets every name above an existing one exist', () => {
  forEveryName(({ where, name }) => {
    if (!exists(where, name)) return
    expect(
      ancestors(name).filter((ancestor) => !exists(where, ancestor)),
      name,
    ).toEqual([])
  })
})

test('answer to ANY is one of the RRsets that the name holds, and NODATA only where it holds none', () => {
  const asked = TYPES.filter((type) => type !== 'ANY')
  forEveryName(({ where, name }) => {
    const any = ask(where, `${name} ANY`)
    const held = asked.map((type) => ask(where, `${name} ${type}`)).filter(({ kind }) => kind === 'positive')
    if (any.kind === 'positive')
      expect(held.map(({ answer }) => lines(answer))).toContainEqual(lines(any.answer))
    else expect(held, name).toEqual([])
  })
})

test('answer has the SOA with min(ttl, 5) where it is negative, and no authority where it is not', () => {
  forEveryName(({ where, name, options }) => {
    const negativeTtl = Math.min(options.ttlSeconds ?? 30, 5)
    for (const type of TYPES) {
      const { kind, answer, authority } = ask(where, `${name} ${type}`)
      const isNegative = kind === 'nxdomain' || kind === 'nodata'
      expect(answer.length === 0, `${name} ${type}`).toBe(isNegative)
      expect(lines(authority), `${name} ${type}`).toEqual(isNegative ? [soaLine(name, negativeTtl)] : [])
    }
  })
})

test('namesOf gives only names that exist, and all of a Service that hold records', () => {
  forEveryName(({ where, name, names }) => {
    if (names.has(name)) expect(exists(where, name), name).toBe(true)
    else if (name.endsWith('.svc.cluster.local.') && name.split('.').length > 5) {
      expect(recordsAt(where, name), `${name} holds records, and no entry names it`).toEqual([])
    }
  })
})

test('answer is the same in another letter case, its owner as asked', () => {
  forEveryName(({ where, name }) => {
    for (const type of TYPES) {
      const lower = ask(where, `${name} ${type}`)
      const upper = ask(where, `${name.toUpperCase()} ${type}`)
      expect(upper.kind).toBe(lower.kind)
      expect(upper.answer.map(({ owner }) => owner)).toEqual(lower.answer.map(() => name.toUpperCase()))
      expect(lowered(upper)).toEqual(lowered(lower))
    }
  })
})

test('answer denies nothing before the first sync', () => {
  fc.assert(
    fc.property(coherentCluster, ({ objects, options }) => {
      const store = new ClusterStore({ nowSeconds: () => 1_700_000_000 })
      for (const object of objects) store.apply(object)
      const where = { rules: rulesOver(store, options) }
      for (const probe of PROBES) {
        const kinds = TYPES.map((type) => ask(where, `${probe} ${type}`).kind)
        expect(kinds, probe).not.toContain('nxdomain')
        expect([0, kinds.length], probe).toContain(kinds.filter((kind) => kind === 'failure').length)
      }
    }),
    { numRuns: 20 },
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

function forEveryName(check: (place: Place) => void): void {
  fc.assert(
    fc.property(coherentCluster, ({ objects, options }) => {
      const where = cluster(objects, options)
      const names = namesOfAll(where, objects)
      const around = new Set([...PROBES.map((probe) => `${probe}.`), ...[...names].flatMap(neighbours)])
      for (const name of around) check({ where, options, name, names })
    }),
    { numRuns: 30 },
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

function lowered({ answer, authority }: Answer): readonly string[] {
  return lines([...answer, ...authority]).map((line) => line.toLowerCase())
}
