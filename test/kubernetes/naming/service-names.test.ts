import { describe, expect, test } from 'vitest'
import { asDomainName } from '../../../src/wire/name.ts'
import { ask, cluster, endpoint, lines, namespace, outcome, service, slice } from '../../helpers/cluster.ts'

const NODATA = ['nodata']
const NXDOMAIN = ['nxdomain']
const Z = 'svc.cluster.local.'

const SHOP = cluster([
  namespace('shop'),
  service('shop/web', {
    clusterIPs: ['10.96.0.1', 'fd00:10:96::1'],
    ports: ['http:80/TCP', 'https:443/TCP', 'quic:443/UDP', ':9000/TCP', 'assoc:7/SCTP'],
  }),
  slice('shop/web-a', 'web', {
    ports: ['http:8080/TCP'],
    endpoints: [
      endpoint('10.1.0.1'),
      endpoint('10.1.0.2', { hostname: 'Pod-A' }),
      endpoint('10.1.0.3', { ready: false }),
    ],
  }),
  service('shop/single', { clusterIPs: ['10.96.0.2'], ports: [':80'] }),
  service('shop/portless', { clusterIPs: ['10.96.0.3'] }),
  service('shop/pending', { type: 'ClusterIP', ports: ['http:80'] }),
  service('shop/db'),
  slice('shop/db-4', 'db', {
    ports: ['sql:5432/TCP', 'repl:5433/TCP', ':6000/TCP', 'none:/TCP'],
    endpoints: [endpoint('10.1.1.1', { hostname: 'db-0' }), endpoint('10.1.1.2', { hostname: 'db-1' })],
  }),
  slice('shop/db-6', 'db', {
    addressType: 'IPv6',
    ports: ['sql:5432/TCP'],
    endpoints: [endpoint('fd00:1::1', { hostname: 'db-0' }), endpoint('fd00:1::')],
  }),
  service('shop/empty'),
  slice('shop/empty-1', 'empty', {
    ports: ['http:80'],
    endpoints: [endpoint('10.1.2.1', { ready: false }), endpoint('10.1.2.2', { ready: false })],
  }),
  service('shop/none'),
  service('shop/outside', { externalName: 'GitHub.github.io', ports: ['http:80'] }),
  service('shop/dotted', { externalName: 'github.github.io.' }),
  service('shop/address', { externalName: '192.0.2.1' }),
  service('shop/address6', { externalName: '2001:db8::1' }),
  service('shop/broken', { externalName: 'a..b' }),
  service('shop/root', { externalName: '.' }),
])

