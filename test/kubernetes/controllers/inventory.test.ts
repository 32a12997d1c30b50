import { describe, expect, test } from 'vitest'

import { createControllers } from '../../../src/kubernetes/controllers/controllers.ts'
import type { Manifest } from '../../../src/kubernetes/manifests/manifest.ts'
import { buildCluster, codesOf, manifestsOf, problemsOf } from './build-cluster.ts'

const service = (name: string, port: number, more = '') =>
  `{apiVersion: v1, kind: Service, metadata: {name: ${name}${more}}, spec: {ports: [{port: ${port}}]}}`

describe('kinds', () => {
  test('those that DNS has no use for are counted and ignored', () => {
    const build = buildCluster(`
{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}
---
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: b}, spec: nonsense}
---
{apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: b}, spec: {template: {}}}`)
    expect([...build.ignoredKinds]).toEqual([
      ['ConfigMap', 2],
      ['Ingress', 1],
      ['Service.serving.knative.dev', 1],
    ])
    expect(build.services).toEqual([])
    expect(build.problems).toEqual([])
  })

  test.for([
    ['v1', 'service', 'Service'],
    ['v1', 'Servce', 'Service'],
    ['v1', 'Endpoint', 'Endpoints'],
    ['apps/v1', 'StatefullSet', 'StatefulSet'],
    ['discovery.k8s.io/v1', 'EndpointSlices', 'EndpointSlice'],
  ])('in %s there is no %s: the nearest is suggested', ([apiVersion, kind, nearest]) => {
    const build = buildCluster(`{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: a}}`)
    expect(problemsOf(build)).toEqual([
      `KIND at kind: ${kind} default/a: there is no kind "${kind}" in ${apiVersion}; did you mean "${nearest}"?`,
    ])
    expect(build.problems[0]?.severity).toBe('error')
  })

  test('no other kind of Kubernetes is taken for a misspelt one', () => {
    const kinds = {
      v1: 'Binding ComponentStatus ConfigMap Event LimitRange Node PersistentVolume PersistentVolumeClaim PodTemplate ReplicationController ResourceQuota Secret ServiceAccount',
      'apps/v1': 'ControllerRevision',
      'batch/v1': 'CronJob',
    }
    const manifests = Object.entries(kinds).flatMap(([apiVersion, list]) =>
      list.split(' ').map((kind) => `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: a}}`),
    )
    expect(codesOf(buildCluster(manifests.join('\n---\n')))).toEqual([])
  })

  test.for([
    ['apps/v1', 'Service', 'v1'],
    ['', 'Pod', 'v1'],
    ['discovery.k8s.io/v1beta1', 'EndpointSlice', 'discovery.k8s.io/v1'],
    ['v1', 'EndpointSlice', 'discovery.k8s.io/v1'],
    ['extensions/v1beta1', 'Deployment', 'apps/v1'],
    ['batch/v1beta1', 'Job', 'batch/v1'],
  ])('apiVersion %j of a %s is refused, and the right one said', ([apiVersion, kind, expected]) => {
    const build = buildCluster(`{apiVersion: "${apiVersion}", kind: ${kind}, metadata: {name: a}}`)
    expect(problemsOf(build)).toEqual([
      `API_VERSION at apiVersion: ${kind} default/a: apiVersion must be ${expected}, got "${apiVersion}"`,
    ])
    expect(build.problems[0]?.severity).toBe('error')
  })
})

describe('names', () => {
  test('of a Service must be a DNS label; a name that would do is suggested', () => {
    const build = buildCluster(service('My_Web.App', 80))
    expect(build.services).toEqual([])
    expect(problemsOf(build)).toEqual([
      expect.stringMatching(
        /^NAME at metadata\.name: Service: metadata\.name must be a DNS label.*"my-web-app" would do$/,
      ),
    ])
  })

  test('of a Pod may have dots', () => {
    expect(buildCluster('{apiVersion: v1, kind: Pod, metadata: {name: a.b}}').pods).toHaveLength(1)
    expect(codesOf(buildCluster('{apiVersion: v1, kind: Pod, metadata: {name: a..b}}'))).toEqual(['NAME'])
  })

  test('of a namespace must be a DNS label', () => {
    const build = buildCluster(service('web', 80, ', namespace: Shop'))
    expect(build.problems.map(({ position }) => position.file)).toEqual(['metadata.namespace'])
    expect(build.namespaces.map(({ name }) => name)).toEqual(['default', 'kube-system'])
  })
})

describe('duplicates', () => {
  test('the later one is served, the earlier one reported with the place of the other', () => {
    const build = buildCluster(`${service('web', 80)}\n---\n${service('web', 81)}`)
    expect(build.services.map(({ ports }) => ports[0]?.port)).toEqual([81])
    expect(build.problems).toMatchObject([
      {
        severity: 'warning',
        code: 'SLICEDNS_MANIFEST_DUPLICATE',
        message:
          'Service default/web is written twice: the one at :2:1 is served, this one is not. Remove one',
        position: { line: 1 },
      },
    ])
  })

  test('the problem is the same, however often the cluster is built, until the other one moves', () => {
    let line = 3
    let place = { file: 'other', line, column: 1 }
    const manifests = manifestsOf(`${service('web', 80)}\n---\n${service('web', 81)}`).map(
      (manifest): Manifest => Object.assign({}, manifest, { locate: () => place }),
    )
    const build = createControllers()
    const problemOf = () => build(manifests).problems.find(({ code }) => code.endsWith('DUPLICATE'))
    const first = problemOf()
    expect(problemOf()).toBe(first)
    expect(first?.message).toContain('other:3:1')
    line = 4
    place = { ...place, line }
    expect(problemOf()?.message).toContain('other:4:1')
  })

  test('an earlier one stays where the later one is refused', () => {
    const build = buildCluster(`${service('web', 80)}\n---\n${service('web', 0)}`)
    expect(build.services.map(({ ports }) => ports[0]?.port)).toEqual([80])
    expect(codesOf(build)).toEqual(['FIELD_INVALID'])
  })

  test('objects of other namespaces or kinds are none', () => {
    const build = buildCluster(
      `${service('web', 80)}\n---\n${service('web', 80, ', namespace: b')}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: web}}`,
    )
    expect(build.problems).toEqual([])
  })
})

test.for([
  [
    'metadata: {name: a, labels: {version: 1}}',
    'metadata.labels.version must be a text (put it in quotes), got 1',
  ],
  ['metadata: {name: a, labels: {x: null}}', 'metadata.labels.x must be a text'],
  ['metadata: {name: a, labels: [x]}', 'metadata.labels must be a mapping, got ["x"]'],
  ['metadata: {name: a}, spec: [1]', 'spec must be a mapping, got [1]'],
])('a Pod with {%s} is refused', ([rest, message]) => {
  const build = buildCluster(`{apiVersion: v1, kind: Pod, ${rest}}`)
  expect(build.pods).toEqual([])
  expect(build.problems[0]?.message).toContain(message)
})
