import { describe, expect, test } from 'vitest'

import { buildCluster, problemsOf } from '../build-cluster.ts'

const pod = (spec: string) =>
  `{apiVersion: v1, kind: Pod, metadata: {name: p, labels: {app: db}}, spec: {${spec}}}`
const service = (spec: string) =>
  `\n---\n{apiVersion: v1, kind: Service, metadata: {name: db}, spec: {${spec}}}`
const HEADLESS = service('clusterIP: None, selector: {app: db}')
const problems = (yaml: string) => problemsOf(buildCluster(yaml))

const workloadProblems = (kind: string, spec: string, podSpec: string) =>
  problems(
    `{apiVersion: apps/v1, kind: ${kind}, metadata: {name: w}, spec: {replicas: 3, ${spec}template: {spec: {${podSpec}}}}}`,
  )

describe('POD_HOSTNAME', () => {
  test.for([
    ['hostname: a', HEADLESS, 'spec.hostname', 'hostname "a" gives no name without a subdomain'],
    ['subdomain: db', HEADLESS, 'spec.subdomain', 'subdomain "db" gives no name without a hostname'],
    [
      'hostname: a, subdomain: bd',
      HEADLESS,
      'spec.subdomain',
      'subdomain "bd" names no Service in namespace "default"',
    ],
    [
      'hostname: a, subdomain: db',
      service('selector: {app: db}, ports: [{port: 1}]'),
      'spec.subdomain',
      'subdomain "db" names a Service that is not headless',
    ],
  ])('{%s}', ([spec, other, path, message]) => {
    expect(problems(pod(spec ?? '') + other)).toEqual([
      expect.stringContaining(`POD_HOSTNAME at ${path}: Pod default/p: ${message}`),
    ])
  })

  test('a Service that does not select the Pod', () => {
    expect(
      problems(pod('hostname: a, subdomain: db') + service('clusterIP: None, selector: {app: x}')),
    ).toContainEqual(
      expect.stringContaining(
        'subdomain "db" names a Service that does not select it. Give it the labels app=x',
      ),
    )
  })

  test('not where hostname and subdomain give a name, nor where there is neither', () => {
    expect(problems(pod('hostname: a, subdomain: db') + HEADLESS)).toEqual([])
    expect(problems(pod('') + HEADLESS)).toEqual([])
  })

  test('a workload is reported once, at its template, and a StatefulSet at its serviceName', () => {
    expect(workloadProblems('Deployment', '', 'hostname: a, subdomain: db')).toEqual([
      expect.stringContaining(
        'POD_HOSTNAME at spec.template.spec.subdomain: Deployment default/w: subdomain "db" names no',
      ),
    ])
    expect(workloadProblems('StatefulSet', 'serviceName: db, ', '')).toEqual([
      expect.stringContaining(
        'POD_HOSTNAME at spec.serviceName: StatefulSet default/w: serviceName "db" names no Service',
      ),
    ])
    expect(workloadProblems('StatefulSet', '', '')).toEqual([])
  })
})
