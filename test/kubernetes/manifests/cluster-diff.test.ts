import { expect, test } from 'vitest'
import { ClusterDiff } from '../../../src/kubernetes/manifests/cluster-diff.ts'
import type { ClusterObject, EndpointSlice, Pod, Service } from '../../../src/kubernetes/objects.ts'

const service = (name: string, clusterIPs: Service['clusterIPs'] = [1]): Service => ({
  kind: 'Service',
  namespace: 'default',
  name,
  labels: {},
  type: 'ClusterIP',
  clusterIPs,
  externalName: '',
  ports: [{ name: 'http', protocol: 'TCP', port: 80 }],
  publishNotReadyAddresses: false,
})
const slice = (name: string): EndpointSlice => ({
  kind: 'EndpointSlice',
  namespace: 'default',
  name,
  labels: {},
  serviceName: 'web',
  addressType: 'IPv4',
  ports: [{ name: '', protocol: 'TCP', port: undefined }],
  endpoints: [],
})
const pod: Pod = { kind: 'Pod', namespace: 'default', name: 'p', labels: {}, podIPs: [5n], alive: true }
const kinds = (objects: readonly { kind: string }[]) => objects.map(({ kind }) => kind)
const namespace: ClusterObject = { kind: 'Namespace', name: 'default', labels: {} }

test('ClusterDiff tells only what changed, whatever the order and identity of the objects', () => {
  const diff = new ClusterDiff()
  diff.next([service('a'), service('b', [1, 2n]), pod, namespace])
  const { applied, removed } = diff.next([
    namespace,
    { ...pod, podIPs: [5n] },
    service('b', [1, 3n]),
    service('a'),
  ])
  expect(applied).toEqual([service('b', [1, 3n])])
  expect(removed).toEqual([])
})

test('ClusterDiff notices fields that come, go and differ by family alone', () => {
  const diff = new ClusterDiff()
  const changed = (object: ClusterObject) => diff.next([object]).applied.length
  diff.next([pod])
  expect(changed({ ...pod, labels: { a: '1' } })).toBe(1)
  expect(changed({ ...pod, labels: { b: '1' } })).toBe(1)
  expect(changed({ ...pod, podIPs: [5] })).toBe(1)
  expect(changed({ ...pod, podIPs: [] })).toBe(1)
  expect(changed({ ...pod, podIPs: [] })).toBe(0)
})

test('ClusterDiff brings in slices before Services, and removes in the opposite order after that', () => {
  const diff = new ClusterDiff()
  const objects = [service('web'), slice('old'), pod, namespace]
  expect(kinds(diff.next(objects).applied)).toEqual(['Namespace', 'Pod', 'EndpointSlice', 'Service'])
  expect(diff.next([service('web'), slice('new'), pod, namespace])).toEqual({
    applied: [slice('new')],
    removed: [{ kind: 'EndpointSlice', namespace: 'default', name: 'old' }],
  })
  expect(kinds(diff.next([]).removed)).toEqual(['Service', 'EndpointSlice', 'Pod', 'Namespace'])
})
