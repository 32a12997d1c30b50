/** What clients are granted where a block listens, in the words of docs/limits.md. What is absent stays as it is. */
export interface ClientLimits {
  readonly maxInFlight?: number
  readonly maxInFlightPerClient?: number
  readonly maxConnections?: number
  readonly maxConnectionsPerClient?: number
  readonly maxNewConnectionsPerSecond?: number
  readonly maxInFlightPerConnection?: number
  readonly crowdedIdleTimeoutMs?: number
  readonly maxWaitingOctets?: number
  readonly maxUnsentReplies?: number
  readonly maxAddressSockets?: number
  /** Of the whole process: addresses that pages are served on over HTTP belong to no block. */
  readonly maxHttpConnections?: number
}
