import type { ClusterStore } from '../kubernetes/cluster-store.ts'
import type { ApiClusterOptions } from '../kubernetes/api/api-cluster-options.ts'
import { ApiSource } from '../kubernetes/api/api-source.ts'
import type { Clock } from '../kubernetes/api/clock.ts'
import { createCredentials } from '../kubernetes/api/credentials/create-credentials.ts'
import { createHttpsTransport } from '../kubernetes/api/https-transport.ts'
import type { EndpointSlice } from '../kubernetes/objects.ts'
import type { Source } from '../kubernetes/source.ts'
import type { MetricsRegistry } from '../metrics/registry.ts'
import type { Log } from '../plugins/plugin.ts'
import type { ClusterWatch } from './api-metrics.ts'
import { ApiMetrics } from './api-metrics.ts'
import { version } from './version.ts'

/** Makes the sources of live clusters, and shows what they do as metrics. */
export class ApiClusters {
  readonly #log: Log
  readonly #metrics: ApiMetrics
  /** In the order of their start: of two that share host and selector, metrics show the last. */
  readonly #followed = new Set<FollowedCluster>()

  constructor(log: Log, registry: MetricsRegistry) {
    this.#log = log
    this.#metrics = new ApiMetrics(registry, () => [...this.#followed].flatMap(watchesOf))
  }

  source(cluster: ApiClusterOptions, labelSelector: string, store: ClusterStore): Source {
    const selector = selectorOf(labelSelector, cluster.namespaceSelectorText)
    const source = new ApiSource({
      cluster,
      labelSelector,
      transport: createHttpsTransport({
        credentials: createCredentials(cluster.credentials, { variables: process.env }),
        userAgent: `SliceDNS/${version()}`,
        onRequest: (request) => {
          followed.host = request.host
          this.#metrics.countRequest(request)
        },
      }),
      clock: CLOCK,
      random: Math.random,
      log: this.#log,
      onSliceChanged: (slice, triggeredMs) => {
        this.#metrics.observeProgramming(kindOf(slice, store), Date.now() - triggeredMs)
      },
    })
    const followed: FollowedCluster = { source, selector, host: '' }
    return {
      start: (sink) => {
        this.#followed.add(followed)
        return source.start(sink)
      },
      stop: () => {
        this.#followed.delete(followed)
        return source.stop()
      },
    }
  }
}

/** A live cluster, and what tells it from others in metrics. */
interface FollowedCluster {
  readonly source: ApiSource
  readonly selector: string
  /** Of the last request; a kubeconfig may name another one by now. */
  host: string
}

function watchesOf({ source, selector, host }: FollowedCluster): readonly ClusterWatch[] {
  return source.watches.map((watch) => ({ ...watch, selector, host }))
}

/** One text for both kinds of label selectors. */
function selectorOf(labels: string, namespaceLabels: string): string {
  const ofNamespaces = namespaceLabels === '' ? [] : [`namespaces: ${namespaceLabels}`]
  return [...(labels === '' ? [] : [labels]), ...ofNamespaces].join('; ')
}

const CLOCK: Clock = {
  nowMs: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs).unref()
    return () => clearTimeout(timer)
  },
}

/** Of the Service that a slice with a trigger belongs to, as CoreDNS names them; undefined where it is not known. */
function kindOf({ namespace, serviceName }: EndpointSlice, store: ClusterStore): string | undefined {
  const service = store.entry(namespace, serviceName)?.service
  if (service === undefined) return undefined
  return service.type === 'Headless' ? 'headless_with_selector' : 'cluster_ip'
}
