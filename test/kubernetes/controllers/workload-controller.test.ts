import { describe, expect, test } from 'vitest'

import { createControllers } from '../../../src/kubernetes/controllers/controllers.ts'
import { buildCluster, codesOf, manifestsOf, sorted } from './build-cluster.ts'

const TEMPLATE = 'template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c}]}}'

function workload(kind: string, spec: string, template = TEMPLATE): string {
  const apiVersion = kind === 'Job' ? 'batch/v1' : 'apps/v1'
  return `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: web, namespace: shop}, spec: {${spec}${spec && ', '}${template}}}`
}

const HEADLESS = `
---
{apiVersion: v1, kind: Service, metadata: {name: svc, namespace: shop}, spec: {clusterIP: None, selector: {app: web}}}`

const names = (yaml: string) => buildCluster(yaml).pods.map(({ name }) => name)
const SUFFIX = '[bcdfghjklmnpqrstvwxz2456789]{5}'

describe('Deployment', () => {
  test('makes one Pod by default, named after its ReplicaSet and labelled with the template hash', () => {
    const { pods } = buildCluster(workload('Deployment', ''))
    expect(pods).toHaveLength(1)
    const hash = pods[0]?.labels['pod-template-hash'] ?? ''
    expect(hash).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{10}$/)
    expect(pods[0]?.name).toMatch(new RegExp(`^web-${hash}-${SUFFIX}$`))
    expect(pods[0]).toMatchObject({ namespace: 'shop', alive: true, labels: { app: 'web' } })
  })

  test('makes as many as replicas says, none for 0', () => {
    expect(new Set(names(workload('Deployment', 'replicas: 30'))).size).toBe(30)
    expect(names(workload('Deployment', 'replicas: 0'))).toEqual([])
  })

  test('its Pods keep their names and addresses when it is edited and scaled', () => {
    const build = createControllers()
    const before = build(manifestsOf(workload('Deployment', 'replicas: 2')))
    const after = build(manifestsOf(workload('Deployment', 'paused: true, replicas: 4')))
    const kept = sorted(after).pods.filter(({ name }) => sorted(before).pods.some((pod) => pod.name === name))
    expect(kept).toEqual(sorted(before).pods)
    expect(sorted(after).pods).toHaveLength(4)
  })

  test('leaves the Pods to a ReplicaSet it owns, and that to the Pods it owns', () => {
    const replicaSet = `
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web-1, namespace: shop, ownerReferences: [{kind: Deployment, name: web}]}
spec: {replicas: 2, ${TEMPLATE}}`
    const pod = `
---
apiVersion: v1
kind: Pod
metadata: {name: web-1-a, namespace: shop, ownerReferences: [{kind: ReplicaSet, name: web-1}]}`
    expect(names(workload('Deployment', 'replicas: 2') + replicaSet)).toEqual([
      expect.stringMatching(/^web-1-.{5}$/),
      expect.stringMatching(/^web-1-.{5}$/),
    ])
    expect(names(workload('Deployment', 'replicas: 2') + replicaSet + pod)).toEqual([
      expect.stringMatching(/^web-1-.{1,5}$/),
      expect.stringMatching(/^web-1-.{1,5}$/),
    ])
  })
})

describe('ReplicaSet', () => {
  test('adopts Pods without an owner that its labels select', () => {
    const pod = `
---
{apiVersion: v1, kind: Pod, metadata: {name: mine, namespace: shop, labels: {app: web}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: ended, namespace: shop, labels: {app: web}}, status: {phase: Failed}}`
    const pods = names(workload('ReplicaSet', 'replicas: 2, selector: {matchLabels: {app: web}}') + pod)
    expect(pods).toEqual(['ended', 'mine', expect.stringMatching(new RegExp(`^web-${SUFFIX}$`))])
  })
})

describe('StatefulSet', () => {
  test('names its Pods by ordinal, and gives each a hostname below its Service', () => {
    const { pods, slices, problems } = buildCluster(
      workload('StatefulSet', 'replicas: 2, serviceName: svc, ordinals: {start: 3}') + HEADLESS,
    )
    expect(pods.map(({ name }) => name)).toEqual(['web-3', 'web-4'])
    expect(pods[0]?.labels).toEqual({
      app: 'web',
      'statefulset.kubernetes.io/pod-name': 'web-3',
      'apps.kubernetes.io/pod-index': '3',
    })
    expect(slices[0]?.endpoints.map(({ hostname, podName }) => [hostname, podName])).toEqual([
      ['web-3', 'web-3'],
      ['web-4', 'web-4'],
    ])
    expect(problems).toEqual([])
  })

  test('a written Pod of the name stands in for its own', () => {
    const pod =
      '\n---\n{apiVersion: v1, kind: Pod, metadata: {name: web-0, namespace: shop, labels: {own: "yes"}}}'
    const { pods } = buildCluster(workload('StatefulSet', 'replicas: 2') + pod)
    expect(pods.map(({ name, labels }) => [name, labels['own']])).toEqual([
      ['web-0', 'yes'],
      ['web-1', undefined],
    ])
  })
})

describe('DaemonSet', () => {
  test('makes one Pod, as there is one node', () => {
    expect(names(workload('DaemonSet', ''))).toEqual([expect.stringMatching(new RegExp(`^web-${SUFFIX}$`))])
  })
})

