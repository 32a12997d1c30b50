import { describe, expect, test } from 'vitest'

import { codesIn, yamlCluster } from '../helpers/yaml-cluster.ts'

/** Endpoints by hand for the headless Service `db`. */
function slices(...bodies: readonly string[]): string {
  const service = `{apiVersion: v1, kind: Service, metadata: {name: db, namespace: shop}, spec: {clusterIP: None}}`
  const all = bodies.map(
    (body, index) =>
      `{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: db-${index}, namespace: shop, labels: {kubernetes.io/service-name: db}}, ${body}}`,
  )
  return [service, ...all].join('\n---\n')
}

const endpoints = (type: string, ...all: readonly string[]) =>
  `addressType: ${type}, ports: [{name: sql, port: 5432}], endpoints: [${all.join(', ')}]`

describe('K20', () => {
  test('K20 one hostname on two endpoints, whatever its letter case, has all their addresses', async () => {
    const here = await yamlCluster(
      slices(
        endpoints(
          'IPv4',
          '{addresses: [10.0.0.1], hostname: Primary}',
          '{addresses: [10.0.0.2], hostname: primary}',
        ),
        endpoints('IPv4', '{addresses: [10.0.0.3], hostname: PRIMARY}'),
        endpoints('IPv6', '{addresses: ["fd00::1"], hostname: primary}'),
      ),
    )
    expect(here.answers('primary.db.shop A')).toEqual(['positive', 'A 10.0.0.1', 'A 10.0.0.2', 'A 10.0.0.3'])
    expect(here.answers('primary.db.shop AAAA')).toEqual(['positive', 'AAAA fd00::1'])
    expect(here.answers('_sql._tcp.db.shop SRV')).toEqual([
      'positive',
      'SRV 0 100 5432 primary.db.shop.svc.cluster.local.',
    ])
    expect(here.answers('10-0-0-1.db.shop A')).toEqual(['nxdomain'])
    expect(here.reverse('3.0.0.10.in-addr.arpa')).toEqual(['PTR primary.db.shop.svc.cluster.local.'])
  })

  test('K20 a hostname in the template of a Deployment is that of all its Pods', async () => {
    const here = await yamlCluster(`
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {clusterIP: None, selector: {app: db}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: db, namespace: shop}
spec:
  replicas: 3
  template: {metadata: {labels: {app: db}}, spec: {hostname: one, subdomain: db}}`)
    const all = here.answers('db.shop A')
    expect(all).toHaveLength(4)
    expect(here.answers('one.db.shop A')).toEqual(all)
    expect(here.problems()).toEqual([])
  })
})

test.each(['a.b', '*', 'a'.repeat(64), '', '-a', 'under_score'])(
  'K21 hostname %j falls back to the generated name',
  async (hostname) => {
    const here = await yamlCluster(
      slices(endpoints('IPv4', `{addresses: [10.0.0.1], hostname: "${hostname}"}`)),
    )
    expect(here.answers('10-0-0-1.db.shop A')).toEqual(['positive', 'A 10.0.0.1'])
    expect(here.reverse('1.0.0.10.in-addr.arpa')).toEqual(['PTR 10-0-0-1.db.shop.svc.cluster.local.'])
    expect(codesIn(here)).toEqual(hostname === '' ? [] : ['ENDPOINT_HOSTNAME'])
  },
)

