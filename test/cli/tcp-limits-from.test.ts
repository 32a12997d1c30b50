import { expect, test } from 'vitest'

import { tcpLimitsFrom } from '../../src/cli/tcp-limits-from.ts'

test.for([
  [{}, {}],
  [{ readMs: 1 }, { messageTimeoutMs: 1 }],
  [{ writeMs: 2 }, { writeTimeoutMs: 2 }],
  [{ idleMs: 3_000 }, { idleTimeoutMs: 3_000, crowdedIdleTimeoutMs: 3_000 }],
  [{ idleMs: 60_000 }, { idleTimeoutMs: 60_000, crowdedIdleTimeoutMs: 10_000 }],
  [{ maxQueries: Infinity }, { maxQueriesPerConnection: Infinity }],
] as const)('tcpLimitsFrom %j gives %j', ([timeouts, expected]) => {
  expect(tcpLimitsFrom(timeouts)).toEqual(expected)
})
