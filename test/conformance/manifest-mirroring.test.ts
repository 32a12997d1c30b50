import { expect, test } from 'vitest'

import { codesIn, type YamlCluster, yamlCluster } from '../helpers/yaml-cluster.ts'

const addresses = (network: number, count: number) =>
  Array.from({ length: count }, (_, index) => `{ip: 10.${network}.${index >> 8}.${index & 255}}`).join(', ')
const mirrored = (...subsets: readonly string[]) => `
{apiVersion: v1, kind: Service, metadata: {name: out, namespace: shop}, spec: {clusterIP: None}}
---
{apiVersion: v1, kind: Endpoints, metadata: {name: out, namespace: shop}, subsets: [${subsets.join(', ')}]}`
const sizes = ({ store }: YamlCluster) =>
  (store.entry('shop', 'out')?.slices ?? [])
    .map(({ endpoints }) => endpoints.length)
    .toSorted((a, b) => b - a)

test('mirroring counts 1,000 addresses for each subset, in slices of 1,000 for each set of ports', async () => {
  const here = await yamlCluster(
    mirrored(
      `{ports: [{name: a, port: 1}], addresses: [${addresses(1, 1500)}]}`,
      `{ports: [{name: a, port: 1}], addresses: [${addresses(2, 700)}]}`,
      `{ports: [{name: b, port: 2}], addresses: [${addresses(3, 1200)}]}`,
    ),
  )
  expect(sizes(here)).toEqual([1000, 1000, 700])
  expect(here.answers('out.shop A')).toHaveLength(2701)
  expect(here.answers('_a._tcp.out.shop SRV')).toHaveLength(1701)
  expect(here.answers('_b._tcp.out.shop SRV')).toHaveLength(1001)
  expect(here.answers('10-1-3-231.out.shop A')).toEqual(['positive', 'A 10.1.3.231'])
  expect(here.answers('10-1-3-232.out.shop A')).toEqual(['nxdomain'])
  expect(here.reverse('232.3.1.10.in-addr.arpa')).toEqual([])
  expect(codesIn(here)).toEqual(['ENDPOINTS_TOO_MANY', 'ENDPOINTS_TOO_MANY'])
})

test('of mirrored addresses, those that are not ready have what the ready ones leave', async () => {
  const here = await yamlCluster(
    mirrored(
      `{ports: [{port: 1}], notReadyAddresses: [${addresses(2, 300)}], addresses: [${addresses(1, 900)}]}`,
    ),
  )
  expect(sizes(here)).toEqual([1000])
  expect(here.answers('out.shop A')).toHaveLength(901)
  expect(here.answers('10-2-0-0.out.shop A')).toEqual(['nxdomain'])
  expect(here.reason('10-2-0-99.out.shop A')).toContain('is not ready')
  expect(here.reason('10-2-0-100.out.shop A')).toContain('has no endpoint')
})

test('a mirrored address in two subsets is one record with the ports of both', async () => {
  const here = await yamlCluster(
    mirrored(
      '{ports: [{name: a, port: 1}], addresses: [{ip: 10.1.0.1}]}',
      '{ports: [{name: b, port: 2}], addresses: [{ip: 10.1.0.1}, {ip: "fd00::1"}]}',
      '{ports: [{name: b, port: 2}], addresses: [{ip: 10.1.0.1}]}',
    ),
  )
  expect(here.answers('out.shop A')).toEqual(['positive', 'A 10.1.0.1'])
  expect(here.answers('out.shop AAAA')).toEqual(['positive', 'AAAA fd00::1'])
  expect(here.answers('10-1-0-1.out.shop SRV').toSorted()).toEqual([
    'SRV 0 50 1 10-1-0-1.out.shop.svc.cluster.local.',
    'SRV 0 50 2 10-1-0-1.out.shop.svc.cluster.local.',
    'positive',
  ])
})

test('mirrored addresses that cannot be served do not count', async () => {
  const bad = Array.from({ length: 50 }, () => '{ip: 127.0.0.1}').join(', ')
  const here = await yamlCluster(mirrored(`{ports: [{port: 1}], addresses: [${bad}, ${addresses(1, 1000)}]}`))
  expect(here.answers('out.shop A')).toHaveLength(1001)
  expect(codesIn(here).filter((code) => code !== 'ENDPOINT_ADDRESS')).toEqual(['MORE_PROBLEMS'])
})
