import type { TcpTimeouts } from '../plugins/plugin.ts'
import { DEFAULT_TCP_LIMITS } from '../server/tcp-limits.ts'
import type { TcpLimits } from '../server/tcp-limits.ts'

/** The limits that the directive `timeouts` changes, in the words of the server. */
export function tcpLimitsFrom({ readMs, writeMs, idleMs, maxQueries }: TcpTimeouts): Partial<TcpLimits> {
  return {
    ...(readMs !== undefined && { messageTimeoutMs: readMs }),
    ...(writeMs !== undefined && { writeTimeoutMs: writeMs }),
    ...(idleMs !== undefined && {
      idleTimeoutMs: idleMs,
      crowdedIdleTimeoutMs: Math.min(idleMs, DEFAULT_TCP_LIMITS.crowdedIdleTimeoutMs),
    }),
    ...(maxQueries !== undefined && { maxQueriesPerConnection: maxQueries }),
  }
}
