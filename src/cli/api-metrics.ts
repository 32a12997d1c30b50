import type { ApiWatch } from '../kubernetes/api/feed.ts'
import type { ReflectorStatus } from '../kubernetes/api/reflector-types.ts'
import { exponentialBounds } from '../metrics/histogram.ts'
import type { MetricsRegistry } from '../metrics/registry.ts'

/** A request to the API server that had a response, or none (status 0). */
export interface ApiRequestSample {
  readonly verb: string
  readonly host: string
  readonly status: number
  /** Until the head of the response. */
  readonly durationMs: number
}

/** A watch, and what tells it from those of other clusters. */
export interface ClusterWatch extends ApiWatch {
  /** Of the API server that was asked last, with its port unless that is the usual one; empty before the first request. */
  readonly host: string
  /** Of the cluster's objects, as kubectl takes it; empty for all. */
  readonly selector: string
}

/** Seconds, as client libraries of Prometheus have them. */
const REQUEST_BOUNDS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
/** From 1 ms to about 9 minutes, as CoreDNS has them. */
const PROGRAMMING_BOUNDS_SECONDS = exponentialBounds(0.001, 2, 20)

/** Metrics of the watches of live clusters, those of CoreDNS under its names. */
export class ApiMetrics {
  readonly #requests: ReturnType<MetricsRegistry['counter']>
  readonly #durations: ReturnType<MetricsRegistry['histogram']>
  readonly #programming: ReturnType<MetricsRegistry['histogram']>

  constructor(registry: MetricsRegistry, watches: () => readonly ClusterWatch[]) {
    this.#requests = registry.counter({
      name: 'coredns_kubernetes_rest_client_requests_total',
      help: 'Requests to the API server, by status code, method and host.',
      labels: ['code', 'method', 'host'],
    })
    this.#durations = registry.histogram({
      name: 'coredns_kubernetes_rest_client_request_duration_seconds',
      help: 'Seconds until the API server began to respond.',
      labels: ['verb', 'host'],
      upperBounds: REQUEST_BOUNDS_SECONDS,
    })
    this.#programming = registry.histogram({
      name: 'coredns_kubernetes_dns_programming_duration_seconds',
      help: 'Seconds from a change of endpoints to the answer that shows it.',
      labels: ['service_kind'],
      upperBounds: PROGRAMMING_BOUNDS_SECONDS,
    })
    for (const { name, help, type, value } of WATCH_METRICS) {
      registry.read({ name, help, labels: ['resource', 'namespace', 'host', 'selector'] }, type, () =>
        watches().flatMap(({ resource, namespace, host, selector, status }) => {
          const current = value(status)
          return current === undefined
            ? []
            : [{ labelValues: [resource.plural, namespace ?? '', host, selector], value: current }]
        }),
      )
    }
  }

  countRequest({ verb, host, status, durationMs }: ApiRequestSample): void {
    this.#requests.with(status === 0 ? '<error>' : String(status), verb, host).value++
    if (status !== 0) this.#durations.with(verb, host).observe(durationMs / 1000)
  }

  observeProgramming(serviceKind: string | undefined, durationMs: number): void {
    // Clocks of two machines differ a little.
    if (serviceKind !== undefined) this.#programming.with(serviceKind).observe(Math.max(0, durationMs) / 1000)
  }
}

interface WatchMetric {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge'
  /** Undefined where there is nothing to tell yet. */
  readonly value: (status: ReflectorStatus) => number | undefined
}

const WATCH_METRICS: readonly WatchMetric[] = [
  {
    name: 'slicedns_kubernetes_objects',
    help: 'Objects that are known.',
    type: 'gauge',
    value: ({ objects }) => objects,
  },
  {
    name: 'slicedns_kubernetes_synced',
    help: '1 from the first complete list on.',
    type: 'gauge',
    value: ({ hasSynced }) => Number(hasSynced),
  },
  {
    name: 'slicedns_kubernetes_last_list_timestamp_seconds',
    help: 'Unix time of the last complete list.',
    type: 'gauge',
    value: ({ lastListMs }) => lastListMs && lastListMs / 1000,
  },
  {
    name: 'slicedns_kubernetes_last_event_timestamp_seconds',
    help: 'Unix time of the last event, bookmark or list.',
    type: 'gauge',
    value: ({ lastEventMs }) => lastEventMs && lastEventMs / 1000,
  },
  {
    name: 'slicedns_kubernetes_watch_open_timestamp_seconds',
    help: 'Unix time at which the open watch was opened.',
    type: 'gauge',
    value: ({ watchSinceMs }) => watchSinceMs && watchSinceMs / 1000,
  },
  {
    name: 'slicedns_kubernetes_watch_restarts_total',
    help: 'Watches opened after the first.',
    type: 'counter',
    value: ({ restarts }) => restarts,
  },
  {
    name: 'slicedns_kubernetes_lists_total',
    help: 'Complete lists.',
    type: 'counter',
    value: ({ lists }) => lists,
  },
  {
    name: 'slicedns_kubernetes_malformed_streams_total',
    help: 'Streams that could not be read on, each followed by another.',
    type: 'counter',
    value: ({ malformedStreams }) => malformedStreams,
  },
  {
    name: 'slicedns_kubernetes_quarantined_objects',
    help: 'Objects that are served in part, or as they were before.',
    type: 'gauge',
    value: ({ quarantined }) => quarantined.size,
  },
  {
    name: 'slicedns_kubernetes_held_deletions',
    help: 'Deletions that wait for a second list to confirm them.',
    type: 'gauge',
    value: ({ held }) => held?.removed ?? 0,
  },
]
