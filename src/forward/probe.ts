import { RrClass } from '../wire/rrclass.ts'
import { RrType } from '../wire/rrtype.ts'
import { exchange } from './exchange.ts'
import type { UpstreamExchange } from './exchange.ts'
import type { HealthOptions } from './forwarder-options.ts'
import type { Upstream } from './upstream-address.ts'

/**
 * Makes what asks an upstream whether it is there: for NS records, over the transport that it is asked over. Any reply will
 * do, an error too.
 */
export function createProbe(
  options: Pick<HealthOptions, 'probeName' | 'probeRecursionDesired'>,
  means: Pick<UpstreamExchange, 'transport' | 'sourceAddress' | 'streams' | 'nextId' | 'nowMs'>,
): (upstream: Upstream, timeoutMs: number) => Promise<boolean> {
  const query = {
    question: { qname: options.probeName, qtype: RrType.NS, qclass: RrClass.IN },
    recursionDesired: options.probeRecursionDesired,
    checkingDisabled: false,
    dnssecOk: false,
  }
  return async (upstream, timeoutMs) => {
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(), timeoutMs)
    let queriesLeft = 1
    const result = await exchange({
      ...means,
      upstream,
      query,
      spend: () => queriesLeft-- > 0,
      onConnection: () => {},
      onMismatch: () => {},
      deadlineMs: means.nowMs() + timeoutMs,
      signal: controller.signal,
    })
    clearTimeout(timer)
    return result.kind === 'reply' || result.kind === 'unusable'
  }
}
