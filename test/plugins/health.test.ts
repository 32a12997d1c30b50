import { describe, expect, test } from 'vitest'

import { composeExposition } from '../../src/metrics/exposition.ts'
import { health } from '../../src/plugins/health.ts'
import { errorOf, setUp, testHost } from './plugin-harness.ts'

const NEVER = new AbortController().signal
const REQUEST = { query: new URLSearchParams(), signal: NEVER }

describe('health', () => {
  test('is always well', async () => {
    const [endpoint] = setUp(health, 'health').httpEndpoints ?? []
    expect(endpoint?.path).toBe('/health')
    expect(await endpoint?.respond(REQUEST)).toMatchObject({ status: 200, body: 'OK' })
    expect(endpoint?.closesFirst).toBeUndefined()
  })

  test('the longest lameduck counts', () => {
    expect(setUp(health, 'health').lameduckMs).toBe(0)
    expect(setUp(health, 'health {\n  lameduck 5s\n}\nhealth :1 {\n  lameduck 1m\n}').lameduckMs).toBe(60_000)
  })

  test('counts its own checks, and warns where they fail or are slow', () => {
    const host = testHost()
    const [endpoint] = setUp(health, 'health', host).httpEndpoints ?? []
    endpoint?.onSelfCheck?.({ durationSeconds: 0.001, error: undefined })
    endpoint?.onSelfCheck?.({ durationSeconds: 1.5, error: undefined })
    endpoint?.onSelfCheck?.({ durationSeconds: 3, error: 'no answer within 3 s' })
    expect(host.lines).toEqual([
      'warn plugin/health: asking /health myself took 1.500 s: the process does not keep up',
      'warn plugin/health: asking /health myself failed: no answer within 3 s',
    ])
    const text = composeExposition(host.metrics.families())
    expect(text).toContain('coredns_health_request_duration_seconds_bucket{le="0.0025"} 1\n')
    expect(text).toContain('coredns_health_request_duration_seconds_count 3\n')
    expect(text).toContain('coredns_health_request_failures_total 1\n')
  })

  test.for([
    ['health {\n  lameduck\n}', 'SLICEDNS_CONFIG_ARGUMENT Corefile:3:3: "lameduck" needs an argument'],
    ['health {\n  lameduck 5\n}', 'SLICEDNS_CONFIG_VALUE Corefile:3:12: "5" is not a duration'],
    ['health {\n  lameduk 5s\n}', 'SLICEDNS_CONFIG_UNKNOWN_PROPERTY Corefile:3:3'],
  ] as const)('%s is an error', ([text, expected]) => {
    expect(errorOf(health, text)).toContain(expected)
  })
})
