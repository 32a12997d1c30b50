import { expect, test } from 'vitest'
import { ClusterStore } from '../../../src/kubernetes/cluster-store.ts'
import { asDomainName, type DomainName, isSubdomain } from '../../../src/wire/name.ts'
import { reverseName } from '../../../src/wire/reverse-name.ts'
import {
  ask,
  cluster,
  endpoint,
  ip,
  namespace,
  outcome,
  rulesOver,
  service,
  slice,
} from '../../helpers/cluster.ts'

const NODATA = ['nodata']
const NXDOMAIN = ['nxdomain']

const OBJECTS = [
  namespace('shop'),
  service('shop/web', { clusterIPs: ['10.96.0.1', 'fd00:10:96::1'] }),
  service('shop/db'),
  slice('shop/db-1', 'db', {
    endpoints: [
      endpoint('10.1.0.1', { hostname: 'db-0' }),
      endpoint('10.1.0.2', { ready: false }),
      endpoint('10.96.0.1'),
    ],
  }),
  slice('shop/db-6', 'db', { addressType: 'IPv6', endpoints: ['fd00:1::7'] }),
  slice('shop/orphan-1', 'orphan', { endpoints: ['10.1.0.3'] }),
  slice('shop/free', '', { endpoints: ['10.1.0.4'] }),
  service('shop/alias', { externalName: 'example.com' }),
  slice('shop/alias-1', 'alias', { endpoints: ['10.1.0.5'] }),
]
const SHOP = cluster(OBJECTS)

function reverse(address: string): string {
  return reverseName(ip(address))
}

function ptr(address: string): readonly string[] {
  return outcome(SHOP, `${reverse(address)} PTR`)
}

function targets(where: Parameters<typeof ask>[0], address: string): readonly (string | undefined)[] {
  return outcome(where, `${reverse(address)} PTR`)
    .slice(1)
    .map((line) => line.split(' ').at(-1))
}

test.each([
  ['10.96.0.1', 'web.shop.svc.cluster.local.'],
  ['fd00:10:96::1', 'web.shop.svc.cluster.local.'],
  ['10.1.0.1', 'db-0.db.shop.svc.cluster.local.'],
  ['fd00:1::7', 'fd00-1--7.db.shop.svc.cluster.local.'],
])('findReverseName: %s is %s', (address, target) => {
  expect(ptr(address)).toEqual(['positive', `${reverse(address)} 30 PTR ${target}`])
})

test.each([
  ['10.1.0.2', 'not ready'],
  ['10.1.0.3', 'of a Service that does not exist'],
  ['10.1.0.4', 'of a slice without a service name'],
  ['10.1.0.5', 'of an ExternalName Service'],
  ['192.0.2.1', 'unknown'],
])('findReverseName: %s, %s, has no PTR', (address) => {
  expect(ptr(address)).toEqual(NXDOMAIN)
})

test.each(['A', 'TXT', 'SOA', 'NS', 'AAAA'])(
  'findReverseName: %s at a name with a PTR is NODATA, fallthrough or not',
  (type) => {
    expect(outcome(SHOP, `${reverse('10.96.0.1')} ${type}`)).toEqual(NODATA)
    expect(
      outcome(cluster(OBJECTS, { fallsThrough: () => true }), `${reverse('10.96.0.1')} ${type}`),
    ).toEqual(NODATA)
  },
)

test('findReverseName answers ANY with the PTR, in any letter case', () => {
  expect(outcome(SHOP, `${reverse('10.96.0.1')} ANY`)[0]).toBe('positive')
  expect(outcome(SHOP, `${reverse('fd00:1::7').toUpperCase()} PTR`)[0]).toBe('positive')
})

test.each([
  '1.0.0.96.10.in-addr.arpa',
  '5.1.0.96.10.in-addr.arpa',
  '256.0.96.10.in-addr.arpa',
  '01.0.96.10.in-addr.arpa',
  `x.${reverse('fd00:1::7')}`,
  `0.${reverse('fd00:1::7')}`,
  'x.in-addr.arpa',
  'g.ip6.arpa',
  'ff.ip6.arpa',
  reverse('::ffff:10.96.0.1'),
])('T17 %s is no reverse name', (name) => {
  expect(outcome(SHOP, `${name} PTR`)).toEqual(NXDOMAIN)
})

