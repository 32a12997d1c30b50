import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { createControllers } from '../../../src/kubernetes/controllers/controllers.ts'
import type { Manifest } from '../../../src/kubernetes/manifests/manifest.ts'
import { buildCluster, manifestsOf, problemsOf, sorted } from './build-cluster.ts'

/** A bit of everything, with names chosen from few, so that objects refer to each other. */
const CLUSTER = manifestsOf(`
{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: a}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ipFamilyPolicy: PreferDualStack, ports: [{name: http, port: 80, targetPort: web}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: db, namespace: shop}, spec: {clusterIP: None, selector: {app: db}}}
---
{apiVersion: v1, kind: Service, metadata: {name: out, namespace: shop}, spec: {ports: [{port: 443}]}}
---
{apiVersion: v1, kind: Endpoints, metadata: {name: out, namespace: shop}, subsets: [{addresses: [{ip: 192.0.2.1}, {ip: "2001:db8::1"}], ports: [{port: 443}]}]}
---
{apiVersion: v1, kind: Endpoints, metadata: {name: gone, namespace: shop}, subsets: []}
---
{apiVersion: v1, kind: Service, metadata: {name: hand, namespace: shop}, spec: {clusterIP: 10.96.0.10, ports: [{port: 53}]}}
---
{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: hand-1, namespace: shop, labels: {kubernetes.io/service-name: hand}}, addressType: IPv4, ports: [{port: 53}], endpoints: [{addresses: [192.0.2.2]}, {addresses: [bad]}]}
---
{apiVersion: v1, kind: Service, metadata: {name: ext, namespace: shop}, spec: {type: ExternalName, externalName: 192.0.2.3}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 3, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, ports: [{name: web, containerPort: 8080}]}]}}}}
---
{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: shop}, spec: {replicas: 2, serviceName: db, template: {metadata: {labels: {app: db}}, spec: {}}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop, labels: {app: web}}, status: {podIP: 192.0.2.9}}
---
{apiVersion: v1, kind: Service, metadata: {name: broken, namespace: shop}, spec: {ports: none}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: conf}}
`)

/** Position line says which document: kept out, as the order of the documents changes here. */
function outcome(manifests: readonly Manifest[]): unknown {
  const build = createControllers()(manifests)
  return { objects: build.objects, ignored: [...build.ignoredKinds], problems: problemsOf(build).toSorted() }
}

describe('createControllers', () => {
  test('property: the order of the manifests does not matter', () => {
    const inOrder = outcome(CLUSTER)
    fc.assert(
      fc.property(fc.shuffledSubarray(CLUSTER, { minLength: CLUSTER.length }), (shuffled) => {
        expect(outcome(shuffled)).toEqual(inOrder)
      }),
      { numRuns: 50 },
    )
  })

  test('the same manifests again give the same values', () => {
    const build = createControllers()
    const first = build(CLUSTER)
    const second = build(CLUSTER)
    expect(problemsOf(second)).toEqual(problemsOf(first))
    expect(second.objects).toEqual(first.objects)
    const kept = second.objects.filter(
      (object, index) => object.kind !== 'Namespace' && object !== first.objects[index],
    )
    expect(kept).toEqual([])
  })

  test('property: after any history the cluster is that of a fresh start, where nothing collides', () => {
    const subset = fc.subarray(CLUSTER)
    fc.assert(
      fc.property(fc.array(subset, { maxLength: 5 }), subset, (history, last) => {
        const build = createControllers()
        for (const manifests of history) build(manifests)
        const { objects, problems } = build(last)
        const fresh = createControllers()(last)
        expect(objects).toEqual(fresh.objects)
        expect(problems).toEqual(fresh.problems)
      }),
      { numRuns: 100 },
    )
  })

  test('objects come once each, ordered by kind, namespace and name', () => {
    const { objects } = createControllers()(CLUSTER)
    const keys = objects.map(
      (object) => `${object.kind} ${object.kind === 'Namespace' ? '' : object.namespace}/${object.name}`,
    )
    expect(new Set(keys).size).toBe(keys.length)
    expect([...new Set(objects.map(({ kind }) => kind))]).toEqual([
      'Namespace',
      'Service',
      'Pod',
      'EndpointSlice',
    ])
  })

  test('property: any value anywhere is served or reported, never thrown', () => {
    const places = CLUSTER.flatMap((manifest) =>
      [...pathsOf(manifest.raw)].map((path) => ({ manifest, path })),
    )
    const value = fc.oneof(
      fc.constantFrom(null, '', 0, -1, 1e9, true, 'x', '*', [], {}, [null], [{}]),
      fc.jsonValue(),
    )
    fc.assert(
      fc.property(fc.constantFrom(...places), value, ({ manifest, path }, put) => {
        const raw = replaced(manifest.raw, path, put)
        const build = createControllers()([
          ...CLUSTER.filter((other) => other !== manifest),
          { ...manifest, raw },
        ])
        for (const { message, code } of build.problems) expect([message, code]).not.toContain('')
      }),
      { numRuns: 2000 },
    )
  })

  test('a written slice keeps a name that would be generated', () => {
    const yaml = `{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {clusterIP: None, selector: {app: a}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: p, labels: {app: a}}}`
    const [generated] = buildCluster(yaml).slices
    const hand = `
---
{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: ${generated?.name ?? ''}, labels: {kubernetes.io/service-name: a}}, addressType: IPv4, endpoints: [{addresses: [192.0.2.1]}]}`
    const names = buildCluster(yaml + hand).slices.map(({ name }) => name)
    expect(names).toContain(generated?.name)
    expect(new Set(names).size).toBe(2)
    const build = createControllers()
    build(manifestsOf(yaml))
    expect(sorted(build(manifestsOf(yaml + hand))).slices.map(({ name }) => name)).toEqual(names)
  })
})

type Path = readonly (string | number)[]

/** The paths of all values in a value. */
function* pathsOf(value: unknown, above: Path = []): Generator<Path> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, item] of Object.entries(value)) {
    const path = [...above, Array.isArray(value) ? Number(key) : key]
    yield path
    yield* pathsOf(item, path)
  }
}

function replaced(raw: Readonly<Record<string, unknown>>, path: Path, put: unknown): Record<string, unknown> {
  const copy: Record<string, unknown> = structuredClone(raw)
  let parent: Record<string | number, unknown> = copy
  for (const key of path.slice(0, -1)) parent = Object(parent[key])
  parent[path.at(-1) ?? ''] = put
  return copy
}
