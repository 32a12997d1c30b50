import { expect, test } from 'vitest'
import { asDomainName } from '../../../src/wire/name.ts'
import { ask, cluster, lines, namespace, outcome, rulesOver, service } from '../../helpers/cluster.ts'
import { ClusterStore } from '../../../src/kubernetes/cluster-store.ts'

const OBJECTS = [namespace('shop'), service('shop/web', { clusterIPs: ['10.96.0.1'] })]
const HERE = cluster(OBJECTS, { ownAddresses: () => [0x0a010101] })
const NODATA = ['nodata']
const NXDOMAIN = ['nxdomain']

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
  'TYPE1000',
]
const NS = 'cluster.local. 30 NS ns.dns.cluster.local.'
const SOA =
  'cluster.local. 30 SOA ns.dns.cluster.local. hostmaster.cluster.local. 1700000000 7200 1800 86400 5'
const VERSION = 'dns-version.cluster.local. 28800 TXT "1.1.0"'
const SERVER = 'ns.dns.cluster.local. 30 A 10.1.1.1'

/** What a name holds; every other type is NODATA. */
const EXISTING: readonly [name: string, held: Readonly<Record<string, string>>][] = [
  ['cluster.local', { NS, SOA, ANY: NS }],
  ['svc.cluster.local', {}],
  ['pod.cluster.local', {}],
  ['shop.svc.cluster.local', {}],
  ['dns-version.cluster.local', { TXT: VERSION, ANY: VERSION }],
  ['dns.cluster.local', {}],
  ['ns.dns.cluster.local', { A: SERVER, ANY: SERVER }],
]

test.each(EXISTING.flatMap(([name, held]) => EVERY_TYPE.map((type) => [name, type, held[type]] as const)))(
  'findName: %s %s exists',
  (name, type, record) => {
    expect(outcome(HERE, `${name} ${type}`)).toEqual(record === undefined ? NODATA : ['positive', record])
  },
)

const MISSING = [
  'nope.svc.cluster.local',
  'shop.pod.cluster.local',
  'nope.cluster.local',
  'x.dns.cluster.local',
  'x.ns.dns.cluster.local',
  'x.dns-version.cluster.local',
  'svcx.cluster.local',
]

test.each(MISSING.flatMap((name) => EVERY_TYPE.map((type) => [name, type] as const)))(
  'findName: %s %s does not exist, SOA included',
  (name, type) => {
    expect(outcome(HERE, `${name} ${type}`)).toEqual(NXDOMAIN)
  },
)

test('findName: namespaces have Pods where Pods have names', () => {
  const insecure = cluster(OBJECTS, { pods: 'insecure' })
  expect(EVERY_TYPE.map((type) => outcome(insecure, `shop.pod.cluster.local ${type}`))).toEqual(
    EVERY_TYPE.map(() => NODATA),
  )
  expect(outcome(insecure, 'nope.pod.cluster.local')).toEqual(NXDOMAIN)
})

test('N13 a label with a dot inside is never two labels', () => {
  expect(outcome(HERE, String.raw`shop\.svc.cluster.local`)).toEqual(NXDOMAIN)
  expect(outcome(HERE, String.raw`web\.shop.svc.cluster.local`)).toEqual(NXDOMAIN)
  expect(
    HERE.rules.answer(
      { qname: asDomainName(String.raw`svc\.cluster.local.`), qtype: 1, qclass: 1 },
      asDomainName(String.raw`svc\.cluster.local.`),
    ),
  ).toBeUndefined()
})

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  'N14 %s is a plain missing name',
  (label) => {
    expect(outcome(HERE, `${label}.shop.svc.cluster.local`)).toEqual(NXDOMAIN)
    expect(outcome(HERE, `web.${label}.svc.cluster.local`)).toEqual(NXDOMAIN)
    expect(outcome(HERE, `${label}.web.shop.svc.cluster.local`)).toEqual(NXDOMAIN)
    expect(outcome(HERE, `${label}.cluster.local`)).toEqual(NXDOMAIN)
  },
)

