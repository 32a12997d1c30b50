import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'

import { Clusters } from '../../src/cli/clusters.ts'
import type { ApiClusterOptions } from '../../src/kubernetes/api/api-cluster-options.ts'
import type { ClusterIdentity } from '../../src/plugins/plugin.ts'
import { slice } from '../helpers/cluster.ts'

const FOLLOWED: ApiClusterOptions = {
  credentials: { kind: 'kubeconfig', file: '/config' },
  namespaces: undefined,
  namespaceSelectorText: '',
  watchesEndpoints: true,
  watchesPods: false,
  startupTimeoutMs: 5_000,
  guardsMassDelete: true,
}

function live(api: Partial<ApiClusterOptions> = {}, selectorText = ''): ClusterIdentity {
  return { folders: [], selectorText, selector: undefined, api: { ...FOLLOWED, ...api } }
}

/** Clusters whose sources know everything at once, and what these were told. */
function clustersOf() {
  const told: string[] = []
  const clusters = new Clusters(
    ({ api, selectorText }) => {
      const needs = `${api?.watchesPods ? ' pods' : ''}${api?.watchesEndpoints ? '' : ' noendpoints'}`
      const name = `${api?.namespaces?.join(' ') ?? 'all'}${selectorText}${needs}`
      return {
        start: async () => void told.push(`start ${name}`),
        stop: async () => void told.push(`stop ${name}`),
      }
    },
    () => 0,
  )
  return { clusters, told: () => told.splice(0) }
}

test('Clusters gives blocks that follow the same one set of watches, whenever their logs call it late', async () => {
  const { clusters, told } = clustersOf()
  const one = clusters.borrow()
  const store = one.store(live())
  expect(one.store(live())).toBe(store)
  expect(one.store(live({ startupTimeoutMs: 0 }))).toBe(store)
  await one.startNew()
  expect(told()).toEqual(['start all'])
})

test('Clusters completes the index of addresses of each cluster that was read, whatever becomes of the others', async () => {
  const never = new Promise<void>(() => {})
  const clusters = new Clusters(
    ({ selectorText }) => ({
      start: async (sink) => {
        sink.apply(slice('shop/web-1', 'web', { endpoints: ['10.1.0.1'] }))
        if (selectorText === 'late') await never
      },
      stop: async () => {},
    }),
    () => 0,
  )
  const borrowed = clusters.borrow()
  const [read, late] = [borrowed.store(live()), borrowed.store(live({}, 'late'))]
  void borrowed.startNew()
  for (let turn = 0; turn < 5; turn++) await setImmediate()
  expect(read.indexAddresses().next().done).toBe(true)
  expect(late.indexAddresses().next().done).toBe(false)
  expect(read.slicesAt(0x0a01_0001)).toHaveLength(1)
})

test('Clusters keeps what another configuration follows too, and stops what none does', async () => {
  const { clusters, told } = clustersOf()
  const before = clusters.borrow()
  const kept = before.store(live())
  before.store(live({ namespaces: ['shop'] }))
  await before.startNew()
  expect(told()).toEqual(['start all', 'start shop'])
  const after = clusters.borrow()
  expect(after.store(live({ startupTimeoutMs: 1 }))).toBe(kept)
  expect(after.store(live({}, 'app=web'))).not.toBe(kept)
  await after.startNew()
  expect(told()).toEqual(['start allapp=web'])
  await before.end()
  expect(told()).toEqual(['stop shop'])
  await after.end()
  expect(told()).toEqual(['stop all', 'stop allapp=web'])
})

test('Clusters gives blocks that need more and less of one cluster one set of watches, which has what any of them needs', async () => {
  const { clusters, told } = clustersOf()
  const one = clusters.borrow()
  const [names, pods] = [live({ watchesEndpoints: false, startupTimeoutMs: 1 }), live({ watchesPods: true })]
  const other = live({ namespaces: ['shop'], watchesEndpoints: false })
  for (const identity of [names, pods, other]) one.announce(identity)
  expect(one.store(names)).toBe(one.store(pods))
  expect(one.store(other)).not.toBe(one.store(pods))
  await one.startNew()
  expect(told()).toEqual(['start all pods', 'start shop noendpoints'])
})

test('Clusters follows a cluster anew where another configuration needs more of it, and stops the watches of before with theirs', async () => {
  const { clusters, told } = clustersOf()
  const before = clusters.borrow()
  before.announce(live())
  const store = before.store(live())
  await before.startNew()
  const after = clusters.borrow()
  for (const identity of [live(), live({ watchesPods: true })]) after.announce(identity)
  expect(after.store(live())).not.toBe(store)
  await after.startNew()
  expect(told()).toEqual(['start all', 'start all pods'])
  await before.end()
  expect(told()).toEqual(['stop all'])
})
