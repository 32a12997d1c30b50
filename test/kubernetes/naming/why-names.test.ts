import { expect, test } from 'vitest'
import { ClusterStore } from '../../../src/kubernetes/cluster-store.ts'
import {
  ask,
  cluster,
  endpoint,
  lines,
  namespace,
  outcome,
  rulesOver,
  service,
  slice,
} from '../../helpers/cluster.ts'
import type { Cluster } from '../../helpers/cluster.ts'

const SHOP = cluster([
  namespace('shop'),
  namespace('store'),
  service('shop/web', { clusterIPs: ['10.96.0.1'], ports: ['http:80/TCP', 'admin:81/TCP'] }),
  slice('shop/web-1', 'web', {
    ports: ['http:8080/TCP'],
    endpoints: ['10.1.0.1', endpoint('10.1.0.2', { ready: false })],
  }),
  service('shop/db', { ports: ['sql:5432/TCP'] }),
  slice('shop/db-1', 'db', {
    ports: [':5432'],
    endpoints: [endpoint('10.1.1.1', { ready: false }), endpoint('10.1.1.2', { ready: false })],
  }),
  service('shop/lonely'),
  service('shop/address', { externalName: '192.0.2.1' }),
  slice('shop/orphan-1', 'orphan', { endpoints: ['10.1.2.1'] }),
  service('store/cart', { clusterIPs: ['10.96.0.2'] }),
  service('store/plain', { clusterIPs: ['10.96.0.3'], ports: [':80'] }),
  service('store/unnamed', { ports: ['http:80'] }),
  slice('store/unnamed-1', 'unnamed', { ports: [':8080'], endpoints: ['10.1.4.1'] }),
  service('store/mixed', { ports: ['http:80'] }),
  slice('store/mixed-1', 'mixed', { ports: ['web:8080'], endpoints: ['10.1.3.1'] }),
])

function why(name: string, where: Pick<Cluster, 'rules'> = SHOP): readonly string[] {
  const { answer } = ask(where, `_why.${name} TXT`)
  return answer.flatMap(({ rdatas }) =>
    rdatas.flatMap((rdata) => (rdata.kind === 'TXT' ? rdata.strings : [])),
  )
}

test.each<[name: string, strings: readonly string[]]>([
  [
    'web.shop.svc.cluster.local',
    [
      'Service web in namespace shop, cluster IP',
      'Its records: A, SRV.',
      'SRV records by port: _http._tcp, _admin._tcp.',
      'Ready endpoints: 10-1-0-1.',
      'Endpoints that are not ready: 10-1-0-2.',
    ],
  ],
  [
    'db.shop.svc.cluster.local',
    [
      'service "db" is headless and has no ready endpoint (2 not ready)',
      'Endpoints that are not ready: 10-1-1-1, 10-1-1-2.',
    ],
  ],
  [
    'lonely.shop.svc.cluster.local',
    [
      'service "lonely" is headless and has no ready endpoint',
      'No EndpointSlice is labelled kubernetes.io/service-name=lonely: does the selector match a Pod?',
    ],
  ],
  ['wbe.shop.svc.cluster.local', ['no such service "wbe" in namespace "shop"', 'Did you mean "web"?']],
  [
    'web.shpo.svc.cluster.local',
    [
      'namespace "shpo" does not exist',
      'Did you mean "shop"?',
      'There is a service "web": ask for web.shop.svc.cluster.local.',
    ],
  ],
  [
    'cart.shop.svc.cluster.local',
    [
      'no such service "cart" in namespace "shop"',
      'There is a service "cart": ask for cart.store.svc.cluster.local.',
    ],
  ],
  [
    'cart.svc.cluster.local',
    ['namespace "cart" does not exist', 'There is a service "cart": ask for cart.store.svc.cluster.local.'],
  ],
  [
    'web.shop.cluster.local',
    [
      'no name "web.shop.cluster.local.": Services are below svc.cluster.local.',
      'Did you mean "web.shop.svc.cluster.local."?',
    ],
  ],
  [
    'cart.cluster.local',
    [
      'no name "cart.cluster.local.": Services are below svc.cluster.local.',
      'There is a service "cart": ask for cart.store.svc.cluster.local.',
    ],
  ],
  [
    'web.shop.scv.cluster.local',
    ['no name "web.shop.scv.cluster.local.": Services are below svc.cluster.local.', 'Did you mean "svc"?'],
  ],
  [
    'address.shop.svc.cluster.local',
    [
      'service "address" has externalName "192.0.2.1", an address where a name must be',
      'Use a Service without selector and an EndpointSlice that holds the address.',
    ],
  ],
  [
    'orphan.shop.svc.cluster.local',
    [
      'no such service "orphan" in namespace "shop"',
      'EndpointSlice orphan-1 is labelled for it: create the Service, or correct the label kubernetes.io/service-name.',
    ],
  ],
  [
    '_https._tcp.web.shop.svc.cluster.local',
    [
      'Service web in namespace shop has no port "_https._tcp"',
      'SRV records by port: _http._tcp, _admin._tcp.',
    ],
  ],
  [
    'unnamed.store.svc.cluster.local',
    [
      'Service unnamed in namespace store, headless',
      'Its records: A, SRV.',
      'Its EndpointSlices have no port named as in the Service: _http._tcp.',
      'Ready endpoints: 10-1-4-1.',
    ],
  ],
  [
    'plain.store.svc.cluster.local',
    [
      'Service plain in namespace store, cluster IP',
      'Its records: A, SRV.',
      'It has no named port: SRV records of unnamed ports are at its own name.',
      'No EndpointSlice is labelled kubernetes.io/service-name=plain: does the selector match a Pod?',
    ],
  ],
  [
    '_http._tcp.mixed.store.svc.cluster.local',
    [
      'Service mixed in namespace store has no port "_http._tcp"',
      'SRV records by port: _web._tcp.',
      'Its EndpointSlices have no port named as in the Service: _http._tcp.',
    ],
  ],
  [
    '10-1-0-2.web.shop.svc.cluster.local',
    ['endpoint "10-1-0-2" of Service web in namespace shop is not ready'],
  ],
  [
    '10-1-0-11.web.shop.svc.cluster.local',
    [
      'Service web in namespace shop has no endpoint "10-1-0-11"',
      'Did you mean "10-1-0-1"?',
      'Ready endpoints: 10-1-0-1.',
      'Endpoints that are not ready: 10-1-0-2.',
    ],
  ],
  ['shop.svc.cluster.local', ['namespace shop', 'It has no records of its own.']],
  ['cluster.local', ['zone cluster.local.', 'Its records: NS, SOA.']],
  ['1.0.96.10.in-addr.arpa', ['address of Service web in namespace shop', 'Its records: PTR.']],
  [
    '1.2.1.10.in-addr.arpa',
    [
      'no Service or ready endpoint has address 10.1.2.1',
      'EndpointSlice orphan-1 in namespace shop holds it, but there is no service "orphan" to name it after.',
    ],
  ],
  [
    '1.1.1.10.in-addr.arpa',
    [
      'no Service or ready endpoint has address 10.1.1.1',
      'EndpointSlice db-1 in namespace shop holds it for service "db", but not as a ready endpoint that may have a PTR.',
    ],
  ],
  ['a.b.in-addr.arpa', ['no reverse name of an address']],
  [
    '10-0-0-1.shop.pod.cluster.local',
    ['Pods have no names here', 'The "pods" option is "disabled": see "pods insecure" and "pods verified".'],
  ],
])('_why.%s says what to know', (name, strings) => {
  expect(why(name)).toEqual(strings)
})

