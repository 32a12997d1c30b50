import { describe, expect, test } from 'vitest'

import { addressesOf, buildCluster, codesOf } from './build-cluster.ts'

function service(spec: string): string {
  return `
---
{apiVersion: v1, kind: Service, metadata: {name: web, labels: {tier: front}}, spec: {selector: {app: web}, ${spec}}}`
}

function pod(name: string, rest = 'spec: {}', labels = 'app: web'): string {
  return `\n---\n{apiVersion: v1, kind: Pod, metadata: {name: ${name}, labels: {${labels}}}, ${rest}}`
}

function pods(count: number): string {
  return Array.from({ length: count }, (_, i) => pod(`p-${String(i).padStart(3, '0')}`)).join('')
}

const containerPort = (name: string, port: number, more = '') =>
  `spec: {containers: [{name: c, ports: [{name: ${name}, containerPort: ${port}${more}}]}]}`

describe('selection', () => {
  test('takes Pods of the namespace that have all labels of the selector', () => {
    const { slices } = buildCluster(
      `{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web, tier: a}, ports: [{port: 80}]}}` +
        pod('yes', 'spec: {}', 'app: web, tier: a, more: x') +
        pod('no-tier') +
        pod('other', 'spec: {}', 'app: web, tier: b') +
        '\n---\n{apiVersion: v1, kind: Pod, metadata: {name: elsewhere, namespace: b, labels: {app: web, tier: a}}}',
    )
    expect(slices.flatMap((slice) => slice.endpoints.map(({ podName }) => podName))).toEqual(['yes'])
  })

  test('a Service without a selector, or with an empty one, gets no slice', () => {
    const build = buildCluster(
      `{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: b}, spec: {selector: {}, ports: [{port: 80}]}}${pod('p')}`,
    )
    expect(build.slices).toEqual([])
  })

  test('labels of a slice are those of its Service and of the controller', () => {
    const { slices } = buildCluster(service('ports: [{port: 80}]') + pod('p'))
    expect(slices[0]).toMatchObject({
      name: expect.stringMatching(/^web-.{5}$/),
      serviceName: 'web',
      labels: {
        tier: 'front',
        'kubernetes.io/service-name': 'web',
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      },
    })
    expect(slices[0]?.labels).not.toHaveProperty(['service.kubernetes.io/headless'])
    const headless = buildCluster(service('clusterIP: None') + pod('p'))
    expect(headless.slices[0]?.labels).toHaveProperty(['service.kubernetes.io/headless'], '')
    expect(headless.slices[0]?.ports).toEqual([])
  })
})

describe('families', () => {
  test('one slice for each family of the Service, with the addresses that the Pod has of it', () => {
    const both = buildCluster(service('ports: [{port: 80}], ipFamilyPolicy: PreferDualStack') + pod('p'))
    expect(both.slices.map(({ addressType }) => addressType).toSorted()).toEqual(['IPv4', 'IPv6'])
    const v4Only = buildCluster(
      service('ports: [{port: 80}], ipFamilyPolicy: PreferDualStack') +
        pod('p', 'status: {podIP: 192.0.2.1}'),
    )
    expect(v4Only.slices.map((slice) => [slice.addressType, addressesOf(slice)])).toEqual([
      ['IPv4', ['192.0.2.1']],
    ])
    const v6 = buildCluster(service('clusterIP: None, ipFamilies: [IPv6]') + pod('p'))
    expect(v6.slices.map(({ addressType }) => addressType)).toEqual(['IPv6'])
  })
})

describe('size', () => {
  test('250 Pods make three slices of at most 100, each Pod once', () => {
    const { slices } = buildCluster(service('clusterIP: None') + pods(250))
    expect(slices.map(({ endpoints }) => endpoints.length).toSorted((a, b) => a - b)).toEqual([50, 100, 100])
    expect(new Set(slices.map(({ name }) => name)).size).toBe(3)
    expect(new Set(slices.flatMap(addressesOf)).size).toBe(250)
  })
})

const readiness = (spec: string, rest: string) =>
  buildCluster(service(spec) + pod('p', rest)).slices[0]?.endpoints.map(({ ready }) => ready)

const terminating = (spec: string) =>
  buildCluster(
    `${service(spec)}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: p, labels: {app: web}, deletionTimestamp: "2026-01-01T00:00:00Z"}}`,
  ).slices.flatMap(({ endpoints }) => endpoints.map(({ ready }) => ready))

describe('readiness (K19)', () => {
  const NOT_READY = 'status: {conditions: [{type: Ready, status: "False"}]}'

  test('a terminating Pod is not ready, unless publishNotReadyAddresses', () => {
    expect(terminating('clusterIP: None')).toEqual([false])
    expect(terminating('clusterIP: None, publishNotReadyAddresses: true')).toEqual([true])
  })

  test('follows the Pod, unless publishNotReadyAddresses', () => {
    expect(readiness('clusterIP: None', 'spec: {}')).toEqual([true])
    expect(readiness('clusterIP: None', NOT_READY)).toEqual([false])
    expect(readiness('clusterIP: None, publishNotReadyAddresses: true', NOT_READY)).toEqual([true])
    expect(
      readiness('clusterIP: None, publishNotReadyAddresses: true', 'status: {phase: Failed}'),
    ).toBeUndefined()
  })
})

const initContainer = (policy: string) =>
  `spec: {initContainers: [{name: i${policy}, ports: [{name: web, containerPort: 8080}]}]}`

const portOfInit = (policy: string) =>
  buildCluster(service('ports: [{port: 80, targetPort: web}]') + pod('p', initContainer(policy))).slices[0]
    ?.ports

describe('ports', () => {
  test('a targetPort that is a number holds for every Pod, and defaults to port', () => {
    const { slices } = buildCluster(
      service('ports: [{name: a, port: 80, targetPort: 8080}, {name: b, port: 81}]') + pod('p'),
    )
    expect(slices[0]?.ports).toEqual([
      { name: 'a', protocol: 'TCP', port: 8080 },
      { name: 'b', protocol: 'TCP', port: 81 },
    ])
  })

  test('a targetPort that is a name is looked up in each Pod: Pods that differ have slices of their own', () => {
    const build = buildCluster(
      service('ports: [{name: http, port: 80, targetPort: web}]') +
        pod('a', containerPort('web', 8080)) +
        pod('b', containerPort('web', 9090)) +
        pod('c', containerPort('web', 8080)) +
        pod('udp', containerPort('web', 8080, ', protocol: UDP')) +
        pod('none'),
    )
    const found = build.slices.map(({ ports, endpoints }) => [
      ports.map(({ port }) => port),
      endpoints.map(({ podName }) => podName),
    ])
    expect(found).toHaveLength(3)
    expect(found).toEqual(
      expect.arrayContaining([
        [[8080], ['a', 'c']],
        [[9090], ['b']],
        [[], ['none', 'udp']],
      ]),
    )
    expect(codesOf(build)).toEqual(['TARGET_PORT'])
  })

  test('a sidecar among the init containers counts, other init containers do not', () => {
    expect(portOfInit(', restartPolicy: Always')).toMatchObject([{ port: 8080 }])
    expect(portOfInit('')).toEqual([])
  })
})

const hostnames = (subdomain: string) =>
  buildCluster(
    service('clusterIP: None') + pod('p', `spec: {hostname: pod-a, subdomain: ${subdomain}}`),
  ).slices[0]?.endpoints.map(({ hostname }) => hostname)

describe('hostname', () => {
  test('is set where the subdomain is the name of the Service', () => {
    expect(hostnames('web')).toEqual(['pod-a'])
    expect(hostnames('other')).toEqual([''])
  })
})
