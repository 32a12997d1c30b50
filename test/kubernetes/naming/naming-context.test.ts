import { expect, test } from 'vitest'

import { ClusterStore } from '../../../src/kubernetes/cluster-store.ts'
import type { Namespace } from '../../../src/kubernetes/objects.ts'
import { parseSelector } from '../../../src/kubernetes/selector.ts'
import { ask, cluster, lines, outcome, pod, rulesOver, service, slice } from '../../helpers/cluster.ts'

const labelled = (name: string, labels: Namespace['labels']): Namespace => ({
  kind: 'Namespace',
  name,
  labels,
})

function choosing(text: string) {
  const parsed = parseSelector(text)
  if ('error' in parsed) throw new Error(parsed.error)
  return { namespaceLabels: { text, matches: parsed.matches }, pods: 'verified' as const }
}

const OBJECTS = [
  service('shop/web', { clusterIPs: ['10.96.0.1'] }),
  service('shop/db'),
  slice('shop/db-1', 'db', { endpoints: ['10.1.0.1'] }),
  pod('shop/p', ['10.1.0.1']),
]

/** One name of each kind that is in the namespace or leads there. */
const NAMES = [
  'shop.svc.cluster.local',
  'web.shop.svc.cluster.local',
  'db.shop.svc.cluster.local',
  '10-1-0-1.db.shop.svc.cluster.local',
  '10-1-0-1.shop.pod.cluster.local',
  '1.0.96.10.in-addr.arpa',
  '1.0.1.10.in-addr.arpa',
]

test('namespace labels decide which names there are, and a change of labels shows at once', () => {
  const { store, rules } = cluster([labelled('shop', { tier: 'front' }), ...OBJECTS], choosing('tier=front'))
  const kinds = () => new Set(NAMES.map((name) => outcome({ rules }, `${name} ANY`)[0]))
  const shown = new Set(['nodata', 'positive'])
  const hidden = new Set(['nxdomain'])
  expect(kinds()).toEqual(shown)
  store.apply(labelled('shop', { tier: 'back' }))
  expect(kinds()).toEqual(hidden)
  store.apply(labelled('shop', { tier: 'front', other: 'label' }))
  expect(kinds()).toEqual(shown)
  store.remove({ kind: 'Namespace', namespace: '', name: 'shop' })
  expect(kinds()).toEqual(hidden)
  store.apply(labelled('shop', { tier: 'front' }))
  expect(kinds()).toEqual(shown)
})

test('namespace labels of one set of rules leave other rules over the same store alone', () => {
  const { store, rules } = cluster([labelled('shop', { tier: 'front' }), ...OBJECTS], choosing('tier=back'))
  const question = 'web.shop.svc.cluster.local'
  expect(outcome({ rules }, question)).toEqual(['nxdomain'])
  expect(outcome({ rules: rulesOver(store, choosing('tier=front')) }, question)[0]).toBe('positive')
  expect(outcome({ rules: rulesOver(store) }, question)[0]).toBe('positive')
})

test('namespace labels take the names out of namesOf too', () => {
  const { store, rules } = cluster([labelled('shop', {}), ...OBJECTS], choosing('tier'))
  const entry = store.entry('shop', 'web')
  expect(entry && rules.namesOf(entry)).toEqual([])
})

test('namespace labels are named as the reason', () => {
  const here = cluster([labelled('shop', {}), ...OBJECTS], choosing('tier in (front,back)'))
  expect(ask(here, 'web.shop.svc.cluster.local').reason.text).toBe('namespace "shop" is not served here')
  expect(lines(ask(here, '_why.web.shop.svc.cluster.local TXT').answer)[0]).toContain(
    String.raw`The \"namespace_labels\" option asks for tier in (front,back), which its labels do not meet.`,
  )
})

test('before the first sync a namespace whose labels are not known yet is no NXDOMAIN', () => {
  const store = new ClusterStore({ nowSeconds: () => 1 })
  for (const object of OBJECTS) store.apply(object)
  const rules = rulesOver(store, choosing('tier=front'))
  expect(ask({ rules }, 'web.shop.svc.cluster.local').kind).toBe('failure')
  store.apply(labelled('shop', { tier: 'front' }))
  expect(ask({ rules }, 'web.shop.svc.cluster.local').kind).toBe('positive')
})
