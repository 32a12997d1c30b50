import { expect, test } from 'vitest'

import { buildCluster } from './build-cluster.ts'

test('default and kube-system are always there', () => {
  expect(buildCluster('').namespaces).toEqual([
    { kind: 'Namespace', name: 'default', labels: { 'kubernetes.io/metadata.name': 'default' } },
    { kind: 'Namespace', name: 'kube-system', labels: { 'kubernetes.io/metadata.name': 'kube-system' } },
  ])
})

test('a namespace comes into being when any object is in it, served or not', () => {
  const { namespaces } = buildCluster(`
{apiVersion: v1, kind: Service, metadata: {name: a, namespace: shop}, spec: {ports: wrong}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: conf}}`)
  expect(namespaces.map(({ name }) => name)).toEqual(['conf', 'default', 'kube-system', 'shop'])
})

test('a Namespace gives its labels', () => {
  const { namespaces } = buildCluster(
    '{apiVersion: v1, kind: Namespace, metadata: {name: a, labels: {team: x}}}',
  )
  expect(namespaces[0]).toEqual({
    kind: 'Namespace',
    name: 'a',
    labels: { team: 'x', 'kubernetes.io/metadata.name': 'a' },
  })
})