describe.each<[question: string, expected: readonly string[]]>([
  // ClusterIP Services (incumbent tables 1.3 to 1.5)
  [`web.shop.${Z} A`, ['positive', `web.shop.${Z} 30 A 10.96.0.1`]],
  [`web.shop.${Z} AAAA`, ['positive', `web.shop.${Z} 30 AAAA fd00:10:96::1`]],
  [`single.shop.${Z} AAAA`, NODATA],
  [`web.shop.${Z} ANY`, ['positive', `web.shop.${Z} 30 A 10.96.0.1`]],
  ...['TXT', 'MX', 'PTR', 'NS', 'SOA', 'CNAME', 'HTTPS', 'TYPE1000'].map((type): [string, string[]] => [
    `web.shop.${Z} ${type}`,
    NODATA,
  ]),
  [
    `web.shop.${Z} SRV`,
    ['positive', ...[80, 443, 9000, 7].map((port) => `web.shop.${Z} 30 SRV 0 25 ${port} web.shop.${Z}`)],
  ],
  [`single.shop.${Z} SRV`, ['positive', `single.shop.${Z} 30 SRV 0 100 80 single.shop.${Z}`]],
  [`portless.shop.${Z} A`, ['positive', `portless.shop.${Z} 30 A 10.96.0.3`]],
  [`portless.shop.${Z} SRV`, NODATA],
  [`pending.shop.${Z} A`, NODATA],
  [`pending.shop.${Z} SRV`, NODATA],
  [`pending.shop.${Z} ANY`, NODATA],
  [`_http._tcp.pending.shop.${Z} SRV`, NODATA],
  [`_http._tcp.web.shop.${Z} SRV`, ['positive', `_http._tcp.web.shop.${Z} 30 SRV 0 100 80 web.shop.${Z}`]],
  [`_HTTP._Tcp.Web.shop.${Z} SRV`, ['positive', `_HTTP._Tcp.Web.shop.${Z} 30 SRV 0 100 80 web.shop.${Z}`]],
  [`_quic._udp.web.shop.${Z} SRV`, ['positive', `_quic._udp.web.shop.${Z} 30 SRV 0 100 443 web.shop.${Z}`]],
  [`_assoc._sctp.web.shop.${Z} SRV`, ['positive', `_assoc._sctp.web.shop.${Z} 30 SRV 0 100 7 web.shop.${Z}`]],
  ...['A', 'AAAA', 'TXT', 'SOA', 'NS', 'PTR'].map((type): [string, string[]] => [
    `_http._tcp.web.shop.${Z} ${type}`,
    NODATA,
  ]),
  [`_http._tcp.web.shop.${Z} ANY`, ['positive', `_http._tcp.web.shop.${Z} 30 SRV 0 100 80 web.shop.${Z}`]],
  ...['_tcp', '_udp', '_sctp'].map((proto): [string, string[]] => [`${proto}.web.shop.${Z} SRV`, NODATA]),
  [`_tcp.single.shop.${Z} SRV`, NXDOMAIN],
  ...[
    'http.tcp',
    '_http.tcp',
    'http._tcp',
    '_._tcp',
    '_._',
    '_http._udp',
    '_nope._tcp',
    '_http._tcp.10-1-0-1',
    'x._http._tcp',
    '_',
  ].flatMap((labels) =>
    ['A', 'SRV', 'SOA'].map((type): [string, string[]] => [`${labels}.web.shop.${Z} ${type}`, NXDOMAIN]),
  ),
  [`10-1-0-1.web.shop.${Z} A`, ['positive', `10-1-0-1.web.shop.${Z} 30 A 10.1.0.1`]],
  [`10-1-0-1.web.shop.${Z} AAAA`, NODATA],
  [
    `10-1-0-1.web.shop.${Z} SRV`,
    ['positive', `10-1-0-1.web.shop.${Z} 30 SRV 0 100 8080 10-1-0-1.web.shop.${Z}`],
  ],
  [`POD-a.web.shop.${Z} A`, ['positive', `POD-a.web.shop.${Z} 30 A 10.1.0.2`]],
  [`10-1-0-2.web.shop.${Z} A`, NXDOMAIN],
  [`10-1-0-3.web.shop.${Z} A`, NXDOMAIN],
  [`x.10-1-0-1.web.shop.${Z} A`, NXDOMAIN],

  // headless Services
  [`db.shop.${Z} A`, ['positive', `db.shop.${Z} 30 A 10.1.1.1`, `db.shop.${Z} 30 A 10.1.1.2`]],
  [`db.shop.${Z} AAAA`, ['positive', `db.shop.${Z} 30 AAAA fd00:1::1`, `db.shop.${Z} 30 AAAA fd00:1::`]],
  ...['TXT', 'MX', 'PTR', 'NS', 'SOA', 'CNAME', 'HTTPS'].map((type): [string, string[]] => [
    `db.shop.${Z} ${type}`,
    NODATA,
  ]),
  [
    `db.shop.${Z} SRV`,
    [
      'positive',
      ...['db-0', 'db-1'].flatMap((label) =>
        [5432, 5433, 6000].map((port) => `db.shop.${Z} 30 SRV 0 14 ${port} ${label}.db.shop.${Z}`),
      ),
      `db.shop.${Z} 30 SRV 0 14 5432 fd00-1--0.db.shop.${Z}`,
    ],
  ],
  [
    `_sql._tcp.db.shop.${Z} SRV`,
    [
      'positive',
      ...['db-0', 'db-1', 'fd00-1--0'].map(
        (label) => `_sql._tcp.db.shop.${Z} 30 SRV 0 33 5432 ${label}.db.shop.${Z}`,
      ),
    ],
  ],
  [
    `_repl._tcp.db.shop.${Z} SRV`,
    [
      'positive',
      ...['db-0', 'db-1'].map((label) => `_repl._tcp.db.shop.${Z} 30 SRV 0 50 5433 ${label}.db.shop.${Z}`),
    ],
  ],
  [`_sql._tcp.db.shop.${Z} A`, NODATA],
  [`_tcp.db.shop.${Z} A`, NODATA],
  [`_udp.db.shop.${Z} A`, NXDOMAIN],
  [`_none._tcp.db.shop.${Z} SRV`, NXDOMAIN],
  [`_none._tcp.db.shop.${Z} A`, NXDOMAIN],
  [`db-0.db.shop.${Z} A`, ['positive', `db-0.db.shop.${Z} 30 A 10.1.1.1`]],
  [`db-0.db.shop.${Z} AAAA`, ['positive', `db-0.db.shop.${Z} 30 AAAA fd00:1::1`]],
  [`fd00-1--0.db.shop.${Z} AAAA`, ['positive', `fd00-1--0.db.shop.${Z} 30 AAAA fd00:1::`]],
  [`fd00-1--0.db.shop.${Z} A`, NODATA],
  [`fd00-1--.db.shop.${Z} AAAA`, NXDOMAIN],
  [`_sql._tcp.db-0.db.shop.${Z} SRV`, NXDOMAIN],
  ...['A', 'AAAA', 'SRV', 'TXT', 'SOA', 'CNAME', 'ANY'].flatMap((type): [string, string[]][] => [
    [`empty.shop.${Z} ${type}`, NXDOMAIN],
    [`none.shop.${Z} ${type}`, NXDOMAIN],
    [`_http._tcp.empty.shop.${Z} ${type}`, NXDOMAIN],
    [`_tcp.empty.shop.${Z} ${type}`, NXDOMAIN],
    [`10-1-2-1.empty.shop.${Z} ${type}`, NXDOMAIN],
    [`pin._zone.db.shop.${Z} ${type}`, NXDOMAIN],
  ]),

  // ExternalName Services
  ...['A', 'AAAA', 'SRV', 'TXT', 'HTTPS', 'SOA', 'NS'].map((type): [string, string[]] => [
    `outside.shop.${Z} ${type}`,
    ['cname', `outside.shop.${Z} 30 CNAME GitHub.github.io.`],
  ]),
  ...['CNAME', 'ANY'].map((type): [string, string[]] => [
    `outside.shop.${Z} ${type}`,
    ['positive', `outside.shop.${Z} 30 CNAME GitHub.github.io.`],
  ]),
  [`dotted.shop.${Z} CNAME`, ['positive', `dotted.shop.${Z} 30 CNAME github.github.io.`]],
  ...['_tcp', '_http._tcp', 'x', 'x.y.z', '_._'].map((labels): [string, string[]] => [
    `${labels}.outside.shop.${Z} SRV`,
    NXDOMAIN,
  ]),
  ...['address', 'address6', 'broken', 'root'].flatMap((label) =>
    ['A', 'CNAME', 'SOA', 'ANY'].map((type): [string, string[]] => [`${label}.shop.${Z} ${type}`, NXDOMAIN]),
  ),
])('findServiceName', (question, expected) => {
  test(`${question} is ${expected[0]}`, () => {
    expect(outcome(SHOP, question)).toEqual(expected)
  })
})

