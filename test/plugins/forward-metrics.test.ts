import { expect, test } from 'vitest'

import { composeExposition } from '../../src/metrics/exposition.ts'
import { MetricsRegistry } from '../../src/metrics/registry.ts'
import { createForwardMetrics } from '../../src/plugins/forward-metrics.ts'

test('createForwardMetrics counts sockets by upstream and transport, under the labels of CoreDNS', () => {
  const registry = new MetricsRegistry()
  const metrics = createForwardMetrics(registry)
  const tls = { serverName: undefined }
  metrics.connected({ address: '192.0.2.1', port: 53 }, 'udp', false)
  for (const isReused of [false, true, true])
    metrics.connected({ address: '::1', port: 853, tls }, 'tcp-tls', isReused)
  const lines = composeExposition(registry.families())
    .split('\n')
    .filter((line) => line.startsWith('coredns_proxy_conn'))
  expect(lines).toEqual([
    'coredns_proxy_conn_cache_hits_total{proxy_name="forward",to="[::1]:853",proto="tcp-tls"} 2',
    'coredns_proxy_conn_cache_misses_total{proxy_name="forward",to="192.0.2.1:53",proto="udp"} 1',
    'coredns_proxy_conn_cache_misses_total{proxy_name="forward",to="[::1]:853",proto="tcp-tls"} 1',
  ])
})
