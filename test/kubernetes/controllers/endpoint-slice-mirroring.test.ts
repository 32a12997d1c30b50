import { describe, expect, test } from 'vitest'

import { addressesOf, buildCluster, codesOf } from './build-cluster.ts'

const SERVICE = '{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]}}\n---\n'

function endpoints(subsets: string, metadata = ''): string {
  return `{apiVersion: v1, kind: Endpoints, metadata: {name: web${metadata}}, subsets: [${subsets}]}`
}

const ONE = '{addresses: [{ip: 192.0.2.1}], ports: [{port: 80}]}'

function manyAddresses(count: number): string {
  return Array.from({ length: count }, (_, i) => `{ip: 10.0.${i >> 8}.${i & 255}}`).join(', ')
}

describe('mirrorEndpoints', () => {
  test('gives a slice of the same labels, ports, hostnames and readiness', () => {
    const { slices, problems } = buildCluster(
      SERVICE +
        endpoints(
          `{addresses: [{ip: 192.0.2.1, hostname: a, targetRef: {kind: Pod, name: p}}],
            notReadyAddresses: [{ip: 192.0.2.2}], ports: [{port: 8080}]}`,
          ', labels: {tier: back}',
        ),
    )
    expect(problems).toEqual([])
    expect(slices).toMatchObject([
      {
        name: expect.stringMatching(/^web-.{5}$/),
        namespace: 'default',
        serviceName: 'web',
        addressType: 'IPv4',
        labels: {
          tier: 'back',
          'kubernetes.io/service-name': 'web',
          'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io',
        },
        ports: [{ name: '', protocol: 'TCP', port: 8080 }],
        endpoints: [
          { hostname: 'a', ready: true, podName: 'p' },
          { hostname: '', ready: false, podName: '' },
        ],
      },
    ])
  })

  test('one slice for each set of ports and family', () => {
    const { slices } = buildCluster(
      SERVICE +
        endpoints(`
          {addresses: [{ip: 192.0.2.1}, {ip: "2001:db8::1"}], ports: [{port: 80}]},
          {addresses: [{ip: 192.0.2.2}], ports: [{port: 80}]},
          {addresses: [{ip: 192.0.2.3}], ports: [{port: 81}]}`),
    )
    const found = slices.map((slice) => [slice.addressType, slice.ports[0]?.port, addressesOf(slice)])
    expect(found).toHaveLength(3)
    expect(found).toEqual(
      expect.arrayContaining([
        ['IPv4', 80, ['192.0.2.1', '192.0.2.2']],
        ['IPv6', 80, ['2001:db8::1']],
        ['IPv4', 81, ['192.0.2.3']],
      ]),
    )
  })

  test('mirrors up to 1,000 addresses of a subset, ready ones first', () => {
    const build = buildCluster(
      SERVICE +
        endpoints(
          `{notReadyAddresses: [{ip: 192.0.2.1}], addresses: [${manyAddresses(1000)}], ports: [{port: 80}]}`,
        ),
    )
    expect(build.slices.map(({ endpoints: made }) => made.length)).toEqual([1000])
    expect(build.slices[0]?.endpoints.every(({ ready }) => ready)).toBe(true)
    expect(codesOf(build)).toEqual(['ENDPOINTS_TOO_MANY'])
    const enough = buildCluster(
      SERVICE + endpoints(`{addresses: [${manyAddresses(1000)}], ports: [{port: 80}]}`),
    )
    expect(enough.problems).toEqual([])
  })
})

describe('mirrorExclusion', () => {
  test.for<[what: string, yaml: string, code: string]>([
    [
      'the label skip-mirror',
      SERVICE + endpoints(ONE, ', labels: {endpointslice.kubernetes.io/skip-mirror: "true"}'),
      'SKIP_MIRROR',
    ],
    [
      'the leader-election annotation',
      SERVICE + endpoints(ONE, ', annotations: {control-plane.alpha.kubernetes.io/leader: "{}"}'),
      'LEADER_ELECTION',
    ],
    ['no Service', endpoints(ONE), 'ENDPOINTS_WITHOUT_SERVICE'],
    [
      'a Service with a selector',
      `{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {a: b}, ports: [{port: 80}]}}\n---\n${endpoints(ONE)}`,
      'ENDPOINTS_BESIDE_SELECTOR',
    ],
  ])('%s: not mirrored, and reported', ([, yaml, code]) => {
    const build = buildCluster(yaml)
    expect(build.slices).toEqual([])
    expect(codesOf(build)).toContain(code)
  })

  test('skip-mirror of another value than "true" has no effect', () => {
    const build = buildCluster(
      SERVICE + endpoints(ONE, ', labels: {endpointslice.kubernetes.io/skip-mirror: "no"}'),
    )
    expect(build.slices).toHaveLength(1)
  })
})
