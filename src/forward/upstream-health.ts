import type { ForwarderObserver } from './forwarder-options.ts'
import { upstreamToText } from './upstream-address.ts'
import type { Upstream } from './upstream-address.ts'

export interface Candidate {
  readonly upstream: Upstream
  /** How long it may take before another is asked too. */
  readonly patienceMs: number
}

export interface UpstreamHealthOptions {
  /** Milliseconds that never run backwards. */
  readonly nowMs: () => number
  /** Failed probes in a row, beyond which an upstream is down; 0: it is never down, and never probed. */
  readonly maxFails: number
  readonly probeIntervalMs: number
  /** Whether the upstream gives any reply at all within `timeoutMs`. Never rejects. */
  readonly probe: (upstream: Upstream, timeoutMs: number) => Promise<boolean>
  readonly observer?: Pick<ForwarderObserver, 'probeFailed'> | undefined
}

/** Which upstreams failed of late, and whether they are back. */
export interface UpstreamHealth {
  /** All of `order` but those that are down; those that failed of late behind the others. All of it, where all are down. */
  candidates(order: readonly Upstream[]): readonly Candidate[]
  /** Whether all of them are down. */
  areDown(upstreams: readonly Upstream[]): boolean
  /** Whether all of them failed, and the last probe of each too. */
  areSilent(upstreams: readonly Upstream[]): boolean
  /** Whether it failed, and has answered neither a query nor a probe since. Never, without probes. */
  isFailing(upstream: Upstream): boolean
  answered(upstream: Upstream): void
  failed(upstream: Upstream): void
  /** Probes all of them at once: until it answers, each counts as failed. Without probes nothing happens. */
  callRoll(upstreams: readonly Upstream[]): void
  /** Probes so far that had no reply. */
  readonly failedProbeCount: () => number
  /** Ends the probing. */
  readonly close: () => void
}

/** How long an upstream may be silent: then another is asked, and it has probes until it answers again. */
const PATIENCE_MS = 500

/** The same for one that failed lately: whoever tries it again shall not lose half a second by it. */
const SHORT_PATIENCE_MS = 250

/** Without probes: how long an upstream that failed is tried after the others. Then one query may try it. */
const AVOIDED_MS = 5_000

/** Root servers' names are in every resolver's memory. */
const PROBE_TIMEOUT_MS = 750

/**
 * An upstream that failed is avoided until it answers a client's query or a probe. Probes are sent only then. Memory is
 * kept by address, so that it outlasts a new reading of a resolv.conf file; bounded by the upstreams that fail.
 */
export function createUpstreamHealth(options: UpstreamHealthOptions): UpstreamHealth {
  const { nowMs, maxFails } = options
  const failing = new Map<string, Failing>()
  let failedProbeCount = 0
  let isClosed = false
  const forget = (key: string) => {
    clearTimeout(failing.get(key)?.timer)
    failing.delete(key)
  }
  const probeLater = (upstream: Upstream, one: Failing, delayMs: number) => {
    one.timer = setTimeout(() => {
      void options.probe(upstream, PROBE_TIMEOUT_MS).then((isBack) => {
        const key = upstreamToText(upstream)
        if (isClosed || failing.get(key) !== one) return
        if (isBack) return forget(key)
        failedProbeCount++
        options.observer?.probeFailed(upstream)
        one.failedProbes++
        probeLater(upstream, one, options.probeIntervalMs)
      })
    }, delayMs)
    one.timer.unref()
  }
  const isDown = (upstream: Upstream): boolean => {
    const one = failing.get(upstreamToText(upstream))
    return one !== undefined && maxFails > 0 && one.failedProbes > maxFails
  }
  const areDown = (upstreams: readonly Upstream[]) => upstreams.every(isDown)
  const fail = (upstream: Upstream): void => {
    const key = upstreamToText(upstream)
    const known = failing.get(key)
    if (known !== undefined) {
      known.sinceMs = nowMs()
      return
    }
    if (isClosed) return
    const one: Failing = { sinceMs: nowMs(), failedProbes: 0, timer: undefined }
    failing.set(key, one)
    if (maxFails > 0) probeLater(upstream, one, 0)
  }
  return {
    candidates: (order) => {
      const asked = areDown(order) ? order : order.filter((upstream) => !isDown(upstream))
      const first: Candidate[] = []
      const last: Candidate[] = []
      for (const upstream of asked) {
        const one = failing.get(upstreamToText(upstream))
        const isAvoided = one !== undefined && (maxFails > 0 || nowMs() - one.sinceMs < AVOIDED_MS)
        if (one !== undefined && !isAvoided) one.sinceMs = nowMs()
        const place = isAvoided ? last : first
        place.push({ upstream, patienceMs: one === undefined ? PATIENCE_MS : SHORT_PATIENCE_MS })
      }
      return [...first, ...last]
    },
    areDown,
    areSilent: (upstreams) =>
      upstreams.every((upstream) => (failing.get(upstreamToText(upstream))?.failedProbes ?? 0) > 0),
    isFailing: (upstream) => maxFails > 0 && failing.has(upstreamToText(upstream)),
    answered: (upstream) => forget(upstreamToText(upstream)),
    failed: fail,
    callRoll: (upstreams) => {
      if (maxFails > 0) for (const upstream of upstreams) fail(upstream)
    },
    failedProbeCount: () => failedProbeCount,
    close: () => {
      isClosed = true
      for (const key of failing.keys()) forget(key)
    },
  }
}

interface Failing {
  sinceMs: number
  failedProbes: number
  timer: NodeJS.Timeout | undefined
}
