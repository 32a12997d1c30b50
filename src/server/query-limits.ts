/** What one group of listeners grants to queries that wait for an answer. What we know ourselves never waits. */
export interface QueryLimits {
  /** Queries that wait at a time. Beyond it the client that has the most of them gives way. Default 1,000. */
  readonly maxInFlight: number
  /** Those of one client among them; what it asks beyond gets SERVFAIL. Default 500. */
  readonly maxInFlightPerClient: number
}

/**
 * A waiting query costs some 20 KiB and up to three sockets. At 50 ms for an upstream's answer 1,000 are 20,000 queries a
 * second, and a node that asks on behalf of all its Pods has 10,000 of them.
 */
export const DEFAULT_QUERY_LIMITS: QueryLimits = {
  maxInFlight: 1_000,
  maxInFlightPerClient: 500,
}