test('SRV glue is the addresses of all targets, each once', () => {
  expect(lines(ask(SHOP, `web.shop.${Z} SRV`).additional)).toEqual([
    `web.shop.${Z} 30 A 10.96.0.1`,
    `web.shop.${Z} 30 AAAA fd00:10:96::1`,
  ])
  expect(lines(ask(SHOP, `db.shop.${Z} SRV`).additional)).toEqual([
    `db-0.db.shop.${Z} 30 A 10.1.1.1`,
    `db-0.db.shop.${Z} 30 AAAA fd00:1::1`,
    `db-1.db.shop.${Z} 30 A 10.1.1.2`,
    `fd00-1--0.db.shop.${Z} 30 AAAA fd00:1::`,
  ])
  expect(ask(SHOP, `web.shop.${Z} A`).additional).toEqual([])
})

test('SRV targets and glue spell the zone as it was asked', () => {
  const spelled = ask(SHOP, '_sql._TCP.db.shop.svc.Cluster.Local SRV')
  expect(lines(spelled.answer)[0]).toBe(
    '_sql._TCP.db.shop.svc.Cluster.Local. 30 SRV 0 33 5432 db-0.db.shop.svc.Cluster.Local.',
  )
  expect(lines(spelled.additional)[0]).toBe('db-0.db.shop.svc.Cluster.Local. 30 A 10.1.1.1')
  expect(lines(ask(SHOP, `_sql._tcp.db.shop.${Z} SRV`).additional)[0]).toBe(`db-0.db.shop.${Z} 30 A 10.1.1.1`)
})

