import type { ForwarderHost, ForwarderOptions } from '../../src/forward/forwarder-options.ts'
import { ROOT } from '../../src/wire/name.ts'

/** Of a `forward` without properties. */
export const FORWARDER_OPTIONS: ForwarderOptions = {
  policy: 'random',
  forceTcp: false,
  streams: { idleMs: 10_000, secureContext: undefined, serverName: undefined },
  health: { maxFails: 2, probeIntervalMs: 500, probeName: ROOT, probeRecursionDesired: true },
  maxConcurrent: undefined,
  maxConnectAttempts: undefined,
  readTimeoutMs: undefined,
  failover: new Set(),
  failsFast: false,
}

/** What a forwarder borrows, with chance that asks upstreams in the order given. */
export function forwarderHost(upstreams: ForwarderHost['upstreams']): ForwarderHost {
  return {
    upstreams,
    random: () => 0,
    nowMs: () => performance.now(),
    servedHere: () => false,
    isOwnAddress: () => false,
  }
}
