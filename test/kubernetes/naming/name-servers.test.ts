import { expect, test } from 'vitest'
import {
  ask,
  cluster,
  endpoint,
  ip,
  lines,
  namespace,
  outcome,
  service,
  slice,
} from '../../helpers/cluster.ts'

const DNS = [
  namespace('kube-system'),
  service('kube-system/kube-dns', { clusterIPs: ['10.96.0.10', 'fd00:10:96::a'], ports: ['dns:53/UDP'] }),
  slice('kube-system/kube-dns-1', 'kube-dns', { endpoints: ['10.1.0.1', '10.1.0.2'] }),
]
const own = (...addresses: string[]) => ({ ownAddresses: () => addresses.map(ip) })

test('nsData names the Service that this server is an endpoint of', () => {
  const here = cluster(DNS, own('10.1.0.1'))
  expect(outcome(here, 'cluster.local NS')).toEqual([
    'positive',
    'cluster.local. 30 NS kube-dns.kube-system.svc.cluster.local.',
  ])
  expect(lines(ask(here, 'cluster.local NS').additional)).toEqual([
    'kube-dns.kube-system.svc.cluster.local. 30 A 10.96.0.10',
    'kube-dns.kube-system.svc.cluster.local. 30 AAAA fd00:10:96::a',
  ])
  expect(outcome(here, 'ns.dns.cluster.local A')).toEqual([
    'positive',
    'ns.dns.cluster.local. 30 A 10.96.0.10',
  ])
  expect(outcome(here, 'ns.dns.cluster.local AAAA')).toEqual([
    'positive',
    'ns.dns.cluster.local. 30 AAAA fd00:10:96::a',
  ])
})

test('nsData names every such Service once, and each ready endpoint of a headless one', () => {
  const headless = [
    service('kube-system/dns-pods'),
    slice('kube-system/dns-pods-1', 'dns-pods', {
      endpoints: [
        endpoint('10.1.0.1', { hostname: 'dns-0' }),
        endpoint('10.1.0.2'),
        endpoint('10.1.0.3', { ready: false }),
      ],
    }),
    slice('kube-system/dns-pods-2', 'dns-pods', { endpoints: ['10.1.0.9'] }),
  ]
  const here = cluster([...DNS, ...headless], own('10.1.0.1', 'fd00::1'))
  expect(outcome(here, 'cluster.local NS')).toEqual([
    'positive',
    'cluster.local. 30 NS 10-1-0-2.dns-pods.kube-system.svc.cluster.local.',
    'cluster.local. 30 NS dns-0.dns-pods.kube-system.svc.cluster.local.',
    'cluster.local. 30 NS kube-dns.kube-system.svc.cluster.local.',
  ])
})

test.each<[string, readonly string[], readonly string[]]>([
  [
    'without a Service',
    ['10.9.9.9', 'fd00::9'],
    ['ns.dns.cluster.local. 30 A 10.9.9.9', 'ns.dns.cluster.local. 30 AAAA fd00::9'],
  ],
  [
    'link-local ones left out',
    ['169.254.20.10', 'fe80::1', '10.9.9.9'],
    ['ns.dns.cluster.local. 30 A 10.9.9.9'],
  ],
  ['loopback left out', ['127.0.0.1', '::1', '10.9.9.9'], ['ns.dns.cluster.local. 30 A 10.9.9.9']],
  ['loopback alone', ['127.0.0.1'], ['ns.dns.cluster.local. 30 A 127.0.0.1']],
  ['only link-local', ['169.254.20.10'], []],
  ['none', [], []],
])('nsData is never empty: own addresses, %s', (_, addresses, glue) => {
  const here = cluster([], own(...addresses))
  expect(outcome(here, 'cluster.local NS')).toEqual([
    'positive',
    'cluster.local. 30 NS ns.dns.cluster.local.',
  ])
  expect(lines(ask(here, 'cluster.local NS').additional)).toEqual(glue)
  expect(outcome(here, 'ns.dns.cluster.local TXT')).toEqual(['nodata'])
})

test.each([
  ['its Service is missing', DNS.filter(({ kind }) => kind !== 'Service'), {}],
  [
    'its endpoint is not ready',
    [
      ...DNS.slice(0, 2),
      slice('kube-system/kube-dns-1', 'kube-dns', { endpoints: [endpoint('10.1.0.1', { ready: false })] }),
    ],
    {},
  ],
  ['endpoints are not served', DNS, { endpoints: false }],
  ['its namespace is not served', DNS, { namespaces: new Set(['shop']) }],
])('nsData falls back to ns.dns where %s', (_, objects, options) => {
  const here = cluster(objects, { ...own('10.1.0.1'), ...options })
  expect(outcome(here, 'cluster.local NS')).toEqual([
    'positive',
    'cluster.local. 30 NS ns.dns.cluster.local.',
  ])
  expect(outcome(here, 'ns.dns.cluster.local A')).toEqual(['positive', 'ns.dns.cluster.local. 30 A 10.1.0.1'])
})

test('nsData of a reverse zone names hosts that exist', () => {
  expect(outcome(cluster(DNS, own('10.1.0.1')), 'in-addr.arpa NS')).toEqual([
    'positive',
    'in-addr.arpa. 30 NS kube-dns.kube-system.svc.cluster.local.',
  ])
  const alone = cluster([], own('10.1.0.1'))
  expect(outcome(alone, 'in-addr.arpa NS')).toEqual(['positive', 'in-addr.arpa. 30 NS ns.dns.in-addr.arpa.'])
  expect(outcome(alone, 'ns.dns.in-addr.arpa A')).toEqual(['positive', 'ns.dns.in-addr.arpa. 30 A 10.1.0.1'])
})
