import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ClusterStore } from '../../src/kubernetes/cluster-store.ts'
import type { ClusterObject } from '../../src/kubernetes/objects.ts'
import { isSubdomain, lowerCase, parentName } from '../../src/wire/name.ts'
import type { DomainName } from '../../src/wire/name.ts'
import {
  ask,
  cluster,
  endpoint,
  lines,
  name,
  namespace,
  rulesOver,
  service,
  slice,
} from '../helpers/cluster.ts'
import type { Cluster } from '../helpers/cluster.ts'
import { anyObject, anyOptions, PROBES, referenceTo } from '../helpers/any-cluster.ts'

const SHOP = cluster([
  namespace('shop'),
  service('shop/web', { clusterIPs: ['10.96.0.1'], ports: ['http:80/TCP'] }),
  service('shop/db'),
  slice('shop/db-1', 'db', { endpoints: ['10.1.0.1', '10.1.0.2'], ports: ['sql:5432/TCP'] }),
])

test('answer gives a ClusterIP Service its address, owner as asked', () => {
  const { kind, answer } = ask(SHOP, 'Web.SHOP.svc.Cluster.local A')
  expect(kind).toBe('positive')
  expect(lines(answer)).toEqual(['Web.SHOP.svc.Cluster.local. 30 A 10.96.0.1'])
})

test('answer gives a headless Service the addresses of its endpoints', () => {
  expect(lines(ask(SHOP, 'db.shop.svc.cluster.local A').answer)).toEqual([
    'db.shop.svc.cluster.local. 30 A 10.1.0.1',
    'db.shop.svc.cluster.local. 30 A 10.1.0.2',
  ])
})

test('answer denies with the SOA of the zone', () => {
  const soa =
    'cluster.local. 5 SOA ns.dns.cluster.local. hostmaster.cluster.local. 1700000000 7200 1800 86400 5'
  const missing = ask(SHOP, 'nope.shop.svc.cluster.local A')
  expect(missing.kind).toBe('nxdomain')
  expect(lines(missing.authority)).toEqual([soa])
  const nodata = ask(SHOP, 'web.shop.svc.cluster.local AAAA')
  expect(nodata.kind).toBe('nodata')
  expect(lines(nodata.authority)).toEqual([soa])
})

const SPECIFIED = cluster([
  namespace('default'),
  service('default/kubernetes', { clusterIPs: ['10.3.0.1', '2001:db8::1'], ports: ['https:443/TCP'] }),
  service('default/headless'),
  slice('default/headless-4', 'headless', {
    ports: ['https:443/TCP'],
    endpoints: [endpoint('10.3.0.1', { hostname: 'my-pet' }), '10.3.0.2'],
  }),
  slice('default/headless-6', 'headless', {
    addressType: 'IPv6',
    ports: ['https:443/TCP'],
    endpoints: [endpoint('2001:db8::2', { hostname: 'my-pet' })],
  }),
  service('default/idle'),
  service('default/foo', { externalName: 'www.example.com' }),
])
const REVERSE_2001_DB8 = `${'0.'.repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa.`

test.each<[question: string, kind: string, data: readonly string[]]>([
  ['dns-version.cluster.local. TXT', 'positive', ['28800 TXT "1.1.0"']],
  ['kubernetes.default.svc.cluster.local. A', 'positive', ['30 A 10.3.0.1']],
  ['kubernetes.default.svc.cluster.local. AAAA', 'positive', ['30 AAAA 2001:db8::1']],
  [
    '_https._tcp.kubernetes.default.svc.cluster.local. SRV',
    'positive',
    ['30 SRV 0 100 443 kubernetes.default.svc.cluster.local.'],
  ],
  ['1.0.3.10.in-addr.arpa. PTR', 'positive', ['30 PTR kubernetes.default.svc.cluster.local.']],
  [`1.${REVERSE_2001_DB8} PTR`, 'positive', ['30 PTR kubernetes.default.svc.cluster.local.']],
  ['headless.default.svc.cluster.local. A', 'positive', ['30 A 10.3.0.1', '30 A 10.3.0.2']],
  ['headless.default.svc.cluster.local. AAAA', 'positive', ['30 AAAA 2001:db8::2']],
  ['my-pet.headless.default.svc.cluster.local. A', 'positive', ['30 A 10.3.0.1']],
  ['my-pet.headless.default.svc.cluster.local. AAAA', 'positive', ['30 AAAA 2001:db8::2']],
  [
    '_https._tcp.headless.default.svc.cluster.local. SRV',
    'positive',
    [
      '30 SRV 0 50 443 my-pet.headless.default.svc.cluster.local.',
      '30 SRV 0 50 443 10-3-0-2.headless.default.svc.cluster.local.',
    ],
  ],
  ['2.0.3.10.in-addr.arpa. PTR', 'positive', ['30 PTR 10-3-0-2.headless.default.svc.cluster.local.']],
  [`2.${REVERSE_2001_DB8} PTR`, 'positive', ['30 PTR my-pet.headless.default.svc.cluster.local.']],
  ['foo.default.svc.cluster.local. A', 'cname', ['30 CNAME www.example.com.']],
  ['idle.default.svc.cluster.local. A', 'nxdomain', []],
])('T14 %s is %s, as the specification has it', (question, kind, data) => {
  const { kind: given, answer } = ask(SPECIFIED, question)
  const [owner = ''] = question.split(' ')
  expect([given, ...lines(answer)]).toEqual([kind, ...data.map((one) => `${owner} ${one}`)])
})

