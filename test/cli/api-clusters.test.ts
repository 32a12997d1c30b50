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
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  const credentials = { kind: 'endpoint', url: apiServer.url } as const
  const source = new ApiClusters(log, registry).source({ ...EVERYTHING, credentials }, '', store)
  onTestFinished(async () => {
    await source.stop()
    await apiServer.close()
  })
  const shown = () => composeExposition(registry.families()).split('\n')
  expect(shown().filter((line) => line.startsWith('slicedns_kubernetes_synced{'))).toEqual([])
  await source.start(store)
  expect(shown()).toEqual(
    expect.arrayContaining([
      'slicedns_kubernetes_synced{resource="services",namespace=""} 1',
      'slicedns_kubernetes_objects{resource="endpointslices",namespace=""} 1',
      'slicedns_kubernetes_watch_restarts_total{resource="namespaces",namespace=""} 0',
      `coredns_kubernetes_rest_client_requests_total{code="200",method="GET",host="${new URL(apiServer.url).host}"} 3`,
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
