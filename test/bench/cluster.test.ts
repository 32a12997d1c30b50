import { loadAll } from 'js-yaml'
import { expect, test } from 'vitest'
import { composeYaml, makeCluster } from '../../bench/cluster.ts'

const SIZE = { serviceCount: 300, endpointsPerSlice: 10 }

test('makeCluster gives one Namespace object each, one Service and one slice per Service', () => {
  const { namespaces, services, objects } = makeCluster(SIZE)
  const count = (kind: string) => objects.filter((object) => object.kind === kind).length
  expect(count('Namespace')).toBe(namespaces.length)
  expect(count('Service')).toBe(services.length)
  expect(count('EndpointSlice')).toBe(300)
})

test('makeCluster makes every tenth Service headless, in every namespace', () => {
  const headless = makeCluster(SIZE).services.filter(({ clusterIP }) => clusterIP === undefined)
  expect(headless).toHaveLength(30)
  expect(new Set(headless.map(({ namespace }) => namespace)).size).toBe(10)
})

test('makeCluster gives every Service and every endpoint an address of its own', () => {
  const { services } = makeCluster({ serviceCount: 1000, endpointsPerSlice: 10 })
  const clusterIPs = services.flatMap(({ clusterIP }) => clusterIP ?? [])
  const endpoints = services.flatMap(({ endpointAddresses }) => endpointAddresses)
  expect(new Set([...clusterIPs, ...endpoints]).size).toBe(900 + 10_000)
  expect(clusterIPs[0]).toBe('10.96.0.1')
  expect(endpoints.at(-1)).toBe('10.128.39.16')
})

test('makeCluster without endpoints gives no slices', () => {
  const { objects } = makeCluster({ serviceCount: 20, endpointsPerSlice: 0 })
  expect(objects.some(({ kind }) => kind === 'EndpointSlice')).toBe(false)
})

test('composeYaml gives the same objects when it is read', () => {
  const { objects } = makeCluster(SIZE)
  expect(loadAll(composeYaml(objects))).toEqual(objects)
})
