import { expect, test } from 'vitest'
import { ClusterStore } from '../../src/kubernetes/cluster-store.ts'
import { parseSelector } from '../../src/kubernetes/selector.ts'
import type { ClusterObject } from '../../src/kubernetes/objects.ts'
import { ip, namespace, pod, service, slice } from '../helpers/cluster.ts'

function storeAt(clock: { seconds: number }): ClusterStore {
  return new ClusterStore({ nowSeconds: () => clock.seconds })
}

test('ClusterStore keeps a Service and its slices in one entry, whichever came first', () => {
  const store = storeAt({ seconds: 1 })
  const [one, two] = [
    slice('a/s-1', 's', { endpoints: ['10.0.0.1'] }),
    slice('a/s-2', 's', { endpoints: ['10.0.0.2'] }),
  ]
  store.apply(two)
  expect(store.entry('a', 's')).toEqual({ namespace: 'a', name: 's', service: undefined, slices: [two] })
  store.apply(service('a/s'))
  store.apply(one)
  expect(store.entry('a', 's')).toEqual({
    namespace: 'a',
    name: 's',
    service: service('a/s'),
    slices: [one, two],
  })
})

test('ClusterStore makes a new entry for a change and keeps it for none', () => {
  const store = storeAt({ seconds: 1 })
  store.apply(service('a/s'))
  const before = store.entry('a', 's')
  store.apply(service('a/s'))
  store.apply(service('a/other'))
  store.remove({ kind: 'EndpointSlice', namespace: 'a', name: 'absent' })
  expect(store.entry('a', 's')).toBe(before)
  store.apply(service('a/s', { clusterIPs: ['10.96.0.1'] }))
  expect(store.entry('a', 's')).not.toBe(before)
  expect(before?.service?.clusterIPs).toEqual([])
})

test('K17 a slice whose service-name changes leaves one Service for the other', () => {
  const store = storeAt({ seconds: 1 })
  store.apply(service('a/one'))
  store.apply(slice('a/x', 'one', { endpoints: ['10.0.0.1'] }))
  store.apply(slice('a/x', 'two', { endpoints: ['10.0.0.1'] }))
  expect(store.entry('a', 'one')?.slices).toEqual([])
  expect(store.entry('a', 'two')?.slices).toHaveLength(1)
  expect(store.slicesAt(ip('10.0.0.1'))).toHaveLength(1)
  store.apply(slice('a/x', '', { endpoints: ['10.0.0.1'] }))
  expect(store.entry('a', 'two')).toBeUndefined()
  expect(store.slicesAt(ip('10.0.0.1'))).toEqual([])
})

test('K17 a slice that is gone and made again is as if it had always been', () => {
  const store = storeAt({ seconds: 1 })
  const made = slice('a/s-1', 's', { endpoints: ['10.0.0.1', '10.0.0.2'] })
  store.apply(made)
  store.remove(referenceTo(made))
  store.remove(referenceTo(made))
  expect(store.entry('a', 's')).toBeUndefined()
  expect(store.slicesAt(ip('10.0.0.1'))).toEqual([])
  store.apply(made)
  expect(store.entry('a', 's')?.slices).toEqual([made])
  expect(store.slicesAt(ip('10.0.0.2'))).toEqual([made])
})

test('ClusterStore finds Services, slices and Pods by address, of both families', () => {
  const store = storeAt({ seconds: 1 })
  store.apply(service('a/s', { clusterIPs: ['10.96.0.1', 'fd00::1'] }))
  store.apply(slice('a/s-1', 's', { addressType: 'IPv6', endpoints: ['fd00::5'] }))
  store.apply(pod('a/p', ['10.0.0.1', 'fd00::5']))
  expect(store.servicesAt(ip('fd00::1'))).toHaveLength(1)
  expect(store.slicesAt(ip('fd00::5'))).toHaveLength(1)
  expect(store.podAt('a', ip('fd00::5'))?.name).toBe('p')
  expect(store.podAt('b', ip('fd00::5'))).toBeUndefined()
  store.apply(service('a/s', { clusterIPs: ['10.96.0.2'] }))
  expect(store.servicesAt(ip('fd00::1'))).toEqual([])
  expect(store.servicesAt(ip('10.96.0.2'))).toHaveLength(1)
  store.remove({ kind: 'Pod', namespace: 'a', name: 'p' })
  expect(store.podAt('a', ip('10.0.0.1'))).toBeUndefined()
})

