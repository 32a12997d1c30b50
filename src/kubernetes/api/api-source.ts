import type { EndpointSlice } from '../objects.ts'
import type { ClusterSink, Source } from '../source.ts'
import { NOT_SYNCED } from '../source.ts'
import type { ApiClusterOptions } from './api-cluster-options.ts'
import type { ApiLog } from './api-reporter.ts'
import { ApiReporter } from './api-reporter.ts'
import { PODS, SERVICES } from './api-resource.ts'
import type { ApiTransport } from './api-transport.ts'
import type { Clock } from './clock.ts'
import { EndpointsFeed } from './endpoints-feed.ts'
import type { ApiWatch, Feed, Reflect } from './feed.ts'
import { NamespaceFeed } from './namespace-feed.ts'
import { ObjectFeed } from './object-feed.ts'
import { Reflector } from './reflector.ts'

export interface ApiSourceOptions {
  readonly cluster: ApiClusterOptions
  /** The `labels` expression, as kubectl takes it; empty for none. */
  readonly labelSelector: string
  /** Closed by `stop`. */
  readonly transport: ApiTransport
  readonly clock: Clock
  /** In [0, 1). */
  readonly random: () => number
  readonly log: ApiLog
  /** Told of a slice that changed after the first list, with the Unix time in milliseconds of what made it change. */
  readonly onSliceChanged?: (slice: EndpointSlice, triggeredMs: number) => void
}

/** Pods in other phases have no names; the server leaves them out. */
const RUNNING_PODS = 'status.phase!=Succeeded,status.phase!=Failed,status.phase!=Unknown'

/**
 * A source that follows a live cluster through its API server. `start` resolves when a complete state was told, however long that
 * takes, or at `stop`; it never rejects. What goes wrong is logged and tried again, and what is known goes on being served.
 */
export class ApiSource implements Source {
  readonly #options: ApiSourceOptions
  readonly #reporter: ApiReporter
  readonly #feeds: Feed[] = []
  readonly #firstState = Promise.withResolvers<void>()
  #stopWaiting: () => void = () => {}

  constructor(options: ApiSourceOptions) {
    this.#options = options
    this.#reporter = new ApiReporter({ ...options, watches: () => this.watches })
  }

  start(sink: ClusterSink): Promise<void> {
    const { cluster, clock } = this.#options
    sink.describe(
      () => this.#reporter.state(),
      () => this.#reporter.doubts(),
    )
    this.#stopWaiting = clock.after(cluster.startupTimeoutMs, () => this.#reporter.warnLate())
    for (const namespace of cluster.namespaces ?? [undefined]) {
      this.#feeds.push(...this.#feedsOf(namespace, sink))
    }
    for (const feed of this.#feeds) feed.start()
    return this.#firstState.promise
  }

  async stop(): Promise<void> {
    this.#stopWaiting()
    this.#reporter.stop()
    for (const feed of this.#feeds) feed.stop()
    this.#options.transport.close()
    this.#firstState.resolve()
  }

  /** Everything that is followed now. */
  get watches(): readonly ApiWatch[] {
    return this.#feeds.flatMap(({ watches }) => watches)
  }

  /** The feeds of one namespace, or of all. */
  #feedsOf(namespace: string | undefined, sink: ClusterSink): readonly Feed[] {
    const { cluster, labelSelector, onSliceChanged } = this.#options
    const reflect = this.#reflectInto(sink)
    const namespaces = new NamespaceFeed({
      namespace,
      labelSelector: cluster.namespaceSelectorText,
      reflect,
      sink,
    })
    const services = new ObjectFeed({
      kind: 'Service',
      collection: { resource: SERVICES, namespace, labelSelector, fieldSelector: '' },
      reflect,
      sink,
      isRequired: true,
      onNamespace: (seen) => namespaces.see(seen),
    })
    const pods = () =>
      new ObjectFeed({
        kind: 'Pod',
        collection: { resource: PODS, namespace, labelSelector, fieldSelector: RUNNING_PODS },
        reflect,
        sink,
        isRequired: false,
      })
    const endpoints = () => new EndpointsFeed({ namespace, labelSelector, reflect, sink, onSliceChanged })
    return [
      namespaces,
      services,
      ...(cluster.watchesEndpoints ? [endpoints()] : []),
      ...(cluster.watchesPods ? [pods()] : []),
    ]
  }

  #reflectInto(sink: ClusterSink): Reflect {
    const { transport, clock, random, cluster } = this.#options
    const { guardsMassDelete } = cluster
    return (collection, told) =>
      new Reflector({
        ...collection,
        transport,
        clock,
        random,
        guardsMassDelete,
        sink: {
          ...told,
          synced: () => {
            told.synced?.()
            this.#settle(sink)
          },
          statusChanged: () => {
            told.statusChanged?.()
            this.#settle(sink)
            this.#reporter.report()
          },
        },
      })
  }

  /** Looks whether the state is complete, but for what is not to be had at all. Most names are there without Pods. */
  #settle(sink: ClusterSink): void {
    const unsettled = this.#feeds.filter(({ isSettled }) => !isSettled)
    for (const kind of ['EndpointSlice', 'Pod'] as const) {
      const reasons = this.#feeds.flatMap((feed) => (feed.kind === kind ? (feed.whyUnavailable ?? []) : []))
      const isUnsettled = unsettled.some((feed) => feed.kind === kind)
      sink.markUnavailable(kind, isUnsettled ? NOT_SYNCED : reasons[0])
    }
    if (unsettled.some(({ kind }) => kind !== 'Pod')) return
    sink.markSynced()
    if (unsettled.length > 0) return
    this.#stopWaiting()
    this.#firstState.resolve()
  }
}
