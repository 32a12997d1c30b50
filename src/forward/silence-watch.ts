import type { Upstream } from './upstream-address.ts'
import type { UpstreamHealth } from './upstream-health.ts'

/** What one query waits for. */
export interface SilenceWatchOptions {
  readonly upstreams: readonly Upstream[]
  readonly health: Pick<UpstreamHealth, 'areSilent' | 'callRoll'>
  /** Whether any upstream has replied to anything since the query began. */
  readonly hasHeard: () => boolean
  /** Called once, when the query has waited long enough for upstreams that do not answer even probes. */
  readonly onSilent: () => void
}

/** So long nobody has said anything: all upstreams are probed, those too whose turn has not come. */
const ROLL_CALL_MS = 1_000

/**
 * How long a query waits while no upstream answers even a probe: a probe's time after the roll call, and a little. One may be
 * just back; but stale data is better than waiting longer (RFC 8767 section 5).
 */
const ALL_SILENT_MS = 1_800

/** How often it is looked whether all are silent, from then on. */
const SILENCE_CHECK_MS = 100

/**
 * Tells a query that waits for dead upstreams from one that waits for a slow answer: a resolver that is busy with a name answers
 * a probe at once. However many upstreams there are, it is known within 2 s. Watches until the function it returns is called.
 */
export function watchSilence({ upstreams, health, hasHeard, onSilent }: SilenceWatchOptions): () => void {
  const check = (): void => {
    if (health.areSilent(upstreams)) onSilent()
    else timer = setTimeout(check, SILENCE_CHECK_MS)
  }
  let timer = setTimeout(() => {
    if (!hasHeard()) health.callRoll(upstreams)
    timer = setTimeout(check, ALL_SILENT_MS - ROLL_CALL_MS)
  }, ROLL_CALL_MS)
  return () => clearTimeout(timer)
}
