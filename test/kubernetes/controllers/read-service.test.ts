import { describe, expect, test } from 'vitest'

import { ipToText } from '../../../src/wire/ip-address.ts'
import { buildCluster, codesOf, problemsOf } from './build-cluster.ts'

function service(spec: string, metadata = ''): string {
  return `{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop${metadata}}, spec: {${spec}}}`
}

function clusterIPs(spec: string): string[] {
  return (buildCluster(service(`ports: [{port: 80}], ${spec}`)).services[0]?.clusterIPs ?? []).map(ipToText)
}

const families = (addresses: string[]) => addresses.map((text) => (text.includes(':') ? 6 : 4))

describe('type', () => {
  test.for(['ClusterIP', 'NodePort', 'LoadBalancer', "''"])('%s is a Service with a cluster IP', (type) => {
    const { services, problems } = buildCluster(
      service(`type: ${type}, ports: [{port: 80, nodePort: 30001}]`),
    )
    expect(services[0]).toMatchObject({
      type: 'ClusterIP',
      externalName: '',
      clusterIPs: [expect.any(Number)],
    })
    expect(problems).toEqual([])
  })

  test.for(['clusterIP: None', 'clusterIPs: [None], clusterIP: None'])('%s is headless', (spec) => {
    const { services } = buildCluster(service(spec))
    expect(services[0]).toMatchObject({ type: 'Headless', clusterIPs: [], ports: [] })
  })

  test('ExternalName keeps its name as written and has neither addresses nor slices', () => {
    const build = buildCluster(
      `${service('type: ExternalName, externalName: Example.COM., selector: {app: web}')}
---
{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop, labels: {app: web}}}`,
    )
    expect(build.services[0]).toMatchObject({
      type: 'ExternalName',
      externalName: 'Example.COM.',
      clusterIPs: [],
    })
    expect(build.slices).toEqual([])
  })

  test('ExternalName without a name is refused', () => {
    const build = buildCluster(service('type: ExternalName'))
    expect(build.services).toEqual([])
    expect(problemsOf(build)).toEqual([
      'FIELD_MISSING at spec.externalName: Service shop/web: spec.externalName is missing',
    ])
  })

  test('an unknown type is refused', () => {
    expect(problemsOf(buildCluster(service('type: Clusterip')))).toEqual([
      'FIELD_INVALID at spec.type: Service shop/web: spec.type must be one of ClusterIP, NodePort, LoadBalancer, ExternalName, got "Clusterip"',
    ])
  })
})

describe('families', () => {
  test.for<[spec: string, expected: number[]]>([
    ['', [4]],
    ['ipFamilyPolicy: SingleStack', [4]],
    ['ipFamilies: [IPv6]', [6]],
    ['ipFamilyPolicy: PreferDualStack', [4, 6]],
    ['ipFamilyPolicy: RequireDualStack, ipFamilies: [IPv6]', [6, 4]],
    ['ipFamilies: [IPv6, IPv4]', [6, 4]],
  ])('%s has addresses of %j', ([spec, expected]) => {
    expect(families(clusterIPs(spec))).toEqual(expected)
  })

  test('given cluster IPs are used, inside the range or not, and decide the families', () => {
    expect(clusterIPs('clusterIP: 10.96.0.10')).toEqual(['10.96.0.10'])
    expect(clusterIPs('clusterIPs: [192.0.2.1]')).toEqual(['192.0.2.1'])
    expect(clusterIPs('clusterIP: "2001:db8::1"')).toEqual(['2001:db8::1'])
    expect(clusterIPs('clusterIPs: ["2001:db8::1", 192.0.2.1]')).toEqual(['2001:db8::1', '192.0.2.1'])
  })

  test('the family that a dual-stack Service does not give is allocated', () => {
    const [first, second] = clusterIPs('clusterIP: 192.0.2.1, ipFamilyPolicy: PreferDualStack')
    expect(first).toBe('192.0.2.1')
    expect(second).toMatch(/^fd00:10:96::/)
  })

  test.for([
    ['ipFamilies: [IPv5]', 'spec.ipFamilies[0] must be one of IPv4, IPv6, got "IPv5"'],
    ['ipFamilies: [IPv4, IPv4]', 'spec.ipFamilies must name each family once'],
    [
      'ipFamilyPolicy: SingleStack, ipFamilies: [IPv4, IPv6]',
      'spec.ipFamilyPolicy must be PreferDualStack or',
    ],
    [
      'ipFamilies: [IPv6], clusterIP: 10.96.0.1',
      'spec.ipFamilies must be in the order of the cluster IPs (IPv4)',
    ],
    ['clusterIPs: [10.96.0.1, 10.96.0.2]', 'spec.clusterIPs must hold at most one address of each family'],
    ['clusterIPs: [10.96.0.1, "::1", 10.96.0.2]', 'spec.clusterIPs[2] must not be there'],
    ['clusterIP: none', 'spec.clusterIP must be an IP address or "None", got "none"'],
    ['clusterIP: 10', 'spec.clusterIP must be a text (put it in quotes), got 10'],
  ])('%s is refused', ([spec, message]) => {
    const build = buildCluster(service(`ports: [{port: 80}], ${spec}`))
    expect(build.services).toEqual([])
    expect(build.problems.map((problem) => problem.message)).toEqual([expect.stringContaining(message ?? '')])
  })
})

