import { describe, expect, test } from 'vitest'

import { createControllers } from '../../../../src/kubernetes/controllers/controllers.ts'
import { ipToText } from '../../../../src/wire/ip-address.ts'
import { buildCluster, manifestsOf, problemsOf, sorted } from '../build-cluster.ts'

function service(name: string, clusterIP = ''): string {
  return `\n---\n{apiVersion: v1, kind: Service, metadata: {name: ${name}}, spec: {clusterIP: "${clusterIP}", ports: [{port: 80}]}}`
}

function pod(name: string, podIP: string, more = ''): string {
  return `\n---\n{apiVersion: v1, kind: Pod, metadata: {name: ${name}}, ${more}status: {podIP: ${podIP}}}`
}

function homeOf(name: string): string {
  return ipToText(buildCluster(service(name)).services[0]?.clusterIPs[0] ?? 0)
}

describe('ADDRESS_DUPLICATE', () => {
  test('two objects give the same address: both are served', () => {
    const build = buildCluster(service('a', '10.96.0.9') + service('b', '10.96.0.9') + pod('c', '10.96.0.9'))
    expect(problemsOf(build)).toEqual([
      'ADDRESS_DUPLICATE at spec.clusterIP: Service default/b has the address 10.96.0.9, and so has Service default/a: reverse lookups cannot tell them apart. Give one of them another',
      'ADDRESS_DUPLICATE at status.podIP: Pod default/c has the address 10.96.0.9, and so has Service default/a: reverse lookups cannot tell them apart. Give one of them another',
    ])
    expect(build.services).toHaveLength(2)
  })

  test("a node's Pods share its address, and a Pod that ended has none", () => {
    const hostNetwork = 'spec: {hostNetwork: true}, '
    const ended =
      '\n---\n{apiVersion: v1, kind: Pod, metadata: {name: x}, status: {podIP: 192.0.2.1, phase: Failed}}'
    expect(
      problemsOf(
        buildCluster(pod('a', '192.0.2.1', hostNetwork) + pod('b', '192.0.2.1', hostNetwork) + ended),
      ),
    ).toEqual([])
  })
})

describe('ADDRESS_COLLISION', () => {
  test('an object whose home another has is named, with that other', () => {
    const build = buildCluster(service('a') + service('b', homeOf('a')))
    const [address = 0] = build.services[0]?.clusterIPs ?? []
    expect(problemsOf(build)).toEqual([
      `ADDRESS_COLLISION at : Service default/a is at ${ipToText(address)}: ${homeOf('a')}, where its name would put it, belongs to Service default/b. At the next start it may move; give spec.clusterIP to keep it`,
    ])
  })

  test('it stays where it is, and is still named, when the other is gone', () => {
    const build = createControllers()
    const before = sorted(build(manifestsOf(service('a') + service('b', homeOf('a')))))
    const after = sorted(build(manifestsOf(service('a'))))
    expect(after.services[0]?.clusterIPs).toEqual(before.services[0]?.clusterIPs)
    expect(problemsOf(after)).toEqual([expect.stringContaining('where its name would put it, is free again')])
  })
})

const ipv6Service = (index: number) => ({
  apiVersion: 'v1',
  kind: 'Service',
  namespace: 'default',
  name: `s-${index}`,
  raw: { spec: { ipFamilies: ['IPv6'], ports: [{ port: 80 }] } },
  locate: () => ({ file: '', line: 1, column: 1 }),
})

test('ADDRESSES_EXHAUSTED where a range is full: the Service has no address', () => {
  const build = sorted(createControllers()(Array.from({ length: 65_536 }, (_, index) => ipv6Service(index))))
  expect(build.services.filter(({ clusterIPs }) => clusterIPs.length === 0)).toHaveLength(2)
  const full = build.problems.filter(({ code }) => code === 'SLICEDNS_MANIFEST_ADDRESSES_EXHAUSTED')
  expect(full.map(({ severity }) => severity)).toEqual(['error', 'error'])
})
