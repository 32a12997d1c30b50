import { describe, expect, test } from 'vitest'

import { ClusterStore } from '../../src/kubernetes/cluster-store.ts'
import { parseKubernetesOptions } from '../../src/plugins/kubernetes-options.ts'
import { kubernetes } from '../../src/plugins/kubernetes.ts'
import type { ClusterIdentity } from '../../src/plugins/plugin.ts'
import { nameOf } from '../forward/client-query.ts'
import { directivesIn, errorOf, setUp, testHost } from './plugin-harness.ts'

const host = testHost({ hasObjects: true })

function namingOf(properties: string) {
  const [directive] = directivesIn(`kubernetes cluster.local {\n${properties}\n}`)
  if (directive === undefined) throw new Error('no directive')
  return parseKubernetesOptions(directive, { zones: [nameOf('.')], bindAddresses: [], host }).naming
}

const faultOf = (properties: string) =>
  errorOf(kubernetes, `kubernetes cluster.local {\n${properties}\n}`, host)

describe('zonal', () => {
  test('is off by default and on where it stands', () => {
    expect([namingOf('ttl 30').zonal, namingOf('zonal').zonal]).toEqual([false, true])
  })

  test.each(['zonal\nnoendpoints', 'noendpoints\nttl 5\nzonal'])(
    'is refused with noendpoints: %j',
    (text) => {
      expect(faultOf(text)).toContain('SLICEDNS_CONFIG_PROPERTY_CONFLICT')
      expect(faultOf(text)).toContain('"zonal" and "noendpoints" exclude each other')
    },
  )

  test('takes no argument', () => {
    expect(faultOf('zonal on')).toContain('SLICEDNS_CONFIG_ARGUMENT')
  })
})

describe('namespace_labels', () => {
  test.each([
    ['tier=front', { tier: 'front' }, true],
    ['tier in (front, back),!legacy', { tier: 'back' }, true],
    ['tier in (front, back),!legacy', { tier: 'back', legacy: '' }, false],
    ['tier=front', {}, false],
  ])('%s selects %j: %s', (text, labels, expected) => {
    const { namespaceLabels } = namingOf(`namespace_labels ${text}`)
    expect(namespaceLabels?.matches(labels)).toBe(expected)
    expect(namespaceLabels?.text).toBe(text)
  })

  test.each([
    ['namespace_labels a=b\nnamespaces shop', 'SLICEDNS_CONFIG_PROPERTY_CONFLICT'],
    ['namespaces shop\nnamespace_labels a=b', 'SLICEDNS_CONFIG_PROPERTY_CONFLICT'],
    ['namespace_labels a=b\nnamespace_labels a=c', 'SLICEDNS_CONFIG_DUPLICATE_PROPERTY'],
    ['namespace_labels', 'SLICEDNS_CONFIG_ARGUMENT'],
    ['namespace_labels a==b==c', 'SLICEDNS_CONFIG_SELECTOR'],
  ])('%j is refused', (text, code) => {
    expect(faultOf(text)).toContain(code)
  })

  test('says in an error which property it is about', () => {
    expect(faultOf('namespace_labels (')).toContain('"namespace_labels" is no label selector')
    expect(faultOf('labels (')).toContain('"labels" is no label selector')
  })

  test('does not divide the cluster: blocks that differ in it borrow one store', () => {
    const identities: ClusterIdentity[] = []
    const lending = testHost({
      hasObjects: true,
      cluster: (identity) => {
        identities.push(identity)
        return new ClusterStore({ nowSeconds: () => 0, matches: undefined })
      },
    })
    for (const text of ['namespace_labels a=b', 'namespace_labels a=c', 'ttl 5'])
      setUp(kubernetes, `kubernetes cluster.local {\n${text}\n}`, lending)
    expect(identities.map(({ folders, selectorText }) => [folders, selectorText])).toEqual([
      [[], ''],
      [[], ''],
      [[], ''],
    ])
  })
})
