import { expect, test } from 'vitest'
import { parseDnsperf } from '../../bench/dnsperf.ts'

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
