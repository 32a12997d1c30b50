/**
 * How long upstreams may take over one client's query. Stub resolvers wait 5 s (resolv.conf(5) `timeout`); what is left
 * lets the SERVFAIL reach them before they ask again.
 */
const OVERALL_MS = 4000

/**
 * When a client's query is given up, by the clock that says `nowMs`. A chain that leaves our zones and comes back asks
 * upstreams several times; all questions asked for one client have its signal in common, and so one deadline.
 */
export function clientDeadlineMs(signal: AbortSignal, nowMs: number): number {
  const known = deadlineOf.get(signal)
  if (known !== undefined) return known
  const deadlineMs = nowMs + OVERALL_MS
  deadlineOf.set(signal, deadlineMs)
  return deadlineMs
}

const deadlineOf = new WeakMap<AbortSignal, number>()
