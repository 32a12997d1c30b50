import type { DomainName } from '../wire/name.ts'
import type { UpstreamProto } from './exchange.ts'
import type { Policy } from './order-upstreams.ts'
import type { StreamOptions } from './stream-pool.ts'
import type { Upstream } from './upstream-address.ts'

/** What a forwarder borrows from the process. */
export interface ForwarderHost {
  /** Of the moment; resolved names and re-read files change them. Empty where nothing is known yet. */
  readonly upstreams: () => readonly Upstream[]
  /** Resolves when there are upstreams, or none are to be expected soon. */
  readonly upstreamsKnown?: Promise<void> | undefined
  /** In [0, 1): which upstream comes first. Ids and ports have better sources. */
  readonly random: () => number
  /** Milliseconds that never run backwards. */
  readonly nowMs: () => number
  /** Whether this process listens there: it must not ask itself. */
  readonly isOwnAddress: (address: string, port: number) => boolean
  /** Told of what happens with upstreams. */
  readonly observer?: ForwarderObserver | undefined
}

/** Whoever counts what forwarders do. */
export interface ForwarderObserver {
  replied(upstream: Upstream, rcode: number, durationMs: number): void
  /** A probe had no reply. */
  probeFailed(upstream: Upstream): void
  /** A query came while all upstreams were down. */
  allDown(): void
  /** A query failed at once because too many were waiting. */
  rejected(): void
  /** A query goes over a socket: one that was open before, or a new one. */
  connected(upstream: Upstream, proto: UpstreamProto, isReused: boolean): void
  /** A message came that was not the reply waited for. */
  mismatched(): void
}

/** What one `forward` directive decides. */
export interface ForwarderOptions {
  readonly policy: Policy
  /** Over TCP from the first query on. */
  readonly forceTcp: boolean
  readonly streams: StreamOptions
  readonly health: HealthOptions
  /** Queries that wait for these upstreams at a time. Identical ones count once. */
  readonly maxConcurrent: number | undefined
  /** Queries to upstreams that one client's query may cause; undefined: two for each upstream. */
  readonly maxConnectAttempts: number | undefined
  /** How long one upstream is listened to; undefined: as long as the client waits. */
  readonly readTimeoutMs: number | undefined
  /** RCODEs that send the query to the next upstream. */
  readonly failover: ReadonlySet<number>
  /** Where all upstreams are down: fail at once, and do not ask one all the same. */
  readonly failsFast: boolean
}

export interface HealthOptions {
  /** Failed probes in a row, beyond which an upstream is down; 0: it is never down, and never probed. */
  readonly maxFails: number
  readonly probeIntervalMs: number
  /** What is asked for: its NS records. */
  readonly probeName: DomainName
  readonly probeRecursionDesired: boolean
}
