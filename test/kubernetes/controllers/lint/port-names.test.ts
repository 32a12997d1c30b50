import { expect, test } from 'vitest'

import { buildCluster, problemsOf } from '../build-cluster.ts'

function service(ports: string): string {
  return `\n---\n{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [${ports}]}}`
}

function endpoints(ports: string): string {
  return `\n---\n{apiVersion: v1, kind: Endpoints, metadata: {name: web}, subsets: [{addresses: [{ip: 10.0.0.1}], ports: [${ports}]}]}`
}

function slice(ports: string): string {
  return `\n---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s, labels: {kubernetes.io/service-name: web}}, addressType: IPv4, ports: [${ports}], endpoints: [{addresses: [10.0.0.1]}]}`
}

const problems = (yaml: string) => problemsOf(buildCluster(yaml))
const HTTP = service('{name: http, port: 80}')

test('PORT_NAME where a port of Endpoints has another name than the Service gives', () => {
  expect(problems(HTTP + endpoints('{name: web, port: 80}'))).toEqual([
    'PORT_NAME at subsets.0.ports.0.name: Endpoints default/web: port "web" (TCP) matches no port of Service default/web, which has "http" (TCP). Give both the same name and protocol',
  ])
  expect(problems(HTTP + endpoints('{port: 80}'))).toEqual([
    expect.stringContaining('port "" (TCP) matches no port'),
  ])
  expect(problems(service('{port: 80}') + endpoints('{name: http, port: 80}'))).toHaveLength(1)
})

test('PORT_NAME where a port of a written slice has another name or protocol', () => {
  expect(problems(HTTP + slice('{name: web, port: 80}'))).toEqual([
    expect.stringMatching(/^PORT_NAME at ports\.0\.name/),
  ])
  expect(problems(HTTP + slice('{name: http, port: 80, protocol: UDP}'))).toHaveLength(1)
})

test('not PORT_NAME where names agree, whatever the numbers, nor for a Service without ports', () => {
  expect(problems(HTTP + endpoints('{name: http, port: 8080}'))).toEqual([])
  expect(problems(service('{port: 80}') + slice('{name: "", port: 9376}'))).toEqual([])
  const headless = '{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: None}}'
  expect(problems(headless + slice('{name: any, port: 1}'))).toEqual([])
})
