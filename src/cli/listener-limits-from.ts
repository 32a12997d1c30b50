import type { ClientLimits } from '../plugins/client-limits.ts'
import type { TcpTimeouts } from '../plugins/plugin.ts'
import type { ListenerLimits } from '../server/listener-limits.ts'
import { DEFAULT_QUERY_LIMITS } from '../server/query-limits.ts'
import { DEFAULT_TCP_LIMITS } from '../server/tcp-limits.ts'
import type { TcpLimits } from '../server/tcp-limits.ts'
import { DEFAULT_UDP_LIMITS } from '../server/udp-limits.ts'

/** What `timeouts` and `limits` of one block ask for. */
export type AskedLimits = TcpTimeouts & ClientLimits

const { maxInFlight: ALL_IN_FLIGHT, maxInFlightPerClient: IN_FLIGHT_PER_CLIENT } = DEFAULT_QUERY_LIMITS
const { maxConnections: ALL_CONNECTIONS, maxConnectionsPerClient: CONNECTIONS_PER_CLIENT } =
  DEFAULT_TCP_LIMITS

/**
 * What the blocks of one port ask for, in the words of the server. Of several the last that names a bound counts. One client
 * has the same share of a bound of all clients as by default, unless its own is asked for as well.
 */
export function listenerLimitsFrom(blocks: readonly AskedLimits[]): Required<ListenerLimits> {
  const asked: AskedLimits = Object.assign({}, ...blocks)
  const { maxInFlight = ALL_IN_FLIGHT, maxConnections = ALL_CONNECTIONS } = asked
  return {
    queryLimits: {
      maxInFlight,
      maxInFlightPerClient:
        asked.maxInFlightPerClient ?? shareOf(maxInFlight, IN_FLIGHT_PER_CLIENT / ALL_IN_FLIGHT),
    },
    tcpLimits: {
      ...timesFrom(asked),
      maxConnections,
      maxConnectionsPerClient:
        asked.maxConnectionsPerClient ?? shareOf(maxConnections, CONNECTIONS_PER_CLIENT / ALL_CONNECTIONS),
      maxNewConnectionsPerSecond:
        asked.maxNewConnectionsPerSecond ?? DEFAULT_TCP_LIMITS.maxNewConnectionsPerSecond,
      maxQueriesPerConnection: asked.maxQueries ?? DEFAULT_TCP_LIMITS.maxQueriesPerConnection,
      maxInFlightPerConnection: asked.maxInFlightPerConnection ?? DEFAULT_TCP_LIMITS.maxInFlightPerConnection,
      maxWaitingOctets: asked.maxWaitingOctets ?? DEFAULT_TCP_LIMITS.maxWaitingOctets,
    },
    udpLimits: {
      maxUnsentReplies: asked.maxUnsentReplies ?? DEFAULT_UDP_LIMITS.maxUnsentReplies,
      maxAddressSockets: asked.maxAddressSockets ?? DEFAULT_UDP_LIMITS.maxAddressSockets,
    },
  }
}

function shareOf(all: number, share: number): number {
  return Math.ceil(all * share)
}

/** A crowd does not make anyone's connection last longer. */
function timesFrom({ idleMs, readMs, writeMs, crowdedIdleTimeoutMs }: AskedLimits): Partial<TcpLimits> {
  const idleTimeoutMs = idleMs ?? DEFAULT_TCP_LIMITS.idleTimeoutMs
  return {
    idleTimeoutMs,
    crowdedIdleTimeoutMs: Math.min(
      idleTimeoutMs,
      crowdedIdleTimeoutMs ?? DEFAULT_TCP_LIMITS.crowdedIdleTimeoutMs,
    ),
    messageTimeoutMs: readMs ?? DEFAULT_TCP_LIMITS.messageTimeoutMs,
    writeTimeoutMs: writeMs ?? DEFAULT_TCP_LIMITS.writeTimeoutMs,
  }
}
