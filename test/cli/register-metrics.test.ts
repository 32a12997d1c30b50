import { expect, test } from 'vitest'

import { registerMetrics } from '../../src/cli/register-metrics.ts'
import { createCounters } from '../../src/metrics/counters.ts'
import { composeExposition } from '../../src/metrics/exposition.ts'
import { MetricsRegistry } from '../../src/metrics/registry.ts'

const DIRECTIVES = [{ server: 'dns://:53', zone: '.', view: '', name: 'forward' }]

test('registerMetrics shows nothing of the process any more once it has ended, and leaves no readers behind', () => {
  const registry = new MetricsRegistry()
  const shown = () => composeExposition(registry.families())
  const end = registerMetrics(registry, { counters: createCounters(), enabledDirectives: () => DIRECTIVES })
  const names = ['process_open_fds', 'nodejs_heap_size', 'slicedns_replies_total', 'coredns_plugin_enabled']
  const read = names.filter((name) => shown().includes(name))
  expect(read).toContain('slicedns_replies_total')
  end()
  expect(read.filter((name) => shown().includes(name))).toEqual([])
})
