import { expect, test } from 'vitest'

import { createControllers } from '../../../src/kubernetes/controllers/controllers.ts'
import { buildCluster, codesOf, manifestsOf, sorted } from './build-cluster.ts'

const POD = '{apiVersion: v1, kind: Pod, metadata: {name: p, labels: {app: a}}}'

function service(name: string): string {
  return `\n---\n{apiVersion: v1, kind: Service, metadata: {name: ${name}}, spec: {selector: {app: a}, ports: [{port: 80}]}}`
}

test('at most 1,000,000 endpoints are made, and the Services that go short are reported', () => {
  const deployment =
    '{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {replicas: 20000, template: {metadata: {labels: {app: a}}}}}'
  const services = Array.from({ length: 52 }, (_, index) => service(`s-${index}`)).join('')
  const build = buildCluster(deployment + services)
  expect(build.slices.reduce((sum, { endpoints }) => sum + endpoints.length, 0)).toBe(1_000_000)
  expect(codesOf(build).filter((code) => code !== 'ADDRESS_COLLISION' && code !== 'MORE_PROBLEMS')).toEqual([
    'TOO_MANY_ENDPOINTS',
    'TOO_MANY_ENDPOINTS',
  ])
}, 60_000)

test('slices of a Service whose Pods changed are made anew, those of others stay the same values', () => {
  const other = `\n---\n{apiVersion: v1, kind: Service, metadata: {name: other}, spec: {selector: {app: b}, ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: q, labels: {app: b}}}`
  const manifests = manifestsOf(POD + service('web') + other)
  const build = createControllers()
  const before = sorted(build(manifests)).slices
  const [edited] = manifestsOf(POD.replace('app: a}', 'app: a}, deletionTimestamp: now'))
  const after = sorted(build([...manifests.slice(1), ...(edited === undefined ? [] : [edited])])).slices
  expect(after.map(({ name }) => name)).toEqual(before.map(({ name }) => name))
  expect(after.find(({ serviceName }) => serviceName === 'web')?.endpoints).toMatchObject([{ ready: false }])
  expect(after.find(({ serviceName }) => serviceName === 'other')).toBe(
    before.find(({ serviceName }) => serviceName === 'other'),
  )
})