test('findReverseName: names above a PTR are NODATA where the zone does not fall through', () => {
  const above = ['10.in-addr.arpa', '96.10.in-addr.arpa', '0.96.10.in-addr.arpa', '0.1.10.in-addr.arpa']
  const nibbles = reverse('fd00:1::7').split('.')
  const ip6 = Array.from({ length: 31 }, (_, index) => nibbles.slice(index + 1).join('.'))
  const falling = cluster(OBJECTS, { fallsThrough: () => true })
  for (const name of [...above, ...ip6]) {
    for (const type of ['PTR', 'A', 'SOA', 'NS', 'ANY']) {
      expect(outcome(SHOP, `${name} ${type}`)).toEqual(NODATA)
      expect(outcome(falling, `${name} ${type}`)).toEqual(NXDOMAIN)
    }
  }
  for (const name of [
    '11.in-addr.arpa',
    '97.10.in-addr.arpa',
    '1.96.10.in-addr.arpa',
    '2.1.10.in-addr.arpa',
    'e.ip6.arpa',
  ]) {
    expect(outcome(SHOP, `${name} PTR`)).toEqual(NXDOMAIN)
  }
})

test('findReverseName: a name above nothing but endpoints that are not ready does not exist, and follows changes', () => {
  const { store, rules } = cluster([
    namespace('a'),
    service('a/s'),
    slice('a/s-1', 's', { endpoints: [endpoint('10.7.0.1', { ready: false })] }),
  ])
  const question = '7.10.in-addr.arpa PTR'
  expect(outcome({ rules }, question)).toEqual(NXDOMAIN)
  store.apply(slice('a/s-1', 's', { endpoints: ['10.7.0.1'] }))
  expect(outcome({ rules }, question)).toEqual(NODATA)
  store.remove({ kind: 'EndpointSlice', namespace: 'a', name: 's-1' })
  expect(outcome({ rules }, question)).toEqual(NXDOMAIN)
  store.apply(service('a/t', { clusterIPs: ['10.7.200.1'] }))
  expect(outcome({ rules }, question)).toEqual(NODATA)
})

const SHARED = [
  namespace('z'),
  namespace('b'),
  service('z/one', { clusterIPs: ['10.96.0.1'] }),
  slice('z/one-1', 'one', { endpoints: ['10.0.0.1'] }),
  service('z/two'),
  slice('z/two-1', 'two', { endpoints: ['10.0.0.1'] }),
  service('b/three'),
  slice('b/three-1', 'three', { endpoints: ['10.0.0.1'] }),
  service('z/four'),
  slice('z/four-1', 'four', { endpoints: [endpoint('10.0.0.1', { hostname: 'pod-0' })] }),
  slice('z/four-2', 'four', { endpoints: [endpoint('10.0.0.1', { hostname: 'pod-0' })] }),
]
const IN_ORDER = [
  'pod-0.four.z.svc.cluster.local.',
  '10-0-0-1.three.b.svc.cluster.local.',
  '10-0-0-1.two.z.svc.cluster.local.',
  '10-0-0-1.one.z.svc.cluster.local.',
]

test('PTRs of an endpoint stand in a fixed order: hostname, headless, name', () => {
  expect(targets(cluster(SHARED), '10.0.0.1')).toEqual(IN_ORDER)
  expect(targets(cluster(SHARED.toReversed()), '10.0.0.1')).toEqual(IN_ORDER)
})

test('ptr limits the PTRs of endpoints, not those of cluster IPs', () => {
  const first = cluster(SHARED, { ptr: 'first' })
  const hostname = cluster(SHARED, { ptr: 'hostname' })
  expect(targets(first, '10.0.0.1')).toEqual(IN_ORDER.slice(0, 1))
  expect(targets(hostname, '10.0.0.1')).toEqual(IN_ORDER.slice(0, 1))
  const plain = cluster(OBJECTS, { ptr: 'hostname' })
  expect(outcome(plain, `${reverse('fd00:1::7')} PTR`)).toEqual(NXDOMAIN)
  expect(targets(plain, '10.96.0.1')).toEqual(['web.shop.svc.cluster.local.'])
})

