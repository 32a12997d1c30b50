import { expect, test } from 'vitest'

import { buildCluster, problemsOf } from '../build-cluster.ts'

const workload = (kind: string, selector: string, labels: string) =>
  `{apiVersion: ${kind === 'Job' ? 'batch/v1' : 'apps/v1'}, kind: ${kind}, metadata: {name: web}, spec: {selector: ${selector}, template: {metadata: {labels: ${labels}}}}}`

test.each(['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'])(
  'a %s whose template lacks a label of its selector is reported, and its Pods are served',
  (kind) => {
    const build = buildCluster(workload(kind, '{matchLabels: {app: web, tier: front}}', '{app: web}'))
    expect(problemsOf(build)).toEqual([
      `WORKLOAD_SELECTOR at spec.template.metadata.labels: ${kind} default/web: its template lacks the labels of its selector, app=web, tier=front, so Kubernetes refuses it. Give both the same`,
    ])
    expect(build.pods).toHaveLength(1)
  },
)

test.each([
  ['Deployment', '{matchLabels: {app: web}}', '{app: web, more: x}'],
  ['Deployment', 'null', '{app: web}'],
  ['Deployment', '{matchLabels: {app: web}, matchExpressions: [{key: x, operator: Exists}]}', '{}'],
  ['Job', '{matchLabels: {controller-uid: x}}', '{app: web}'],
])('a %s with selector %s and labels %s is not', (kind, selector, labels) => {
  expect(problemsOf(buildCluster(workload(kind, selector, labels)))).toEqual([])
})
