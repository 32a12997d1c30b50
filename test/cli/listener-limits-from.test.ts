import { describe, expect, test } from 'vitest'

import { listenerLimitsFrom } from '../../src/cli/listener-limits-from.ts'
import { DEFAULT_QUERY_LIMITS } from '../../src/server/query-limits.ts'
import { DEFAULT_TCP_LIMITS } from '../../src/server/tcp-limits.ts'
import { DEFAULT_UDP_LIMITS } from '../../src/server/udp-limits.ts'

const merged = (...blocks: Parameters<typeof listenerLimitsFrom>[0]) => {
  const { queryLimits, tcpLimits, udpLimits } = listenerLimitsFrom(blocks)
  return { ...queryLimits, ...tcpLimits, ...udpLimits }
}
const { maxReadsPerMessage: _constant, ...tcpDefaults } = DEFAULT_TCP_LIMITS
const defaults = { ...DEFAULT_QUERY_LIMITS, ...tcpDefaults, ...DEFAULT_UDP_LIMITS }

describe('listenerLimitsFrom', () => {
  test('without anything asked for gives the defaults', () => {
    expect(merged()).toEqual(defaults)
    expect(merged({}, {})).toEqual(defaults)
  })

  test.for([
    [{ readMs: 1 }, { messageTimeoutMs: 1 }],
    [{ writeMs: 2 }, { writeTimeoutMs: 2 }],
    [{ idleMs: 3_000 }, { idleTimeoutMs: 3_000, crowdedIdleTimeoutMs: 3_000 }],
    [{ idleMs: 60_000 }, { idleTimeoutMs: 60_000 }],
    [{ maxQueries: Infinity }, { maxQueriesPerConnection: Infinity }],
    [{ maxInFlight: 10 }, { maxInFlight: 10, maxInFlightPerClient: 5 }],
    [{ maxInFlightPerClient: 7 }, { maxInFlightPerClient: 7 }],
    [
      { maxInFlight: 10, maxInFlightPerClient: 9 },
      { maxInFlight: 10, maxInFlightPerClient: 9 },
    ],
    [{ maxConnections: 6_001 }, { maxConnections: 6_001, maxConnectionsPerClient: 1_001 }],
    [{ maxConnections: 1 }, { maxConnections: 1, maxConnectionsPerClient: 1 }],
    [{ maxConnectionsPerClient: 4 }, { maxConnectionsPerClient: 4 }],
    [{ maxNewConnectionsPerSecond: 5 }, { maxNewConnectionsPerSecond: 5 }],
    [{ maxInFlightPerConnection: 6 }, { maxInFlightPerConnection: 6 }],
    [{ maxWaitingOctets: 70_000 }, { maxWaitingOctets: 70_000 }],
    [{ crowdedIdleTimeoutMs: 20_000 }, { crowdedIdleTimeoutMs: 20_000 }],
    [{ crowdedIdleTimeoutMs: 60_000 }, { crowdedIdleTimeoutMs: 30_000 }],
    [{ maxUnsentReplies: 8 }, { maxUnsentReplies: 8 }],
    [{ maxAddressSockets: 9 }, { maxAddressSockets: 9 }],
  ] as const)('%j gives %j beside the defaults', ([asked, expected]) => {
    expect(merged(asked)).toEqual({ ...defaults, ...expected })
  })

  test('of several blocks the last that names a bound counts', () => {
    const blocks = [
      { maxConnections: 12, idleMs: 5_000 },
      { maxConnectionsPerClient: 3 },
      { maxConnections: 60 },
    ]
    expect(merged(...blocks)).toMatchObject({
      maxConnections: 60,
      maxConnectionsPerClient: 3,
      idleTimeoutMs: 5_000,
    })
  })
})