test('ClusterStore lists the entries of a namespace and nothing that is gone', () => {
  const store = storeAt({ seconds: 1 })
  store.apply(service('a/one'))
  store.apply(service('a/two'))
  store.remove({ kind: 'Service', namespace: 'a', name: 'one' })
  expect([...store.entriesIn('a').keys()]).toEqual(['two'])
  expect([...store.entriesIn('b').keys()]).toEqual([])
})

test('ClusterStore drops what its selector does not match, also when labels change', () => {
  const parsed = parseSelector('app=web')
  const matches = 'matches' in parsed ? parsed.matches : undefined
  const store = new ClusterStore({ nowSeconds: () => 1, matches })
  const labels = { app: 'web' }
  const objects: ClusterObject[] = [
    service('a/s', { labels }),
    slice('a/s-1', 's', { labels, endpoints: ['10.0.0.1'] }),
    pod('a/p', ['10.0.0.1'], { labels }),
  ]
  for (const object of objects) store.apply(object)
  store.apply(service('a/other'))
  store.apply(namespace('a'))
  expect(store.namespace('a')).toEqual(namespace('a'))
  expect(store.entry('a', 'other')).toBeUndefined()
  expect(store.entry('a', 's')?.slices).toHaveLength(1)
  for (const object of objects) store.apply({ ...object, labels: {} })
  expect(store.entry('a', 's')).toBeUndefined()
  expect(store.podAt('a', ip('10.0.0.1'))).toBeUndefined()
})

test('ClusterStore.hasSynced is true from markSynced on', () => {
  const store = storeAt({ seconds: 1 })
  expect(store.hasSynced).toBe(false)
  store.markSynced()
  expect(store.hasSynced).toBe(true)
})

test('ClusterStore.serial moves with any change of data and with nothing else', () => {
  const clock = { seconds: 100 }
  const store = storeAt(clock)
  expect(store.serial).toBe(100)
  const changes: readonly (() => void)[] = [
    () => store.apply(service('a/s', { clusterIPs: ['10.96.0.1'] })),
    () => store.apply(service('a/s', { clusterIPs: ['10.96.0.2'] })),
    () => store.apply(service('a/s')),
    () => store.apply(slice('a/s-1', 's', { endpoints: ['10.0.0.1'] })),
    () => store.apply(namespace('a')),
    () => store.apply(pod('a/p', ['10.0.0.1'])),
    () => store.remove({ kind: 'Namespace', namespace: '', name: 'a' }),
    () => store.remove({ kind: 'EndpointSlice', namespace: 'a', name: 's-1' }),
  ]
  for (const change of changes) {
    clock.seconds += 10
    expect(store.serial).toBe(clock.seconds - 10)
    change()
    expect(store.serial).toBe(clock.seconds)
  }
  clock.seconds += 10
  store.apply(service('a/s'))
  store.remove({ kind: 'Pod', namespace: 'a', name: 'absent' })
  expect(store.serial).toBe(clock.seconds - 10)
})

test('ClusterStore.serial shows later changes of one second when it is over, and never runs ahead of the clock', () => {
  const clock = { seconds: 100 }
  const store = storeAt(clock)
  store.apply(service('a/one'))
  expect(store.serial).toBe(100)
  for (let index = 0; index < 50; index++) {
    store.apply(service(`a/s${index}`))
    expect(store.serial).toBe(100)
  }
  clock.seconds = 101
  expect(store.serial).toBe(101)
  clock.seconds = 102
  expect(store.serial).toBe(101)
})

test('ClusterStore.serial never decreases, though the clock may', () => {
  const clock = { seconds: 100 }
  const store = storeAt(clock)
  expect(store.serial).toBe(100)
  clock.seconds = 50
  store.apply(service('a/s'))
  expect(store.serial).toBe(100)
  clock.seconds = 101
  expect(store.serial).toBe(101)
})

function referenceTo({
  kind,
  namespace: space,
  name,
}: {
  kind: 'EndpointSlice'
  namespace: string
  name: string
}) {
  return { kind, namespace: space, name }
}
