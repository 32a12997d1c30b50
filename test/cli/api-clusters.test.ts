import { expect, onTestFinished, test } from 'vitest'

import { ApiClusters } from '../../src/cli/api-clusters.ts'
import type { ApiClusterOptions } from '../../src/kubernetes/api/api-cluster-options.ts'
import { ClusterStore } from '../../src/kubernetes/cluster-store.ts'
import { composeExposition } from '../../src/metrics/exposition.ts'
import { MetricsRegistry } from '../../src/metrics/registry.ts'
import { ApiServer } from '../helpers/api-server.ts'
import { eventually } from '../helpers/eventually.ts'

const EVERYTHING: Omit<ApiClusterOptions, 'credentials'> = {
  namespaces: undefined,
  namespaceSelectorText: '',
  watchesEndpoints: true,
  watchesPods: false,
  startupTimeoutMs: 5_000,
  guardsMassDelete: true,
}

const LOG = { info: () => {}, warn: () => {}, error: () => {} }

function slice(address: string, triggeredAt?: string) {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: 'db-1',
      namespace: 'shop',
      labels: { 'kubernetes.io/service-name': 'db' },
      annotations:
        triggeredAt === undefined ? {} : { 'endpoints.kubernetes.io/last-change-trigger-time': triggeredAt },
    },
    addressType: 'IPv4',
    ports: [{ name: 'sql', port: 5432, protocol: 'TCP' }],
    endpoints: [{ addresses: [address] }],
  }
}

test('ApiClusters shows what a live cluster is doing, and how soon changes are answered', async () => {
  const apiServer = await ApiServer.start()
  apiServer.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } })
  apiServer.put({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'db', namespace: 'shop' },
    spec: { clusterIP: 'None', clusterIPs: ['None'], ports: [{ name: 'sql', port: 5432, protocol: 'TCP' }] },
  })
  apiServer.put(slice('10.1.0.1'))
  const registry = new MetricsRegistry()
  const store = new ClusterStore({ nowSeconds: () => 0 })
  const credentials = { kind: 'endpoint', url: apiServer.url } as const
  const source = new ApiClusters(LOG, registry).source({ ...EVERYTHING, credentials }, '', store)
  onTestFinished(async () => {
    await source.stop()
    await apiServer.close()
  })
  const shown = () => composeExposition(registry.families()).split('\n')
  expect(shown().filter((line) => line.startsWith('slicedns_kubernetes_synced{'))).toEqual([])
  await source.start(store)
  const { host } = new URL(apiServer.url)
  const rest = `namespace="",host="${host}",selector=""`
  expect(shown()).toEqual(
    expect.arrayContaining([
      `slicedns_kubernetes_synced{resource="services",${rest}} 1`,
      `slicedns_kubernetes_objects{resource="endpointslices",${rest}} 1`,
      `slicedns_kubernetes_watch_restarts_total{resource="namespaces",${rest}} 0`,
      `coredns_kubernetes_rest_client_requests_total{code="200",method="GET",host="${host}"} 3`,
    ]),
  )
  apiServer.put(slice('10.1.0.2', new Date(Date.now() + 1000).toISOString()))
  await eventually(() =>
    expect(shown()).toContain(
      'coredns_kubernetes_dns_programming_duration_seconds_count{service_kind="headless_with_selector"} 1',
    ),
  )
  await source.stop()
  expect(shown().filter((line) => line.startsWith('slicedns_kubernetes_synced{'))).toEqual([])
})

test('ApiClusters tells clusters apart by the host of their API server and what is selected of them', async () => {
  const [one, other] = await Promise.all([ApiServer.start(), ApiServer.start()])
  const registry = new MetricsRegistry()
  const clusters = new ApiClusters(LOG, registry)
  const followed = [
    { url: one.url, labels: '', namespaceSelectorText: '' },
    { url: other.url, labels: '', namespaceSelectorText: '' },
    { url: one.url, labels: 'app=web', namespaceSelectorText: 'team in (a,b)' },
  ].map(({ url, labels, ...chosen }) => {
    const store = new ClusterStore({ nowSeconds: () => 0 })
    const cluster = { ...EVERYTHING, ...chosen, credentials: { kind: 'endpoint', url } } as const
    return { store, source: clusters.source(cluster, labels, store) }
  })
  onTestFinished(async () => {
    await Promise.all(followed.map(({ source }) => source.stop()))
    await Promise.all([one.close(), other.close()])
  })
  await Promise.all(followed.map(({ source, store }) => source.start(store)))
  const [host, otherHost] = [new URL(one.url).host, new URL(other.url).host]
  const shown = composeExposition(registry.families()).split('\n')
  expect(shown.filter((line) => line.startsWith('slicedns_kubernetes_synced{resource="services"'))).toEqual([
    `slicedns_kubernetes_synced{resource="services",namespace="",host="${host}",selector=""} 1`,
    `slicedns_kubernetes_synced{resource="services",namespace="",host="${otherHost}",selector=""} 1`,
    `slicedns_kubernetes_synced{resource="services",namespace="",host="${host}",selector="app=web; namespaces: team in (a,b)"} 1`,
  ])
  expect(shown.filter((line) => line.startsWith('# TYPE slicedns_kubernetes_synced'))).toHaveLength(1)
})