test('_why names keep the letter case of the question and live for the negative TTL', () => {
  expect(lines(ask(SHOP, '_WHY.Cluster.Local TXT').answer)).toEqual([
    '_WHY.Cluster.Local. 5 TXT "zone cluster.local." "Its records: NS, SOA."',
  ])
})

test.each(['A', 'AAAA', 'SRV', 'SOA', 'NS', 'HTTPS'])('%s at a _why name is NODATA', (type) => {
  expect(outcome(SHOP, `_why.nope.shop.svc.cluster.local ${type}`)).toEqual(['nodata'])
  expect(outcome(SHOP, `_why.web.shop.svc.cluster.local ${type}`)).toEqual(['nodata'])
})

test('ANY at a _why name is its TXT; one _why explains another', () => {
  expect(outcome(SHOP, '_why.shop.svc.cluster.local ANY')[0]).toBe('positive')
  expect(why('_why.shop.svc.cluster.local')).toEqual([
    'explanation of shop.svc.cluster.local.',
    'Its records: TXT.',
  ])
})

test('_why does not make names exist above it', () => {
  expect(outcome(SHOP, 'nope.shop.svc.cluster.local')).toEqual(['nxdomain'])
  expect(outcome(SHOP, 'x._why.shop.svc.cluster.local')).toEqual(['nxdomain'])
})

test.each(['code', 'off'] as const)('explain %s makes no _why names', (explain) => {
  const here = cluster([namespace('shop'), service('shop/web', { clusterIPs: ['10.96.0.1'] })], { explain })
  expect(outcome(here, '_why.web.shop.svc.cluster.local TXT')).toEqual(['nxdomain'])
  expect(outcome(here, '_why.cluster.local TXT')).toEqual(['nxdomain'])
})

test('_why says what falls through and what is not synced', () => {
  const store = new ClusterStore({ nowSeconds: () => 1 })
  const here = { rules: rulesOver(store, { fallsThrough: () => true }) }
  expect(why('web.shop.svc.cluster.local', here)).toEqual(['not synced with the API server yet'])
  store.markSynced()
  expect(why('8.8.8.8.in-addr.arpa', here)).toEqual([
    'no Service or ready endpoint has address 8.8.8.8',
    'The question goes on to the next plugin (fallthrough).',
  ])
})

test('_why cuts what does not fit one string, octets of UTF-8 counted', () => {
  const here = cluster([namespace('a'), service('a/x', { externalName: `${'é'.repeat(200)}!` })])
  const strings = why('x.a.svc.cluster.local', here)
  expect(strings.every((one) => one.length <= 255)).toBe(true)
  expect(Buffer.from(strings.join(''), 'latin1').toString('utf8')).toContain(
    `externalName "${'é'.repeat(200)}!"`,
  )
})

test('_why lists a few of many', () => {
  const endpoints = Array.from({ length: 9 }, (_, index) => `10.0.0.${index}`)
  const here = cluster([namespace('a'), service('a/s'), slice('a/s-1', 's', { endpoints })])
  expect(why('s.a.svc.cluster.local', here)).toContain(
    'Ready endpoints: 10-0-0-0, 10-0-0-1, 10-0-0-2, 10-0-0-3, 10-0-0-4 and 4 more.',
  )
})

test('_why calls an endpoint ready that is so in one of its slices', () => {
  const here = cluster([
    namespace('a'),
    service('a/s'),
    slice('a/s-1', 's', { endpoints: [endpoint('10.0.0.1', { ready: false })] }),
    slice('a/s-2', 's', { endpoints: ['10.0.0.1'] }),
  ])
  expect(why('s.a.svc.cluster.local', here).filter((hint) => hint.includes('ndpoints'))).toEqual([
    'Ready endpoints: 10-0-0-1.',
  ])
})
