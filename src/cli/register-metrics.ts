import type { Counters } from '../metrics/counters.ts'
import { registerProcessMetrics } from '../metrics/process-metrics.ts'
import { ReaderScope } from '../metrics/reader-scope.ts'
import type { MetricsRegistry } from '../metrics/registry.ts'
import { registerServerMetrics } from '../metrics/server-metrics.ts'
import type { EnabledDirective } from './plan-blocks.ts'
import { version } from './version.ts'

export interface MetricSources {
  readonly counters: Counters
  /** Those of the configuration in force. */
  readonly enabledDirectives: () => readonly EnabledDirective[]
}

/** Shows what the process knows beside what directives count, until the function it returns is called. */
export function registerMetrics(registry: MetricsRegistry, sources: MetricSources): () => void {
  const build = registry.gauge({
    name: 'coredns_build_info',
    help: 'Always 1; the version of SliceDNS and of what it runs on.',
    labels: ['version', 'revision', 'goversion'],
  })
  build.with(version(), '', `node${process.versions.node}`).value = 1
  const readers = new ReaderScope(registry)
  readers.read(
    {
      name: 'coredns_plugin_enabled',
      help: 'Always 1 for each directive of a server block whose queries are counted.',
      labels: ['server', 'zone', 'view', 'name'],
    },
    'gauge',
    () =>
      sources
        .enabledDirectives()
        .map(({ server, zone, view, name }) => ({ labelValues: [server, zone, view, name], value: 1 })),
  )
  registerServerMetrics(readers, sources.counters)
  const stop = registerProcessMetrics(registry)
  return () => {
    readers.end()
    stop()
  }
}
