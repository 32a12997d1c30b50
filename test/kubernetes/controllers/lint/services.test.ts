import { describe, expect, test } from 'vitest'

import { buildCluster, problemsOf } from '../build-cluster.ts'

function service(spec: string): string {
  return `{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {${spec}}}`
}

const POD = '\n---\n{apiVersion: v1, kind: Pod, metadata: {name: p, labels: {app: web}}}'
const NOT_READY =
  '\n---\n{apiVersion: v1, kind: Pod, metadata: {name: p, labels: {app: web}}, status: {conditions: [{type: Ready, status: "False"}]}}'
const SLICE =
  '\n---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s, labels: {kubernetes.io/service-name: web}}, addressType: IPv4, endpoints: [{addresses: [10.0.0.1]}]}'

const problems = (yaml: string) => problemsOf(buildCluster(yaml))

describe('EXTERNAL_NAME', () => {
  test.for(['192.0.2.1', '2001:db8::1', 'https://example.com', 'example.com:80', 'a b'])('%s', (name) => {
    expect(problems(service(`type: ExternalName, externalName: "${name}"`))).toEqual([
      expect.stringContaining(
        `EXTERNAL_NAME at spec.externalName: Service default/web: externalName "${name}" is not`,
      ),
    ])
  })

  test.for(['example.com', 'Example.COM.', 'localhost', '1.example'])('not %s', (name) => {
    expect(problems(service(`type: ExternalName, externalName: ${name}`))).toEqual([])
  })
})

describe('SERVICE_PORTS', () => {
  test.for([
    ['ports: []', 'spec.ports', 'has no ports'],
    ['ports: [{port: 1}, {port: 2, name: b}]', 'spec.ports.0', 'spec.ports[0] needs a name'],
    ['ports: [{port: 1, name: b}, {port: 2, name: b}]', 'spec.ports.1.name', 'two ports are named "b"'],
  ])('{%s} at %s', ([spec, path, message]) => {
    expect(problems(service(spec ?? ''))).toEqual([
      expect.stringContaining(`SERVICE_PORTS at ${path}: Service default/web: ${message}`),
    ])
  })

  test('not for one port without a name, nor for an ExternalName Service', () => {
    expect(problems(service('ports: [{port: 1}]'))).toEqual([])
    expect(problems(service('type: ExternalName, externalName: a.example'))).toEqual([])
  })
})

describe('SELECTOR_WITHOUT_PODS', () => {
  test('names the labels and the namespace', () => {
    expect(problems(service('selector: {app: web, tier: x}, ports: [{port: 80}]') + POD)).toEqual([
      'SELECTOR_WITHOUT_PODS at spec.selector: Service default/web selects no Pod: none in namespace "default" has app=web, tier=x. Mend the selector or the Pods\' labels',
    ])
  })

  test('not where a Pod, ready or not, or a written slice is there', () => {
    const selecting = service('selector: {app: web}, ports: [{port: 80}]')
    expect(problems(selecting + POD)).toEqual([])
    expect(problems(selecting + NOT_READY)).toEqual([])
    expect(problems(selecting + SLICE)).toEqual([])
  })
})

test('TARGET_PORT where a Pod has no port of that name and protocol', () => {
  expect(problems(service('selector: {app: web}, ports: [{port: 80, targetPort: http}]') + POD)).toEqual([
    'TARGET_PORT at spec.ports.0.targetPort: Service default/web: no container of Pod default/p has a TCP port named "http", so that Pod has no such port. Name the container\'s port, or write a number',
  ])
})

describe('HEADLESS_WITHOUT_ENDPOINTS', () => {
  test('no endpoints at all', () => {
    expect(problems(service('clusterIP: None'))).toEqual([
      expect.stringContaining(
        'HEADLESS_WITHOUT_ENDPOINTS at : Service default/web is headless and has no endpoints',
      ),
    ])
  })

  test('Pods that have ended are none', () => {
    const ended =
      '\n---\n{apiVersion: v1, kind: Pod, metadata: {name: p, labels: {app: web}}, status: {phase: Failed}}'
    expect(problems(service('clusterIP: None, selector: {app: web}') + ended)).toEqual([
      expect.stringContaining('has no endpoints: the Pods it selects have ended'),
    ])
  })

  test('none that is ready', () => {
    expect(problems(service('clusterIP: None, selector: {app: web}') + NOT_READY)).toEqual([
      expect.stringContaining('is headless and has no ready endpoint (1 not ready)'),
    ])
  })

  test('not where publishNotReadyAddresses has them all the same, nor beside another report', () => {
    const published = 'clusterIP: None, selector: {app: web}, publishNotReadyAddresses: true'
    expect(problems(service(published) + NOT_READY)).toEqual([])
    expect(problems(service('clusterIP: None') + SLICE)).toEqual([])
    expect(problems(service('clusterIP: None, selector: {app: none}'))).toHaveLength(1)
  })
})
