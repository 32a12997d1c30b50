import { readdirSync, readFileSync } from 'node:fs'
import { constants, monitorEventLoopDelay, performance, PerformanceObserver } from 'node:perf_hooks'

import { exponentialBounds } from './histogram.ts'
import { ReaderScope } from './reader-scope.ts'
import type { MetricsReaders } from './reader-scope.ts'
import type { MetricsRegistry } from './registry.ts'

/** Any coarser and the delays that it shows are mostly its own. Costs a third of a per cent of one core. */
const LOOP_RESOLUTION_MS = 1

const GC_BOUNDS_SECONDS = exponentialBounds(0.000_5, 4, 7)

const GC_KINDS: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weak_callbacks',
}

/**
 * Shows what the process uses, under the names that Prometheus's client libraries share (`process_…`) and those of Node.js
 * (`nodejs_…`). Watches the event loop and the garbage collector until the function it returns is called.
 */
export function registerProcessMetrics(registry: MetricsRegistry): () => void {
  const readers = new ReaderScope(registry)
  registerUse(readers)
  registerFiles(readers)
  registerHeap(readers)
  const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS })
  loop.enable()
  registerLoop(readers, loop)
  const collector = watchCollector(registry)
  return () => {
    readers.end()
    loop.disable()
    collector.disconnect()
  }
}

/** Reads a value when it is asked for; left out where the system does not say. */
function show(
  readers: MetricsReaders,
  [type, name, help]: readonly ['counter' | 'gauge', string, string],
  read: () => number | undefined,
): void {
  readers.read({ name, help }, type, () => {
    const value = read()
    return value === undefined ? [] : [{ labelValues: [], value }]
  })
}

function registerUse(readers: MetricsReaders): void {
  show(readers, ['counter', 'process_cpu_seconds_total', 'CPU time used, user and system.'], () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  })
  show(readers, ['gauge', 'process_resident_memory_bytes', 'Memory in RAM.'], () => process.memoryUsage.rss())
  show(readers, ['gauge', 'process_virtual_memory_bytes', 'Size of the address space.'], () => {
    const pages = Number(readText('/proc/self/statm')?.split(' ')[0])
    return Number.isNaN(pages) ? undefined : pages * PAGE_OCTETS
  })
  const startSeconds = Math.round(performance.timeOrigin) / 1000
  show(
    readers,
    ['gauge', 'process_start_time_seconds', 'When the process started, since 1970.'],
    () => startSeconds,
  )
}

/** Of Linux on the processors that Node.js is made for; some ARM kernels have larger ones. */
const PAGE_OCTETS = 4096

function registerFiles(readers: MetricsReaders): void {
  show(readers, ['gauge', 'process_open_fds', 'File descriptors in use.'], countDescriptors)
  show(readers, ['gauge', 'process_max_fds', 'File descriptors that the process may use.'], () => {
    const found = /^Max open files\s+(\d+)/m.exec(readText('/proc/self/limits') ?? '')
    return found === null ? undefined : Number(found[1])
  })
}

function registerHeap(readers: MetricsReaders): void {
  const figures = [
    ['nodejs_heap_size_used_bytes', 'JavaScript heap in use.', 'heapUsed'],
    ['nodejs_heap_size_total_bytes', 'JavaScript heap reserved.', 'heapTotal'],
    ['nodejs_external_memory_bytes', 'Memory outside of the heap that JavaScript values hold.', 'external'],
    ['nodejs_array_buffers_bytes', 'The part of it that is array buffers.', 'arrayBuffers'],
  ] as const
  for (const [name, help, key] of figures)
    show(readers, ['gauge', name, help], () => process.memoryUsage()[key])
}

/** The time since the last scrape is what is told, so of several that scrape each sees a part. */
function registerLoop(readers: MetricsReaders, loop: ReturnType<typeof monitorEventLoopDelay>): void {
  readers.read(
    {
      name: 'nodejs_eventloop_delay_seconds',
      help: 'How late the event loop was since the last scrape.',
      labels: ['statistic'],
    },
    'gauge',
    () => {
      const statistics = [
        ['p50', loop.percentile(50)],
        ['p99', loop.percentile(99)],
        ['max', loop.max],
      ] as const
      const hasSeen = loop.count > 0
      loop.reset()
      return statistics.map(([statistic, nanoseconds]) => ({
        labelValues: [statistic],
        value: hasSeen ? Math.max(0, nanoseconds / 1e9 - LOOP_RESOLUTION_MS / 1000) : 0,
      }))
    },
  )
  let last = performance.eventLoopUtilization()
  show(
    readers,
    [
      'gauge',
      'nodejs_eventloop_utilization_ratio',
      'Part of the time since the last scrape that the event loop was busy.',
    ],
    () => {
      const now = performance.eventLoopUtilization()
      const { utilization } = performance.eventLoopUtilization(now, last)
      last = now
      return utilization
    },
  )
}

function watchCollector(registry: MetricsRegistry): PerformanceObserver {
  const pauses = registry.histogram({
    name: 'nodejs_gc_duration_seconds',
    help: 'Pauses of the garbage collector, by kind.',
    labels: ['kind'],
    upperBounds: GC_BOUNDS_SECONDS,
  })
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) pauses.with(kindOf(entry)).observe(entry.duration / 1000)
  })
  observer.observe({ entryTypes: ['gc'] })
  return observer
}

function kindOf(entry: object): string {
  const detail: unknown = 'detail' in entry ? entry.detail : undefined
  const kind: unknown = typeof detail === 'object' && detail !== null && 'kind' in detail ? detail.kind : 0
  return GC_KINDS[Number(kind)] ?? 'other'
}

function countDescriptors(): number | undefined {
  try {
    // One of them is the folder itself.
    return readdirSync('/proc/self/fd').length - 1
  } catch {
    return undefined
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
