import { describe, expect, test } from 'vitest'

import { createControllers } from '../../../src/kubernetes/controllers/controllers.ts'
import { addressesOf, buildCluster, codesOf, manifestOf, problemsOf } from './build-cluster.ts'

function slice(rest: string, labels = 'kubernetes.io/service-name: web'): string {
  return `
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{name: http, port: 80}]}}
---
{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: web-1, labels: {${labels}}}, ${rest}}`
}

describe('readEndpointSlice', () => {
  test('keeps a slice as written', () => {
    const { slices, problems } = buildCluster(
      slice(`
        addressType: IPv4,
        ports: [{name: http, port: 8080}],
        endpoints: [
          {addresses: [10.1.2.3, 10.1.2.4], hostname: A, zone: z1, targetRef: {kind: Pod, name: web-0}},
          {addresses: [10.1.2.5], conditions: {ready: false, serving: true, terminating: true},
           targetRef: {kind: Node, name: n}},
          {addresses: [10.1.2.6], conditions: {ready: null}},
        ]`),
    )
    expect(problems).toEqual([])
    expect(slices).toMatchObject([
      {
        name: 'web-1',
        serviceName: 'web',
        addressType: 'IPv4',
        ports: [{ name: 'http', protocol: 'TCP', port: 8080 }],
        endpoints: [
          { hostname: 'a', ready: true, podName: 'web-0', topologyZone: 'z1' },
          { hostname: '', ready: false, podName: '' },
          { ready: true },
        ],
      },
    ])
    expect(addressesOf(slices[0])).toEqual(['10.1.2.3', '10.1.2.4', '10.1.2.5', '10.1.2.6'])
  })

  test('K21 a bad hostname falls back to the generated name', () => {
    for (const hostname of ['a.b', '*', 'a'.repeat(64), '-a', 'a_b']) {
      const build = buildCluster(
        slice(`addressType: IPv4, endpoints: [{addresses: [10.1.2.3], hostname: "${hostname}"}]`),
      )
      expect(build.slices[0]?.endpoints[0]).toMatchObject({ hostname: '', addresses: [expect.any(Number)] })
      expect(problemsOf(build)).toEqual([
        expect.stringContaining(
          `ENDPOINT_HOSTNAME at endpoints.0.hostname: EndpointSlice default/web-1: hostname "${hostname}"`,
        ),
      ])
    }
    const empty = buildCluster(slice('addressType: IPv4, endpoints: [{addresses: [10.1.2.3], hostname: ""}]'))
    expect(empty.problems).toEqual([])
  })

  test('K22 a bad address skips its endpoint only', () => {
    const bad = [
      '010.0.0.1',
      '999.1.1.1',
      '10.0.0.1/32',
      ' 10.0.0.1',
      '0x0a000001',
      'fe80::1%eth0',
      '::ffff:10.0.0.1',
      '::ffff:a00:1',
      '[2001:db8::1]',
      'example.com',
      '',
      '10.0.0',
    ]
    for (const address of bad) {
      for (const type of ['IPv4', 'IPv6']) {
        const good = type === 'IPv4' ? '10.1.2.3' : '2001:db8::3'
        const build = buildCluster(
          slice(`addressType: ${type}, endpoints: [{addresses: ["${address}"]}, {addresses: ["${good}"]}]`),
        )
        expect(addressesOf(build.slices[0])).toEqual([good])
        expect(codesOf(build)).toEqual(['ENDPOINT_ADDRESS'])
        expect(build.problems[0]?.position.file).toBe('endpoints.0.addresses.0')
      }
    }
  })

  test('K22 an address of the other family skips its endpoint only', () => {
    const v4 = buildCluster(
      slice('addressType: IPv4, endpoints: [{addresses: ["2001:db8::1"]}, {addresses: [10.0.0.1]}]'),
    )
    expect(addressesOf(v4.slices[0])).toEqual(['10.0.0.1'])
    expect(problemsOf(v4)[0]).toContain('"2001:db8::1" does not belong in a slice of addressType IPv4')
    const v6 = buildCluster(slice('addressType: IPv6, endpoints: [{addresses: [10.0.0.1]}]'))
    expect(addressesOf(v6.slices[0])).toEqual([])
  })

  test('K23 ports may lack a name, a number or both; SCTP is a protocol', () => {
    const { slices, problems } = buildCluster(
      slice(
        'addressType: IPv4, ports: [{name: null, port: null}, {name: "", port: 0}, {name: http, protocol: SCTP, port: 9}]',
      ),
    )
    expect(slices[0]?.ports).toEqual([
      { name: '', protocol: 'TCP', port: undefined },
      { name: '', protocol: 'TCP', port: undefined },
      { name: 'http', protocol: 'SCTP', port: 9 },
    ])
    expect(problems.map(({ code }) => code)).not.toContain('SLICEDNS_MANIFEST_FIELD_INVALID')
  })

  test('an FQDN slice holds host names, without final dot', () => {
    const build = buildCluster(
      slice('addressType: FQDN, endpoints: [{addresses: [Example.com.]}, {addresses: ["a b"]}]'),
    )
    expect(addressesOf(build.slices[0])).toEqual(['Example.com'])
    expect(problemsOf(build)).toEqual([expect.stringContaining('address "a b" is not a host name')])
  })

  test.for([
    ['endpoints: []', 'addressType is missing'],
    ['addressType: IP', 'addressType must be one of IPv4, IPv6, FQDN, got "IP"'],
    ['addressType: IPv4, endpoints: [{}]', 'endpoints[0].addresses is missing'],
    ['addressType: IPv4, endpoints: [{addresses: [1]}]', 'endpoints[0].addresses[0] must be a text'],
    [
      'addressType: IPv4, endpoints: [{addresses: [10.0.0.1], conditions: {ready: "yes"}}]',
      'conditions.ready must be true or false',
    ],
    ['addressType: IPv4, ports: [{port: 65536}]', 'ports[0].port must be a number 0–65535, got 65536'],
  ])('{%s} is refused', ([rest, message]) => {
    const build = buildCluster(slice(rest ?? ''))
    expect(build.slices).toEqual([])
    expect(problemsOf(build)[0]).toContain(message)
  })

  test('more than 1,000 endpoints are served and reported', () => {
    const endpoints = Array.from({ length: 1001 }, (_, i) => `{addresses: [10.1.${i >> 8}.${i & 255}]}`)
    const build = buildCluster(slice(`addressType: IPv4, endpoints: [${endpoints.join(', ')}]`))
    expect(build.slices[0]?.endpoints).toHaveLength(1001)
    expect(codesOf(build)).toEqual(['SLICE_TOO_LARGE'])
  })

  test('a slice without a service label is kept, with an empty service name', () => {
    const build = buildCluster(slice('addressType: IPv4, endpoints: [{addresses: [10.0.0.1]}]', 'a: b'))
    expect(build.slices[0]?.serviceName).toBe('')
  })
})

test('K22 a slice of nothing but bad addresses is read, however long, and reported shortly', () => {
  const endpoints = Array.from({ length: 200_000 }, () => ({ addresses: ['010.0.0.1'] }))
  const metadata = { name: 'long', labels: { 'kubernetes.io/service-name': 'web' } }
  const raw = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata,
    addressType: 'IPv4',
    endpoints,
  }
  const build = createControllers()([manifestOf(raw)])
  const codes = codesOf(build)
  expect(codes.filter((code) => code === 'ENDPOINT_ADDRESS')).toHaveLength(20)
  expect(problemsOf(build)).toContainEqual(
    'MORE_PROBLEMS at : EndpointSlice default/long: 199980 more problems of the kind SLICEDNS_MANIFEST_ENDPOINT_ADDRESS: mend the first ones',
  )
  expect(codes).toHaveLength(20 + ['MORE_PROBLEMS', 'SLICE_TOO_LARGE', 'SLICE_WITHOUT_SERVICE'].length)
})