/** What Kubernetes refuses, what is ambiguous, and what does not belong in the slice. */
const ODD: readonly [address: string, why: string][] = [
  ['010.0.0.1', 'is not an IP address'],
  ['10.0.0.01', 'is not an IP address'],
  ['999.1.1.1', 'is not an IP address'],
  ['10.0.0', 'is not an IP address'],
  ['167772161', 'is not an IP address'],
  ['10.0.0.1/32', 'is not an IP address'],
  ['fe80::1%eth0', 'is not an IP address'],
  ['fd00::1%1', 'is not an IP address'],
  ['[fd00::1]', 'is not an IP address'],
  ['fd00:::1', 'is not an IP address'],
  ['db.example.com', 'is not an IP address'],
  ['', 'is not an IP address'],
  ['::ffff:10.0.0.1', 'is an IPv4 address in IPv6 form: write it as IPv4'],
  ['::FFFF:a00:1', 'is an IPv4 address in IPv6 form: write it as IPv4'],
  ['0.0.0.0', 'is an unspecified address, which Kubernetes refuses'],
  ['::', 'is an unspecified address, which Kubernetes refuses'],
  ['127.0.0.53', 'is a loopback address, which Kubernetes refuses'],
  ['0:0:0:0:0:0:0:1', 'is a loopback address, which Kubernetes refuses'],
  ['169.254.20.10', 'is a link-local address, which Kubernetes refuses'],
  ['fe80::1', 'is a link-local address, which Kubernetes refuses'],
  ['224.0.0.251', 'is a link-local multicast address, which Kubernetes refuses'],
  ['ff02::fb', 'is a link-local multicast address, which Kubernetes refuses'],
]

describe('K22', () => {
  test.each(ODD)('K22 address %j of a slice skips its endpoint only', async (address, why) => {
    const type = address.includes(':') ? 'IPv6' : 'IPv4'
    const good = type === 'IPv4' ? '10.9.9.9' : 'fd00::9'
    const here = await yamlCluster(
      slices(endpoints(type, `{addresses: ["${address}"], hostname: odd}`, `{addresses: ["${good}"]}`)),
    )
    const family = type === 'IPv4' ? 'A' : 'AAAA'
    expect(here.answers(`db.shop ${family}`)).toEqual(['positive', `${family} ${good}`])
    expect(here.answers(`odd.db.shop ${family}`)).toEqual(['nxdomain'])
    expect(here.answers('db.shop SRV')).toHaveLength(2)
    expect(codesIn(here)).toEqual(['ENDPOINT_ADDRESS'])
    expect(here.problems()[0]?.message).toBe(
      `EndpointSlice shop/db-0: address "${address}" ${why}; this endpoint is left out`,
    )
  })

  test.each(ODD)('K22 address %j of Endpoints is skipped alone', async (address, why) => {
    const here = await yamlCluster(`
{apiVersion: v1, kind: Service, metadata: {name: db, namespace: shop}, spec: {clusterIP: None}}
---
apiVersion: v1
kind: Endpoints
metadata: {name: db, namespace: shop}
subsets: [{addresses: [{ip: "${address}"}, {ip: 10.9.9.9}], ports: [{port: 1}]}]`)
    expect(here.answers('db.shop A')).toEqual(['positive', 'A 10.9.9.9'])
    expect(here.answers('db.shop AAAA')).toEqual(['nodata'])
    expect(here.problems().map(({ message }) => message)).toEqual([
      `Endpoints shop/db: address "${address}" ${why}; this endpoint is left out`,
    ])
  })

  test.each([
    ['IPv4', 'fd00::1'],
    ['IPv6', '10.0.0.1'],
  ])('K22 a slice of type %s leaves out %s', async (type, address) => {
    const here = await yamlCluster(slices(endpoints(type, `{addresses: ["${address}"]}`)))
    expect(here.answers('db.shop A')).toEqual(['nxdomain'])
    expect(here.problems()[0]?.message).toContain(`does not belong in a slice of addressType ${type}`)
  })

  test('K22 a slice of type FQDN leaves out addresses, and serves its host name', async () => {
    const all = ['10.0.0.1', 'fd00::1', 'a_b.example', 'Db.Example.com.'].map(
      (text) => `{addresses: ["${text}"]}`,
    )
    const here = await yamlCluster(slices(endpoints('FQDN', ...all)))
    expect(here.answers('db.shop A')).toEqual(['cname', 'CNAME Db.Example.com.'])
    expect(codesIn(here)).toEqual(['ENDPOINT_ADDRESS', 'ENDPOINT_ADDRESS', 'ENDPOINT_ADDRESS'])
  })

  test('K22 an IPv6 address in any spelling is one address under one name', async () => {
    const here = await yamlCluster(
      slices(endpoints('IPv6', '{addresses: ["FD00:0:0::00AB"]}', '{addresses: ["fd00::ab"]}')),
    )
    expect(here.answers('db.shop AAAA')).toEqual(['positive', 'AAAA fd00::ab'])
    expect(here.answers('fd00--ab.db.shop AAAA')).toEqual(['positive', 'AAAA fd00::ab'])
    expect(here.reverse(`b.a.${'0.'.repeat(26)}0.0.d.f.ip6.arpa`)).toEqual([
      'PTR fd00--ab.db.shop.svc.cluster.local.',
    ])
    expect(here.problems()).toEqual([])
  })

  test.each(['010.96.0.1', '::ffff:10.96.0.1', '10.96.0.1%eth0'])(
    'K22 a Service or Pod that gives itself %s is refused',
    async (address) => {
      const here = await yamlCluster(`
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {clusterIP: "${address}", ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, status: {podIP: "${address}"}}`)
      expect(here.answers('web.shop A')).toEqual(['nxdomain'])
      expect(codesIn(here)).toEqual(['FIELD_INVALID', 'FIELD_INVALID'])
    },
  )
})

