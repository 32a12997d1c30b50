import { expect, test } from 'vitest'
import type { Endpoint } from '../../../src/kubernetes/objects.ts'
import { cluster, endpoint, namespace, outcome, service, slice } from '../../helpers/cluster.ts'

const NODATA = ['nodata']
const NXDOMAIN = ['nxdomain']

test('K18 an endpoint in two slices while it moves is one record', () => {
  const moving = cluster([
    namespace('a'),
    service('a/s'),
    slice('a/s-1', 's', { ports: ['p:1'], endpoints: ['10.0.0.1', '10.0.0.2'] }),
    slice('a/s-2', 's', { ports: ['p:1'], endpoints: ['10.0.0.2'] }),
  ])
  expect(outcome(moving, 's.a.svc.cluster.local')).toHaveLength(3)
  expect(outcome(moving, '_p._tcp.s.a.svc.cluster.local SRV')).toEqual([
    'positive',
    ...['10-0-0-1', '10-0-0-2'].map(
      (label) => `_p._tcp.s.a.svc.cluster.local. 30 SRV 0 50 1 ${label}.s.a.svc.cluster.local.`,
    ),
  ])
  expect(outcome(moving, '10-0-0-2.s.a.svc.cluster.local')).toHaveLength(2)
})

test('K18 endpoints that share a hostname and move are one record each', () => {
  const here = cluster([
    namespace('a'),
    service('a/s'),
    slice('a/s-1', 's', { endpoints: called('pod', '10.0.0.1') }),
    slice('a/s-2', 's', { endpoints: called('pod', '10.0.0.1', '10.0.0.2') }),
    slice('a/s-3', 's', { endpoints: called('pod', '10.0.0.2', '10.0.0.1') }),
    slice('a/s-4', 's', { endpoints: ['10.0.0.2'] }),
  ])
  expect(outcome(here, 's.a.svc.cluster.local')).toEqual(bothAt('s.a.svc.cluster.local.'))
  expect(outcome(here, 'pod.s.a.svc.cluster.local')).toEqual(bothAt('pod.s.a.svc.cluster.local.'))
  expect(outcome(here, '10-0-0-2.s.a.svc.cluster.local')).toHaveLength(2)
})

test('K18 an endpoint that is ready in one of its slices is ready', () => {
  const flapping = cluster([
    namespace('a'),
    service('a/s'),
    slice('a/s-1', 's', { endpoints: [endpoint('10.0.0.1', { ready: false })] }),
    slice('a/s-2', 's', { endpoints: ['10.0.0.1'] }),
  ])
  expect(outcome(flapping, 's.a.svc.cluster.local')).toHaveLength(2)
})

test.each([
  [true, false, true],
  [false, false, false],
  [true, true, true],
  [false, true, true],
])(
  'K19 ready %s with publishNotReadyAddresses %s is served: %s',
  (ready, publishNotReadyAddresses, isServed) => {
    const here = cluster([
      namespace('a'),
      service('a/s', { publishNotReadyAddresses }),
      slice('a/s-1', 's', { ports: ['p:1'], endpoints: [endpoint('10.0.0.1', { ready })] }),
    ])
    const kind = isServed ? 'positive' : 'nxdomain'
    expect(outcome(here, 's.a.svc.cluster.local')[0]).toBe(kind)
    expect(outcome(here, '10-0-0-1.s.a.svc.cluster.local')[0]).toBe(kind)
    expect(outcome(here, '_p._tcp.s.a.svc.cluster.local SRV')[0]).toBe(kind)
    expect(outcome(here, '1.0.0.10.in-addr.arpa PTR')[0]).toBe(kind)
  },
)

test('K20 endpoints whose hostname is the same but for letter case share it', () => {
  const shared = cluster([
    namespace('a'),
    service('a/s'),
    slice('a/s-1', 's', {
      ports: ['p:1'],
      endpoints: [endpoint('10.0.0.1', { hostname: 'Twin' }), endpoint('10.0.0.2', { hostname: 'twin' })],
    }),
  ])
  expect(outcome(shared, 'twin.s.a.svc.cluster.local')).toHaveLength(3)
  expect(outcome(shared, '_p._tcp.s.a.svc.cluster.local SRV')).toEqual([
    'positive',
    '_p._tcp.s.a.svc.cluster.local. 30 SRV 0 100 1 twin.s.a.svc.cluster.local.',
  ])
})

test('K21 an endpoint whose hostname was refused goes by its address', () => {
  const here = cluster([
    namespace('a'),
    service('a/s'),
    slice('a/s-1', 's', { endpoints: [endpoint('10.0.0.1', { hostname: '' })] }),
  ])
  expect(outcome(here, '10-0-0-1.s.a.svc.cluster.local')[0]).toBe('positive')
})

test('K22 an address or a bad name in a slice of type FQDN is passed over, and only that', () => {
  const here = cluster([
    namespace('a'),
    service('a/s'),
    slice('a/s-1', 's', {
      addressType: 'FQDN',
      endpoints: ['a..b host.example', endpoint('10.0.0.1 x.example')],
    }),
  ])
  expect(outcome(here, 's.a.svc.cluster.local')).toEqual([
    'cname',
    's.a.svc.cluster.local. 30 CNAME host.example.',
  ])
  expect(outcome(here, '10-0-0-1.s.a.svc.cluster.local')).toEqual(NXDOMAIN)
})