test('N14 __proto__ is a Service like any other', () => {
  const odd = cluster([
    namespace('__proto__'),
    service('__proto__/constructor', { clusterIPs: ['10.96.0.9'] }),
  ])
  expect(outcome(odd, 'constructor.__proto__.svc.cluster.local')).toEqual([
    'positive',
    'constructor.__proto__.svc.cluster.local. 30 A 10.96.0.9',
  ])
})

test('N15 empty non-terminals are NODATA, absent namespaces NXDOMAIN', () => {
  expect(outcome(HERE, 'svc.cluster.local')).toEqual(NODATA)
  expect(outcome(HERE, 'shop.svc.cluster.local')).toEqual(NODATA)
  expect(outcome(HERE, 'absent.svc.cluster.local')).toEqual(NXDOMAIN)
})

test('T10 negative answers carry the SOA, its TTL and MINIMUM being the smaller of the TTL and 5 s', () => {
  for (const [ttlSeconds, negative] of [
    [30, 5],
    [5, 5],
    [3, 3],
    [0, 0],
    [3600, 5],
  ] as const) {
    const rules = cluster(OBJECTS, { ttlSeconds })
    for (const question of [
      'nope.svc.cluster.local A',
      'web.shop.svc.cluster.local AAAA',
      'svc.cluster.local SOA',
    ]) {
      expect(lines(ask(rules, question).authority)).toEqual([
        `cluster.local. ${negative} SOA ns.dns.cluster.local. hostmaster.cluster.local. 1700000000 7200 1800 86400 ${negative}`,
      ])
    }
  }
})

test('T12 the apex holds NS and SOA and no DS', () => {
  expect(outcome(HERE, 'cluster.local DS')).toEqual(NODATA)
})

test.each([
  '*.shop.svc.cluster.local',
  'any.shop.svc.cluster.local',
  '*.svc.cluster.local',
  '*.web.shop.svc.cluster.local',
])('T16 %s is no wildcard', (name) => {
  expect(outcome(HERE, name)).toEqual(NXDOMAIN)
})

test('findName matches zones in any letter case and keeps it in what is made from the question', () => {
  expect(outcome(HERE, 'CLUSTER.Local NS')).toEqual([
    'positive',
    'CLUSTER.Local. 30 NS ns.dns.CLUSTER.Local.',
  ])
  expect(lines(ask(HERE, 'CLUSTER.Local NS').additional)).toEqual(['ns.dns.CLUSTER.Local. 30 A 10.1.1.1'])
  expect(outcome(HERE, 'NS.dns.CLUSTER.Local A')).toEqual(['positive', 'NS.dns.CLUSTER.Local. 30 A 10.1.1.1'])
  expect(lines(ask(HERE, 'nope.Cluster.LOCAL A').authority)[0]).toContain(
    'Cluster.LOCAL. 5 SOA ns.dns.Cluster.LOCAL. hostmaster.Cluster.LOCAL.',
  )
})

test('findName takes the longest zone that holds the name; none holds others', () => {
  const zones = ['local.', 'cluster.local.'].map(asDomainName)
  const both = cluster(OBJECTS, { zones })
  expect(outcome(both, 'web.shop.svc.cluster.local')[0]).toBe('positive')
  expect(outcome(both, 'web.shop.svc.local')[0]).toBe('positive')
  expect(
    both.rules.answer(
      { qname: asDomainName('example.com.'), qtype: 1, qclass: 1 },
      asDomainName('example.com.'),
    ),
  ).toBeUndefined()
})

test('findName serves the root as a zone', () => {
  const root = cluster(OBJECTS, { zones: [asDomainName('.')], primaryZone: asDomainName('.') })
  expect(outcome(root, 'web.shop.svc')).toEqual(['positive', 'web.shop.svc. 30 A 10.96.0.1'])
  expect(outcome(root, '1.0.96.10.in-addr.arpa PTR')).toEqual([
    'positive',
    '1.0.96.10.in-addr.arpa. 30 PTR web.shop.svc.',
  ])
})

test('a SOA asked for by name has the ordinary TTL, 300 s at most', () => {
  expect(outcome(cluster(OBJECTS, { ttlSeconds: 3600 }), 'cluster.local SOA')[1]).toMatch(
    /^cluster\.local\. 300 SOA /,
  )
})

