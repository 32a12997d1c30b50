/** What one TCP listener grants to its clients (RFC 7766 6, RFC 9210 4). Each is a number that someone chose. */
export interface TcpLimits {
  /** Connections at a time. Beyond it the client that has the most loses its oldest idle one. Default 3,000. */
  readonly maxConnections: number
  /** Of one client; beyond it that client loses its oldest idle one. Default 500. */
  readonly maxConnectionsPerClient: number
  /** Connections that one client may open in a second; those beyond are reset. Default 500. */
  readonly maxNewConnectionsPerSecond: number
  /** Queries answered on one connection, after which it is closed. Default 100,000. */
  readonly maxQueriesPerConnection: number
  /** Queries of one connection that wait for an answer; beyond it no more is read. Default 100. */
  readonly maxInFlightPerConnection: number
  /** A connection without a query this long is closed. Default 30 s. */
  readonly idleTimeoutMs: number
  /** The same while more than half of the connections are in use. Default 10 s. */
  readonly crowdedIdleTimeoutMs: number
  /** From the first octet of a message to its last. Default 10 s. */
  readonly messageTimeoutMs: number
  /** Pieces one message may arrive in: a client that sends octet by octet is not worth a deadline. Default 100. */
  readonly maxReadsPerMessage: number
  /** A client that has taken nothing of what waits for it this long is closed. Default 30 s. */
  readonly writeTimeoutMs: number
  /** Octets that may wait for a client to read. Default 1 MiB. */
  readonly maxWaitingOctets: number
}

export const DEFAULT_TCP_LIMITS: TcpLimits = {
  maxConnections: 3_000,
  maxConnectionsPerClient: 500,
  maxNewConnectionsPerSecond: 500,
  maxQueriesPerConnection: 100_000,
  maxInFlightPerConnection: 100,
  idleTimeoutMs: 30_000,
  crowdedIdleTimeoutMs: 10_000,
  messageTimeoutMs: 10_000,
  maxReadsPerMessage: 100,
  writeTimeoutMs: 30_000,
  maxWaitingOctets: 1024 * 1024,
}
