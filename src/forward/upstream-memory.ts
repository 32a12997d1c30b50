import type { Upstream } from './upstream-address.ts'

/** How long an upstream that did not answer is tried after the others. */
const AVOIDED_MS = 5000

/** How long an upstream may take before another is asked too. */
const PATIENCE_MS = 1000

/** The same for one that did not answer lately: whoever tries it again shall not lose a second by it. */
const SHORT_PATIENCE_MS = 250

export interface Candidate {
  readonly upstream: Upstream
  readonly patienceMs: number
}

/** Remembers which upstreams failed of late. Bounded by the upstreams there are. */
export interface UpstreamMemory {
  /** All of `order`, those that failed of late behind the others. */
  candidates(order: readonly Upstream[]): readonly Candidate[]
  answered(upstream: Upstream): void
  failed(upstream: Upstream): void
}

/**
 * An upstream that failed is tried last for 5 seconds. Then one query may try it in its ordinary place; the others keep
 * away from it until that one has an answer, or for another 5 seconds.
 */
export function createUpstreamMemory(nowMs: () => number): UpstreamMemory {
  const failedAtMs = new Map<Upstream, number>()
  return {
    candidates: (order) => {
      const now = nowMs()
      const first: Candidate[] = []
      const last: Candidate[] = []
      for (const upstream of order) {
        const failed = failedAtMs.get(upstream)
        const candidate = { upstream, patienceMs: failed === undefined ? PATIENCE_MS : SHORT_PATIENCE_MS }
        const isAvoided = failed !== undefined && now - failed < AVOIDED_MS
        if (failed !== undefined && !isAvoided) failedAtMs.set(upstream, now)
        const place = isAvoided ? last : first
        place.push(candidate)
      }
      return [...first, ...last]
    },
    answered: (upstream) => {
      failedAtMs.delete(upstream)
    },
    failed: (upstream) => {
      failedAtMs.set(upstream, nowMs())
    },
  }
}
