import type { ForwarderObserver } from '../forward/forwarder-options.ts'
import { upstreamToText } from '../forward/upstream-address.ts'
import type { Upstream } from '../forward/upstream-address.ts'
import { TIME_BOUNDS_SECONDS } from '../metrics/histogram.ts'
import type { MetricsRegistry } from '../metrics/registry.ts'
import { rcodeToText } from '../wire/rcode.ts'

/** What CoreDNS says is asking, for metrics that other directives could share. */
const PROXY_NAME = 'forward'

/** Counts what all forwarders do, under CoreDNS's names. */
export function createForwardMetrics(registry: MetricsRegistry): ForwarderObserver {
  const durations = registry.histogram({
    name: 'coredns_proxy_request_duration_seconds',
    help: 'Time until an upstream replied.',
    labels: ['proxy_name', 'to', 'rcode'],
    upperBounds: TIME_BOUNDS_SECONDS,
  })
  const failedProbes = registry.counter({
    name: 'coredns_proxy_healthcheck_failures_total',
    help: 'Probes that an upstream did not answer.',
    labels: ['proxy_name', 'to'],
  })
  const connections = (name: string, help: string) =>
    registry.counter({ name, help, labels: ['proxy_name', 'to', 'proto'] })
  const reused = connections(
    'coredns_proxy_conn_cache_hits_total',
    'Queries that went over a connection that was open before.',
  )
  const opened = connections(
    'coredns_proxy_conn_cache_misses_total',
    'Queries for which a socket or connection was opened.',
  )
  const allDown = registry.counter({
    name: 'coredns_forward_healthcheck_broken_total',
    help: 'Queries that came while all upstreams were down.',
  })
  const rejected = registry.counter({
    name: 'coredns_forward_max_concurrent_rejects_total',
    help: 'Queries that failed at once because too many were waiting for upstreams.',
  })
  const mismatches = registry.counter({
    name: 'slicedns_forward_mismatches_total',
    help: "Messages from an upstream's address that were not the reply waited for.",
  })
  return {
    // RCODEs above 15 do not come this far, so there are few.
    replied: (upstream, rcode, durationMs) =>
      durations.with(PROXY_NAME, toLabel(upstream), rcodeToText(rcode)).observe(durationMs / 1000),
    probeFailed: (upstream) => void failedProbes.with(PROXY_NAME, toLabel(upstream)).value++,
    allDown: () => void allDown.with().value++,
    rejected: () => void rejected.with().value++,
    connected: (upstream, proto, isReused) =>
      void (isReused ? reused : opened).with(PROXY_NAME, toLabel(upstream), proto).value++,
    mismatched: () => void mismatches.with().value++,
  }
}

/** Address and port, without the transport, as CoreDNS has it. */
function toLabel({ address, port }: Upstream): string {
  return upstreamToText({ address, port })
}
