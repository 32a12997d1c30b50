import { expect, test } from 'vitest'
import { composeStartReport, meetsStartBars } from '../../bench/start-report.ts'

const BARS = [
  { cluster: 'small', firstAnswerMs: 1000, residentMegabytes: 110 },
  { cluster: 'large', firstAnswerMs: 4000, residentMegabytes: undefined },
]

test('composeStartReport gives medians, with bars beside SliceDNS alone', () => {
  const samples = [
    sample('small', 'SliceDNS', 400, 90),
    sample('small', 'SliceDNS', 500, 92),
    sample('small', 'SliceDNS', 900, 80),
    sample('small', 'CoreDNS', 138, 71),
    sample('large', 'SliceDNS', 2000, 140),
  ]
  const [, , ...rows] = composeStartReport(samples, BARS).trimEnd().split('\n')
  expect(rows.map((row) => row.replaceAll(/\s+/g, ' '))).toEqual([
    '| small | SliceDNS | 500 | < 1000 | 250 | 90.0 | < 110 |',
    '| small | CoreDNS | 138 | | 69 | 71.0 | |',
    '| large | SliceDNS | 2000 | < 4000 | 1000 | 140.0 | |',
  ])
})

test('meetsStartBars is false where time or memory reaches its bar', () => {
  const met = [sample('small', 'SliceDNS', 999, 109), sample('large', 'SliceDNS', 3999, 500)]
  expect(meetsStartBars(met, BARS)).toBe(true)
  expect(meetsStartBars([sample('small', 'SliceDNS', 1000, 109)], BARS)).toBe(false)
  expect(meetsStartBars([sample('small', 'SliceDNS', 999, 110)], BARS)).toBe(false)
  expect(meetsStartBars([sample('small', 'CoreDNS', 5000, 500)], BARS)).toBe(true)
})

function sample(cluster: string, server: string, firstAnswerMs: number, residentMegabytes: number) {
  return { cluster, server, firstAnswerMs, cpuMs: firstAnswerMs / 2, residentMegabytes }
}