describe('ports', () => {
  test('default to TCP and no name', () => {
    const { services } = buildCluster(service('ports: [{port: 80}]'))
    expect(services[0]?.ports).toEqual([{ name: '', protocol: 'TCP', port: 80 }])
  })

  test.for([
    ['port: eighty', 'spec.ports[0].port must be a number 1–65535, got "eighty"'],
    ['port: "80"', 'spec.ports[0].port must be a number 1–65535, got "80"'],
    ['port: 0', 'spec.ports[0].port must be a number 1–65535, got 0'],
    ['port: 65536', 'spec.ports[0].port must be a number 1–65535, got 65536'],
    ['name: x', 'spec.ports[0].port is missing'],
    ['port: 80, protocol: tcp', 'spec.ports[0].protocol must be one of TCP, UDP, SCTP, got "tcp"'],
    ['port: 80, name: Web', 'spec.ports[0].name must be a DNS label'],
    ['port: 80, targetPort: "8080"', 'spec.ports[0].targetPort must be a number, or the name'],
    ['port: 80, targetPort: 70000', 'spec.ports[0].targetPort must be a number 1–65535, got 70000'],
  ])('{%s} is refused', ([port, message]) => {
    const build = buildCluster(service(`ports: [{${port}}]`))
    expect(build.services).toEqual([])
    expect(build.problems[0]?.message).toContain(message)
  })

  test('ports that is a mapping is refused', () => {
    expect(buildCluster(service('ports: {port: 80}')).problems[0]?.message).toContain(
      'spec.ports must be a list, got {"port":80}',
    )
  })
})

test('a bad Service does not spoil the next', () => {
  const build = buildCluster(`${service('ports: 80')}
---
{apiVersion: v1, kind: Service, metadata: {name: good, namespace: shop}, spec: {ports: [{port: 1}]}}`)
  expect(build.services.map(({ name }) => name)).toEqual(['good'])
  expect(codesOf(build)).toEqual(['FIELD_INVALID'])
})

const publishes = (spec: string, metadata?: string) =>
  buildCluster(service(spec, metadata)).services[0]?.publishNotReadyAddresses

test('the annotation that preceded publishNotReadyAddresses counts', () => {
  const annotation = ', annotations: {service.alpha.kubernetes.io/tolerate-unready-endpoints: "true"}'
  expect(publishes('clusterIP: None')).toBe(false)
  expect(publishes('clusterIP: None, publishNotReadyAddresses: true')).toBe(true)
  expect(publishes('clusterIP: None', annotation)).toBe(true)
})
