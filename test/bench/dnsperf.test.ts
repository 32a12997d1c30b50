import { expect, test } from 'vitest'
import { parseDnsperf, parseLatencies } from '../../bench/dnsperf.ts'

test('parseDnsperf reads queries completed, lost and per second', () => {
  const output = `Statistics:

  Queries sent:         214500
  Queries completed:    214498 (100.00%)
  Queries lost:         2 (0.00%)
  Interrupted:          0 (0.00%)

  Response codes:       NOERROR 128699 (60.00%), NXDOMAIN 85799 (40.00%)
  Queries per second:   42889.612843
`
  expect(parseDnsperf(output)).toEqual({ completed: 214_498, lost: 2, queriesPerSecond: 42_889.612843 })
})

test('parseDnsperf says what it misses in output that has no statistics', () => {
  expect(() => parseDnsperf('Error: no such file')).toThrow('no "Queries completed" in\nError: no such file')
})

test('parseLatencies reads the latency of each reply, and none of queries that were lost', () => {
  const output = `[Status] Sending queries (to 127.0.0.1:53)
> NOERROR web.shop.svc.cluster.local A 0.000250
> T lost.shop.svc.cluster.local A
> NXDOMAIN shop.cluster.local AAAA 0.012000

Statistics:
`
  expect(parseLatencies(output)).toEqual([0.25, 12])
})