const EVERY_TYPE = [
  'A',
  'AAAA',
  'SRV',
  'TXT',
  'CNAME',
  'PTR',
  'MX',
  'NS',
  'SOA',
  'ANY',
  'HTTPS',
  'DS',
  'TYPE0',
  'TYPE65535',
]

/** All that a cluster says of some names, in a form to be compared. */
function everyAnswer(where: Pick<Cluster, 'rules'>, names: readonly string[]): readonly string[] {
  return names.flatMap((one) =>
    EVERY_TYPE.map((type) => {
      const { kind, answer, authority, additional, reason } = ask(where, `${one} ${type}`)
      return [
        one,
        type,
        kind,
        reason.text,
        ...[answer, authority, additional].map((rrsets) => lines(rrsets).join('|')),
      ].join(' ')
    }),
  )
}

test('K17 any order of events gives the answers of a fresh load', () => {
  const event = fc.record({ object: anyObject, isGone: fc.boolean() })
  fc.assert(
    fc.property(
      fc.array(event, { maxLength: 30 }),
      anyOptions,
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      (events, options, dice) => {
        const left = new Map<string, ClusterObject>()
        const lived = cluster([], options)
        for (const { object, isGone } of events) {
          const reference = referenceTo(object)
          const key = JSON.stringify(Object.values(reference))
          if (isGone) lived.store.remove(reference)
          else lived.store.apply(object)
          // Derived views must not outlive what they were derived from.
          everyAnswer(lived, PROBES.slice(0, 8))
          if (isGone) left.delete(key)
          else left.set(key, object)
        }
        const shuffled = [...left.values()]
          .map((object) => ({ object, rank: dice.next().value }))
          .toSorted((one, other) => one.rank - other.rank)
        const fresh = cluster(
          shuffled.map(({ object }) => object),
          options,
        )
        expect(everyAnswer(lived, PROBES)).toEqual(everyAnswer(fresh, PROBES))
      },
    ),
    { numRuns: 40 },
  )
})

test('one name, one existence: for every name and type, and for the names above it', () => {
  fc.assert(
    fc.property(fc.array(anyObject, { maxLength: 25 }), anyOptions, (objects, options) => {
      const here = cluster(objects, options)
      const named = allNames(here)
      for (const one of named) expect(existence(here, one), one).toEqual([true])
      for (const one of PROBES.map(name)) {
        const exists = existence(here, one)
        expect(exists, one).toHaveLength(1)
        const parent = parentName(one)
        if (exists[0] === true && parent !== undefined && isInZones(parent))
          expect(existence(here, parent), parent).toEqual([true])
      }
    }),
    { numRuns: 40 },
  )
})

test('every record names an owner and hosts that exist: SRV, NS and PTR targets, glue', () => {
  fc.assert(
    fc.property(fc.array(anyObject, { maxLength: 25 }), anyOptions, (objects, options) => {
      // An ignored Service keeps its PTR, as in CoreDNS.
      const here = cluster(objects, { ...options, ignoreEmptyService: false })
      for (const one of [...allNames(here), ...PROBES.map(name)]) {
        for (const type of ['SRV', 'NS', 'PTR']) {
          const { answer, additional } = ask(here, `${one} ${type}`)
          for (const { rdatas } of answer) {
            expect(rdatas.length).toBeGreaterThan(0)
            for (const rdata of rdatas)
              if ('target' in rdata && rdata.kind !== 'CNAME')
                expect(existence(here, rdata.target)).toEqual([true])
          }
          for (const rrset of additional) {
            const direct = ask(here, `${rrset.owner} ${rrset.rrtype === 1 ? 'A' : 'AAAA'}`)
            expect(lines([rrset])).toEqual(lines(direct.answer))
          }
        }
      }
    }),
    { numRuns: 25 },
  )
})

test('_why explains every name and is never more than fits', () => {
  fc.assert(
    fc.property(fc.array(anyObject, { maxLength: 25 }), anyOptions, (objects, options) => {
      const here = cluster(objects, options)
      for (const one of [...allNames(here), ...PROBES]) {
        const { kind, answer } = ask(here, `_why.${one} TXT`)
        expect(kind).toBe('positive')
        const strings = answer.flatMap(({ rdatas }) =>
          rdatas.flatMap((rdata) => (rdata.kind === 'TXT' ? rdata.strings : [])),
        )
        expect(strings.length).toBeGreaterThan(0)
        expect(strings.join('').length).toBeLessThan(1500)
      }
    }),
    { numRuns: 20 },
  )
})

test('names that came before their objects are failures until the first sync, never NXDOMAIN', () => {
  fc.assert(
    fc.property(fc.array(anyObject, { maxLength: 15 }), anyOptions, (objects, options) => {
      const store = new ClusterStore({ nowSeconds: () => 1 })
      for (const object of objects) store.apply(object)
      const here = { rules: rulesOver(store, options) }
      for (const one of PROBES) expect(ask(here, `${one} A`).kind).not.toBe('nxdomain')
    }),
    { numRuns: 30 },
  )
})

/** Whether a name exists, by what each type says of it: one value where all agree. */
function existence(where: Pick<Cluster, 'rules'>, one: string): readonly boolean[] {
  return [...new Set(EVERY_TYPE.map((type) => ask(where, `${one} ${type}`).kind !== 'nxdomain'))]
}

/** Every name of every Service. */
function allNames({ rules, store }: Cluster): readonly DomainName[] {
  return [...store.namespaceNames()].flatMap((space) =>
    [...store.entriesIn(space).values()].flatMap((entry) => rules.namesOf(entry)),
  )
}

function isInZones(one: DomainName): boolean {
  return ['cluster.local', 'in-addr.arpa', 'ip6.arpa'].some((zone) => isSubdomain(lowerCase(one), name(zone)))
}