const job = (status: string) =>
  `{apiVersion: batch/v1, kind: Job, metadata: {name: web}, spec: {parallelism: 3, completions: 5, ${TEMPLATE}}, status: ${status}}`

describe('Job', () => {
  test.for<[spec: string, count: number]>([
    ['', 1],
    ['parallelism: 3', 3],
    ['completions: 5', 1],
    ['parallelism: 3, completions: 2', 2],
    ['parallelism: 3, completions: 5', 3],
    ['parallelism: 3, suspend: true', 0],
    ['parallelism: 0', 0],
    ['completions: 0', 0],
    ['parallelism: 3, completions: 2, completionMode: Indexed', 2],
    ['parallelism: 2, completions: 2, completionMode: Indexed, suspend: true', 0],
  ])('{%s} runs %i Pods', ([spec, count]) => {
    expect(names(workload('Job', spec))).toHaveLength(count)
  })

  test('a Job that ended runs none, one with few completions left no more than those', () => {
    expect(names(job('{conditions: [{type: Complete, status: "True"}]}'))).toEqual([])
    expect(names(job('{conditions: [{type: Failed, status: "True"}]}'))).toEqual([])
    expect(names(job('{conditions: [{type: Failed, status: "False"}]}'))).toHaveLength(3)
    expect(names(job('{succeeded: 4}'))).toHaveLength(1)
    expect(names(job('{succeeded: 5}'))).toEqual([])
    expect(names(job('{succeeded: 6}'))).toEqual([])
  })

  test('an indexed Job gives each Pod its index and hostname', () => {
    const template = 'template: {metadata: {labels: {app: web}}, spec: {subdomain: svc}}'
    const { pods, slices } = buildCluster(
      workload('Job', 'parallelism: 2, completions: 2, completionMode: Indexed', template) + HEADLESS,
    )
    expect(pods.map(({ name }) => name)).toEqual([
      expect.stringMatching(/^web-0-.{5}$/),
      expect.stringMatching(/^web-1-.{5}$/),
    ])
    expect(pods[1]?.labels).toMatchObject({
      'batch.kubernetes.io/job-completion-index': '1',
      'job-name': 'web',
    })
    expect(slices[0]?.endpoints.map(({ hostname }) => hostname)).toEqual(['web-0', 'web-1'])
  })
})

test('at most 20,000 Pods are made, with a problem beyond', () => {
  const build = buildCluster(workload('Deployment', 'replicas: 1000000000'))
  expect(build.pods).toHaveLength(20_000)
  expect(codesOf(build)).toContain('TOO_MANY_PODS')
})

test.for([
  ['Deployment', 'replicas: -1', 'spec.replicas must be a number 0–'],
  ['Deployment', 'replicas: "2"', 'spec.replicas must be a number 0–2147483647, got "2"'],
  ['Deployment', 'replicas: 1.5', 'spec.replicas must be a number 0–'],
  ['Deployment', 'replicas: 2147483648', 'spec.replicas must be a number 0–'],
  ['Job', 'parallelism: "2"', 'spec.parallelism must be a number 0–'],
  ['Job', 'completions: -1', 'spec.completions must be a number 0–'],
  ['Job', 'completionMode: Indexed', 'spec.completions is missing'],
  ['StatefulSet', 'ordinals: {start: "1"}', 'spec.ordinals.start must be a number'],
  ['StatefulSet', 'ordinals: {start: -1}', 'spec.ordinals.start must be a number'],
  ['Job', 'completionMode: indexed', 'spec.completionMode must be one of NonIndexed, Indexed'],
])('%s {%s} is refused', ([kind, spec, message]) => {
  const build = buildCluster(workload(kind ?? '', spec ?? ''))
  expect(build.pods).toEqual([])
  expect(build.problems[0]?.message).toContain(message)
})

test.for([
  ['Deployment', 'replicas: null', 1],
  ['Deployment', 'minReadySeconds: 3600', 1],
  ['StatefulSet', 'replicas: 2, podManagementPolicy: Parallel', 2],
  ['StatefulSet', 'replicas: 2, podManagementPolicy: OrderedReady, minReadySeconds: 60', 2],
  ['DaemonSet', 'minReadySeconds: 60', 1],
  ['DaemonSet', 'replicas: 3', 1],
] as const)('%s {%s} has %i ready Pods', ([kind, spec, count]) => {
  const { slices } = buildCluster(workload(kind, spec) + HEADLESS)
  expect(slices.flatMap(({ endpoints }) => endpoints.map(({ ready }) => ready))).toEqual(
    Array.from({ length: count }, () => true),
  )
})

test.for(['template: {}', 'template: {metadata: {labels: null}, spec: null}'])(
  'a workload with %s makes Pods that no selector finds',
  (template) => {
    const build = buildCluster(workload('Deployment', 'replicas: 2', template) + HEADLESS)
    expect(build.pods).toHaveLength(2)
    expect(Object.keys(build.pods[0]?.labels ?? {})).toEqual(['pod-template-hash'])
    expect(codesOf(build)).toEqual(['SELECTOR_WITHOUT_PODS'])
  },
)

test('a workload without a template is refused', () => {
  const build = buildCluster('{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {}}')
  expect(codesOf(build)).toEqual(['FIELD_MISSING'])
})