test('K22 an endpoint without addresses changes nothing', () => {
  const here = cluster([
    namespace('a'),
    service('a/s'),
    slice('a/s-1', 's', { endpoints: [endpoint('10.0.0.1', { addresses: [] }), '10.0.0.2'] }),
  ])
  expect(outcome(here, 's.a.svc.cluster.local')).toHaveLength(2)
})

test('K23 ports without number or name, of all protocols and many', () => {
  const ports = [
    'nil:/TCP',
    ':/UDP',
    ':53/UDP',
    'sctp:9/SCTP',
    ...Array.from({ length: 100 }, (_, index) => `p${index}:${1000 + index}/TCP`),
  ]
  const here = cluster([
    namespace('a'),
    service('a/s'),
    slice('a/s-1', 's', { ports, endpoints: ['10.0.0.1'] }),
  ])
  expect(outcome(here, 's.a.svc.cluster.local SRV')).toHaveLength(1 + 102)
  expect(outcome(here, '_nil._tcp.s.a.svc.cluster.local SRV')).toEqual(NXDOMAIN)
  expect(outcome(here, '_udp.s.a.svc.cluster.local SRV')).toEqual(NXDOMAIN)
  expect(outcome(here, '_sctp._sctp.s.a.svc.cluster.local SRV')[0]).toBe('positive')
  expect(outcome(here, '_p99._tcp.s.a.svc.cluster.local SRV')[0]).toBe('positive')
})

test('K23 a slice without ports has addresses and no SRV', () => {
  const here = cluster([namespace('a'), service('a/s'), slice('a/s-1', 's', { endpoints: ['10.0.0.1'] })])
  expect(outcome(here, 's.a.svc.cluster.local A')[0]).toBe('positive')
  expect(outcome(here, 's.a.svc.cluster.local SRV')).toEqual(NODATA)
  expect(outcome(here, '10-0-0-1.s.a.svc.cluster.local SRV')).toEqual(NODATA)
})

test('two ports with one number are one SRV record at the bare name', () => {
  const here = cluster([
    namespace('a'),
    service('a/s'),
    slice('a/s-1', 's', { ports: ['dns:53/UDP', 'dns-tcp:53/TCP'], endpoints: ['10.0.0.1'] }),
  ])
  expect(outcome(here, 's.a.svc.cluster.local SRV')).toEqual([
    'positive',
    's.a.svc.cluster.local. 30 SRV 0 100 53 10-0-0-1.s.a.svc.cluster.local.',
  ])
})

test('K26 IPv4-only endpoints are NODATA for AAAA, none ready NXDOMAIN, families switch live', () => {
  const v4 = slice('a/s-1', 's', { endpoints: ['10.0.0.1'] })
  const v6 = slice('a/s-1', 's', { addressType: 'IPv6', endpoints: ['fd00::1'] })
  const { store, rules } = cluster([namespace('a'), service('a/s'), v4])
  expect(outcome({ rules }, 's.a.svc.cluster.local AAAA')).toEqual(NODATA)
  store.apply(v6)
  expect(outcome({ rules }, 's.a.svc.cluster.local A')).toEqual(NODATA)
  expect(outcome({ rules }, 's.a.svc.cluster.local AAAA')).toEqual([
    'positive',
    's.a.svc.cluster.local. 30 AAAA fd00::1',
  ])
  store.apply(
    slice('a/s-1', 's', { addressType: 'IPv6', endpoints: [endpoint('fd00::1', { ready: false })] }),
  )
  expect(outcome({ rules }, 's.a.svc.cluster.local A')).toEqual(NXDOMAIN)
  expect(outcome({ rules }, 's.a.svc.cluster.local AAAA')).toEqual(NXDOMAIN)
})

test('S02 a slice labelled for a Service of another namespace gives it nothing', () => {
  const here = cluster([
    namespace('a'),
    namespace('b'),
    service('a/s'),
    slice('a/s-1', 's', { endpoints: ['10.0.0.1'] }),
    slice('b/s-1', 's', { endpoints: ['10.0.0.66'] }),
  ])
  expect(outcome(here, 's.a.svc.cluster.local')).toEqual(['positive', 's.a.svc.cluster.local. 30 A 10.0.0.1'])
  expect(outcome(here, 's.b.svc.cluster.local')).toEqual(NXDOMAIN)
  expect(outcome(here, '66.0.0.10.in-addr.arpa PTR')).toEqual(NXDOMAIN)
})