describe('K23', () => {
  test('K23 ports without name or number, of all protocols', async () => {
    const ports =
      '[{name: null, port: null}, {name: "", port: 0}, {name: none}, {port: 7}, {name: dns, port: 53, protocol: UDP}, {name: dns, port: 53}, {name: s1, port: 36412, protocol: SCTP}]'
    const here = await yamlCluster(
      slices(`addressType: IPv4, ports: ${ports}, endpoints: [{addresses: [10.0.0.1]}]`),
    )
    const target = '10-0-0-1.db.shop.svc.cluster.local.'
    expect(here.answers('db.shop SRV')).toEqual([
      'positive',
      ...[7, 53, 36_412].map((port) => `SRV 0 33 ${port} ${target}`),
    ])
    expect(here.answers('_dns._udp.db.shop SRV')).toEqual(['positive', `SRV 0 100 53 ${target}`])
    expect(here.answers('_s1._sctp.db.shop SRV')).toEqual(['positive', `SRV 0 100 36412 ${target}`])
    for (const absent of ['_none._tcp', '_._tcp', '__._tcp', '_dns._sctp', '_s1._tcp'])
      expect(here.answers(`${absent}.db.shop SRV`), absent).toEqual(['nxdomain'])
  })

  test.each(['ports: null, ', 'ports: [], ', ''])('K23 {%s} leaves addresses without SRV', async (ports) => {
    const here = await yamlCluster(slices(`addressType: IPv4, ${ports}endpoints: [{addresses: [10.0.0.1]}]`))
    expect(here.answers('db.shop A')).toEqual(['positive', 'A 10.0.0.1'])
    expect(here.answers('db.shop SRV')).toEqual(['nodata'])
    expect(here.answers('_tcp.db.shop SRV')).toEqual(['nxdomain'])
  })

  test('K23 a hundred names', async () => {
    const ports = Array.from({ length: 100 }, (_, index) => `{name: p${index}, port: ${1000 + index}}`).join(
      ', ',
    )
    const here = await yamlCluster(
      slices(`addressType: IPv4, ports: [${ports}], endpoints: [{addresses: [10.0.0.1]}]`),
    )
    expect(here.answers('db.shop SRV')).toHaveLength(101)
    expect(here.answers('_p99._tcp.db.shop SRV')).toEqual([
      'positive',
      'SRV 0 100 1099 10-0-0-1.db.shop.svc.cluster.local.',
    ])
  })
})