test('a cluster IP that two Services claim goes to the first by name, whoever came first', () => {
  const claims = [
    namespace('a'),
    service('a/y', { clusterIPs: ['10.96.0.1'] }),
    service('a/x', { clusterIPs: ['10.96.0.1'] }),
  ]
  expect(targets(cluster(claims), '10.96.0.1')).toEqual(['x.a.svc.cluster.local.'])
  expect(targets(cluster(claims.toReversed()), '10.96.0.1')).toEqual(['x.a.svc.cluster.local.'])
})

test('S05 addresses that are not cluster IPs or endpoints have no PTR', () => {
  // externalIPs and load-balancer addresses do not pass the door: a Service has its clusterIPs alone.
  expect(ptr('203.0.113.7')).toEqual(NXDOMAIN)
})

test('reverse zones of a range answer inside it and say nothing outside', () => {
  const zones = ['cluster.local.', '96.10.in-addr.arpa.'].map(asDomainName)
  const here = cluster(OBJECTS, { zones })
  expect(targets(here, '10.96.0.1')).toEqual(['web.shop.svc.cluster.local.'])
  const outside = asDomainName('1.0.1.10.in-addr.arpa.')
  expect(here.rules.answer({ qname: outside, qtype: 12, qclass: 1 }, outside)).toBeUndefined()
  expect(outcome(here, '96.10.in-addr.arpa SOA')[0]).toBe('positive')
  expect(outcome(here, 'ns.dns.96.10.in-addr.arpa TXT')).toEqual(NODATA)
  expect(outcome(here, 'dns.96.10.in-addr.arpa TXT')).toEqual(NODATA)
  expect(outcome(here, 'web.shop.svc.96.10.in-addr.arpa A')).toEqual(NXDOMAIN)
})

test('before the first sync only addresses that are not for the cluster to know go on to others', () => {
  const zones = ['cluster.local.', 'in-addr.arpa.', 'ip6.arpa.', '0.192.in-addr.arpa.'].map(asDomainName)
  const store = new ClusterStore({ nowSeconds: () => 1 })
  store.apply(namespace('a'))
  store.apply(service('a/s', { clusterIPs: ['10.96.0.1'] }))
  const falling = { rules: rulesOver(store, { zones, fallsThrough: isInArpa }) }
  const own = { rules: rulesOver(store, { zones }) }
  const kinds = (address: string) =>
    [falling, own].map((where) => outcome(where, `${reverse(address)} PTR`)[0])
  expect(kinds('10.96.0.1')).toEqual(['positive', 'positive'])
  for (const address of [
    '10.96.0.2',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    'fd00::1',
    'fc00::1',
    '192.0.2.1',
  ]) {
    expect(kinds(address)).toEqual(['failure', 'failure'])
  }
  for (const address of ['8.8.8.8', '172.32.0.1', '2001:db8::1'])
    expect(kinds(address)).toEqual(['nxdomain', 'failure'])
  expect(outcome(falling, '8.in-addr.arpa PTR')).toEqual(NXDOMAIN)
  expect(outcome(falling, '10.in-addr.arpa PTR')).toEqual(['failure'])
  store.markSynced()
  expect(kinds('10.96.0.2')).toEqual(['nxdomain', 'nxdomain'])
})

test('the reason of a missing PTR names the address', () => {
  expect(ask(SHOP, `${reverse('10.1.0.2')} PTR`).reason.text).toBe(
    'no Service or ready endpoint has address 10.1.0.2',
  )
  expect(ask(SHOP, '99.in-addr.arpa PTR').reason.text).toBe(
    'no Service or ready endpoint has an address from 99.0.0.0 to 99.255.255.255',
  )
})

function isInArpa(name: DomainName): boolean {
  return isSubdomain(name, asDomainName('arpa.'))
}
