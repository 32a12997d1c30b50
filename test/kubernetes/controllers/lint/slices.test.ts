import { expect, test } from 'vitest'

import { buildCluster, codesOf, problemsOf } from '../build-cluster.ts'

const SERVICE = '\n---\n{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]}}'

function slice(
  name: string,
  type: string,
  address: string,
  labels = 'kubernetes.io/service-name: web',
): string {
  return `\n---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: ${name}, labels: {${labels}}}, addressType: ${type}, endpoints: [{addresses: [${address}]}]}`
}

test('SLICE_WITHOUT_SERVICE where the label is missing, or names no Service', () => {
  expect(problemsOf(buildCluster(slice('a', 'IPv4', '10.0.0.1', '')))).toEqual([
    'SLICE_WITHOUT_SERVICE at metadata.labels.kubernetes.io/service-name: EndpointSlice default/a has no label kubernetes.io/service-name. Add it, with the name of a Service',
  ])
  expect(problemsOf(buildCluster(slice('a', 'IPv4', '10.0.0.1')))).toEqual([
    expect.stringContaining('is labelled for Service "web", which namespace "default" does not have'),
  ])
  expect(codesOf(buildCluster(SERVICE + slice('a', 'IPv4', '10.0.0.1')))).toEqual([])
})

test('FQDN_BESIDE_ADDRESSES where the Service has address slices too', () => {
  const fqdn = slice('f', 'FQDN', 'a.example')
  expect(problemsOf(buildCluster(SERVICE + fqdn + slice('a', 'IPv6', '"2001:db8::1"')))).toEqual([
    'FQDN_BESIDE_ADDRESSES at addressType: EndpointSlice default/f holds host names, but Service "web" has slices of addresses too: those win, and the host names have no effect. Remove one or the other',
  ])
  expect(codesOf(buildCluster(SERVICE + fqdn))).toEqual([])
})
