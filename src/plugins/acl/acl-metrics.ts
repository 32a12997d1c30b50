import type { MetricsRegistry } from '../../metrics/registry.ts'
import type { BlockContext } from '../plugin.ts'
import type { AclDecision } from './acl-rules.ts'

/** Counts decisions as CoreDNS does. `server` is the first place where the block listens. */
export function createAclMetrics(
  metrics: MetricsRegistry,
  { server, viewName }: Pick<BlockContext, 'server' | 'viewName'>,
): { count(decision: AclDecision): void } {
  const allowed = metrics
    .counter({
      name: 'coredns_acl_allowed_requests_total',
      help: 'Queries that the acl allowed.',
      labels: ['server', 'view'],
    })
    .with(server, viewName)
  const labels = ['server', 'zone', 'view']
  const denied = {
    block: metrics.counter({
      name: 'coredns_acl_blocked_requests_total',
      help: 'Queries that the acl refused.',
      labels,
    }),
    filter: metrics.counter({
      name: 'coredns_acl_filtered_requests_total',
      help: 'Queries that the acl answered with nothing.',
      labels,
    }),
    drop: metrics.counter({
      name: 'coredns_acl_dropped_requests_total',
      help: 'Queries that the acl did not answer.',
      labels,
    }),
  }
  return {
    count({ action, zone }) {
      if (action === 'allow') allowed.value++
      else denied[action].with(server, zone, viewName).value++
    },
  }
}