test('SRV weight is at least 1', () => {
  const endpoints = Array.from({ length: 120 }, (_, index) => `10.2.0.${index}`)
  const big = cluster([
    namespace('a'),
    service('a/big'),
    slice('a/big-1', 'big', { ports: ['x:1'], endpoints }),
  ])
  expect(outcome(big, '_x._tcp.big.a.svc.cluster.local SRV')[1]).toContain(' SRV 0 1 1 ')
})

test('SRV targets whose name would be above 255 octets are left out', () => {
  const label = 'x'.repeat(63)
  const zone = asDomainName(`${'z'.repeat(60)}.${'y'.repeat(60)}.`)
  const long = cluster(
    [
      namespace('a'),
      service('a/s'),
      slice('a/s-1', 's', {
        ports: ['p:1'],
        endpoints: [endpoint('10.0.0.1', { hostname: label }), '10.0.0.2'],
      }),
    ],
    { zones: [zone], primaryZone: zone },
  )
  expect(outcome(long, `s.a.svc.${zone} SRV`)).toHaveLength(3)
})

test('SRV is NODATA where the name of no target fits', () => {
  const zone = asDomainName(`${'z'.repeat(62)}.${'y'.repeat(62)}.`)
  const path = `${'n'.repeat(50)}/${'s'.repeat(60)}`
  const long = cluster(
    [
      namespace('n'.repeat(50)),
      service(path),
      slice(`${path}-1`, 's'.repeat(60), { ports: ['p:1'], endpoints: ['192.168.100.100'] }),
    ],
    { zones: [zone], primaryZone: zone },
  )
  expect(outcome(long, `${'s'.repeat(60)}.${'n'.repeat(50)}.svc.${zone} A`)[0]).toBe('positive')
  expect(outcome(long, `${'s'.repeat(60)}.${'n'.repeat(50)}.svc.${zone} SRV`)).toEqual(NODATA)
})

test('T11 the other family of a Service that exists is NODATA', () => {
  expect(outcome(SHOP, `single.shop.${Z} AAAA`)).toEqual(NODATA)
  expect(outcome(SHOP, `db-1.db.shop.${Z} AAAA`)).toEqual(NODATA)
})

test('S07 no type lists the Services of a namespace', () => {
  for (const type of ['NS', 'ANY', 'SRV', 'AXFR']) expect(outcome(SHOP, `shop.${Z} ${type}`)).toEqual(NODATA)
})

test.each([
  ['nope.shop', 'no such service "nope" in namespace "shop"'],
  ['web.shpo', 'namespace "shpo" does not exist'],
  ['empty.shop', 'service "empty" is headless and has no ready endpoint (2 not ready)'],
  ['none.shop', 'service "none" is headless and has no ready endpoint'],
  ['address.shop', 'service "address" has externalName "192.0.2.1", an address where a name must be'],
  ['broken.shop', 'service "broken" has externalName "a..b", which is no domain name'],
  ['_x._tcp.web.shop', 'Service web in namespace shop has no port "_x._tcp"'],
  ['10-1-0-9.web.shop', 'Service web in namespace shop has no endpoint "10-1-0-9"'],
  ['10-1-0-3.web.shop', 'endpoint "10-1-0-3" of Service web in namespace shop is not ready'],
  ['x.outside.shop', 'Service outside in namespace shop is an ExternalName: nothing has a name below it'],
])('the reason of %s is a sentence: %s', (name, text) => {
  expect(ask(SHOP, `${name}.${Z} A`).reason).toEqual({ code: 0, text })
})

test('positive and NODATA answers have their reason too', () => {
  expect(ask(SHOP, `web.shop.${Z} A`).reason).toEqual({
    code: 0,
    text: 'Service web in namespace shop, cluster IP',
  })
  expect(ask(SHOP, `web.shop.${Z} TXT`).reason).toEqual({
    code: 0,
    text: 'Service web in namespace shop, cluster IP: no TXT record',
  })
  expect(ask(SHOP, `outside.shop.${Z} A`).reason.text).toBe(
    'Service outside in namespace shop, ExternalName GitHub.github.io.',
  )
})