test('names that are not known before the first sync are no NXDOMAIN', () => {
  const store = new ClusterStore({ nowSeconds: () => 1 })
  for (const object of OBJECTS) store.apply(object)
  const here = { rules: rulesOver(store) }
  expect(outcome(here, 'web.shop.svc.cluster.local')[0]).toBe('positive')
  expect(outcome(here, 'web.shop.svc.cluster.local AAAA')[0]).toBe('nodata')
  const unknown = ask(here, 'db.shop.svc.cluster.local')
  expect(unknown.kind).toBe('failure')
  expect(unknown.reason).toEqual({ code: 14, text: 'not synced with the API server yet' })
  expect(unknown.authority).toHaveLength(1)
  expect(ask(here, '_why.db.shop.svc.cluster.local TXT').kind).toBe('positive')
  store.markSynced()
  expect(outcome(here, 'db.shop.svc.cluster.local')).toEqual(NXDOMAIN)
})

test('a Service that came before its namespace is known until the first sync', () => {
  const store = new ClusterStore({ nowSeconds: () => 1 })
  store.apply(service('shop/web', { clusterIPs: ['10.96.0.1'] }))
  expect(outcome({ rules: rulesOver(store) }, 'web.shop.svc.cluster.local')[0]).toBe('positive')
})

test('the namespaces option hides all others', () => {
  const objects = [...OBJECTS, namespace('secret'), service('secret/web', { clusterIPs: ['10.96.0.2'] })]
  const chosen = cluster(objects, { namespaces: new Set(['shop']) })
  expect(outcome(chosen, 'web.shop.svc.cluster.local')[0]).toBe('positive')
  expect(outcome(chosen, 'web.secret.svc.cluster.local')).toEqual(NXDOMAIN)
  expect(outcome(chosen, 'secret.svc.cluster.local')).toEqual(NXDOMAIN)
  expect(outcome(chosen, '2.0.96.10.in-addr.arpa PTR')).toEqual(NXDOMAIN)
  expect(ask(chosen, 'web.secret.svc.cluster.local').reason.text).toBe(
    'namespace "secret" is not served here',
  )
})

test('K29 a namespace that is deleted takes its names along, and brings them back', () => {
  const { store, rules } = cluster(OBJECTS)
  store.remove({ kind: 'Namespace', namespace: '', name: 'shop' })
  expect(outcome({ rules }, 'web.shop.svc.cluster.local')).toEqual(NXDOMAIN)
  expect(outcome({ rules }, '1.0.96.10.in-addr.arpa PTR')).toEqual(NXDOMAIN)
  store.apply(namespace('shop'))
  expect(outcome({ rules }, 'web.shop.svc.cluster.local')[0]).toBe('positive')
})

test('N11 a name of 126 labels is a plain missing name', () => {
  const many = 'a.'.repeat(100)
  for (const below of [many, `${many}web.shop.svc.`, `${many}pod.`]) {
    expect(outcome(HERE, `${below}cluster.local`)).toEqual(NXDOMAIN)
  }
})

test.each([
  String.raw`\000`,
  String.raw`\.`,
  String.raw`\\`,
  String.raw`\"`,
  String.raw`\010`,
  String.raw`\255`,
  String.raw`web\000`,
])('N12 a label of odd octets, %s, is a plain missing name everywhere', (label) => {
  for (const below of ['', 'svc.', 'shop.svc.', 'web.shop.svc.', '_tcp.web.shop.svc.', 'shop.pod.']) {
    expect(outcome(HERE, `${label}.${below}cluster.local`)).toEqual(NXDOMAIN)
    expect(outcome(HERE, `_why.${label}.${below}cluster.local TXT`)[0]).toBe('positive')
  }
  expect(outcome(HERE, `${label}.in-addr.arpa PTR`)).toEqual(NXDOMAIN)
})

test('T01 a type that nobody knows is NODATA at a name that exists', () => {
  const { kind, authority } = ask(HERE, 'web.shop.svc.cluster.local TYPE1000')
  expect([kind, authority.length]).toEqual(['nodata', 1])
})

test('T02 ANY is one RRset', () => {
  for (const question of [
    'cluster.local ANY',
    'web.shop.svc.cluster.local ANY',
    'dns-version.cluster.local ANY',
  ]) {
    expect(ask(HERE, question).answer).toHaveLength(1)
  }
})
