import { createForwarder } from '../../src/forward/forwarder.ts'
import type { Forwarder, ServedHere } from '../../src/forward/forwarder.ts'
import type { ForwarderHost, ForwarderOptions } from '../../src/forward/forwarder-options.ts'
import type { StreamOptions } from '../../src/forward/stream-pool.ts'
import { ROOT } from '../../src/wire/name.ts'

export const STREAM_OPTIONS: StreamOptions = {
  idleMs: 10_000,
  maxAgeMs: Infinity,
  maxIdle: Infinity,
  sourceAddress: undefined,
  secureContext: undefined,
  serverName: undefined,
}

/** Of a `forward` without properties. */
export const FORWARDER_OPTIONS: ForwarderOptions = {
  policy: 'random',
  forceTcp: false,
  streams: STREAM_OPTIONS,
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
    isOwnAddress: () => false,
  }
}

/** A forwarder that serves one configuration. */
export interface TestForwarder extends Forwarder {
  readonly forward: ReturnType<Forwarder['forwardFor']>
}

/** Everything as in a `forward` without properties, but for what is given. */
export function testForwarder(
  upstreams: readonly { readonly address: string; readonly port: number }[],
  parts: {
    readonly host?: Partial<ForwarderHost>
    readonly options?: Partial<ForwarderOptions>
    readonly servedHere?: ServedHere
  } = {},
): TestForwarder {
  const addresses = upstreams.map(({ address, port }) => ({ address, port }))
  const forwarder = createForwarder(
    { ...forwarderHost(() => addresses), ...parts.host },
    { ...FORWARDER_OPTIONS, ...parts.options },
  )
  return { ...forwarder, forward: forwarder.forwardFor(parts.servedHere ?? (() => false)) }
}