test('a slice of type FQDN is one alias, the first by name; address slices win over it', () => {
  const fqdn = slice('a/s-f', 's', {
    addressType: 'FQDN',
    ports: ['p:1'],
    endpoints: ['b.example A.example', endpoint('0.example', { ready: false })],
  })
  const { store, rules } = cluster([namespace('a'), service('a/s'), fqdn])
  const here = { rules }
  for (const type of ['A', 'SRV', 'TXT'])
    expect(outcome(here, `s.a.svc.cluster.local ${type}`)).toEqual([
      'cname',
      's.a.svc.cluster.local. 30 CNAME A.example.',
    ])
  for (const type of ['CNAME', 'ANY'])
    expect(outcome(here, `s.a.svc.cluster.local ${type}`)).toEqual([
      'positive',
      's.a.svc.cluster.local. 30 CNAME A.example.',
    ])
  expect(outcome(here, 'b-example.s.a.svc.cluster.local A')).toEqual([
    'cname',
    'b-example.s.a.svc.cluster.local. 30 CNAME b.example.',
  ])
  expect(outcome(here, '_p._tcp.s.a.svc.cluster.local SRV')).toEqual(NXDOMAIN)
  store.apply(slice('a/s-4', 's', { ports: ['p:1'], endpoints: ['10.0.0.1'] }))
  expect(outcome(here, 's.a.svc.cluster.local A')).toEqual([
    'positive',
    's.a.svc.cluster.local. 30 A 10.0.0.1',
  ])
  expect(outcome(here, 's.a.svc.cluster.local CNAME')).toEqual(NODATA)
  expect(outcome(here, 'b-example.s.a.svc.cluster.local A')).toEqual(NXDOMAIN)
})

test('endpoint_pod_names calls endpoints after their Pods, where the name is a label', () => {
  const endpoints = [
    endpoint('10.0.0.1', { podName: 'web-5d9f-abcde' }),
    endpoint('10.0.0.2', { podName: 'x'.repeat(64) }),
    endpoint('10.0.0.3', { podName: 'with.dot' }),
    endpoint('10.0.0.4', { podName: 'web-1', hostname: 'host-1' }),
    endpoint('10.0.0.5'),
  ]
  const objects = [namespace('a'), service('a/s'), slice('a/s-1', 's', { endpoints })]
  const labels = ['web-5d9f-abcde', '10-0-0-1', '10-0-0-2', '10-0-0-3', 'host-1', 'web-1', '10-0-0-5']
  const existing = (options: { endpointPodNames: boolean }) =>
    labels.filter(
      (label) => outcome(cluster(objects, options), `${label}.s.a.svc.cluster.local`)[0] === 'positive',
    )
  expect(existing({ endpointPodNames: true })).toEqual([
    'web-5d9f-abcde',
    '10-0-0-2',
    '10-0-0-3',
    'host-1',
    '10-0-0-5',
  ])
  expect(existing({ endpointPodNames: false })).toEqual([
    '10-0-0-1',
    '10-0-0-2',
    '10-0-0-3',
    'host-1',
    '10-0-0-5',
  ])
})

test('noendpoints takes headless, endpoint and endpoint PTR names away', () => {
  const objects = [
    namespace('a'),
    service('a/c', { clusterIPs: ['10.96.0.1'], ports: ['p:80'] }),
    slice('a/c-1', 'c', { ports: ['p:1'], endpoints: ['10.0.0.1'] }),
    service('a/s'),
    slice('a/s-1', 's', { ports: ['p:1'], endpoints: ['10.0.0.2'] }),
  ]
  const here = cluster(objects, { endpoints: false })
  expect(outcome(here, 'c.a.svc.cluster.local')[0]).toBe('positive')
  expect(outcome(here, '_p._tcp.c.a.svc.cluster.local SRV')[0]).toBe('positive')
  for (const name of [
    '10-0-0-1.c.a.svc.cluster.local',
    's.a.svc.cluster.local',
    '_p._tcp.s.a.svc.cluster.local',
    '1.0.0.10.in-addr.arpa',
  ]) {
    expect(outcome(here, name)).toEqual(NXDOMAIN)
  }
})

test('ignore empty_service takes the names of ClusterIP Services without a ready endpoint away, not their PTR', () => {
  const objects = [
    namespace('a'),
    service('a/c', { clusterIPs: ['10.96.0.1'], ports: ['p:80'] }),
    slice('a/c-1', 'c', { endpoints: [endpoint('10.0.0.1', { ready: false })] }),
    service('a/x', { externalName: 'example.com' }),
  ]
  const { store, rules } = cluster(objects, { ignoreEmptyService: true })
  expect(outcome({ rules }, 'c.a.svc.cluster.local')).toEqual(NXDOMAIN)
  expect(outcome({ rules }, '_p._tcp.c.a.svc.cluster.local SRV')).toEqual(NXDOMAIN)
  expect(outcome({ rules }, 'x.a.svc.cluster.local')[0]).toBe('cname')
  expect(outcome({ rules }, '1.0.96.10.in-addr.arpa PTR')[0]).toBe('positive')
  store.apply(slice('a/c-1', 'c', { endpoints: ['10.0.0.1'] }))
  expect(outcome({ rules }, 'c.a.svc.cluster.local')[0]).toBe('positive')
})

function called(hostname: string, ...addresses: readonly string[]): readonly Endpoint[] {
  return addresses.map((one) => endpoint(one, { hostname }))
}

function bothAt(owner: string): readonly string[] {
  return ['positive', `${owner} 30 A 10.0.0.1`, `${owner} 30 A 10.0.0.2`]
}
