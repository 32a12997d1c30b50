import { expect, test } from 'vitest'
import { composeLatencyTable, halfOfMaximum, percentile } from '../../bench/latency.ts'

const MIX = { name: 'mixed', title: '', questions: [], edns: false, transport: 'udp' } as const

test('percentile is the nearest rank', () => {
  const values = Array.from({ length: 200 }, (_, index) => index + 1)
  expect(percentile(values, 0.99)).toBe(198)
  expect(percentile(values, 0.5)).toBe(100)
  expect(percentile([7], 0.99)).toBe(7)
  expect(percentile([], 0.5)).toBeNaN()
})

test("halfOfMaximum is half of CoreDNS's median throughput under the load", () => {
  const samples = [30_000, 10_000, 20_000].map((queriesPerSecond) => ({
    server: 'CoreDNS',
    mix: 'mixed',
    cpuMicroseconds: 1,
    queriesPerSecond,
    lost: 0,
  }))
  const pair = { slicedns: 'SliceDNS', coredns: 'CoreDNS' }
  expect(halfOfMaximum(samples, pair, MIX)).toBe(10_000)
  expect(halfOfMaximum([], pair, MIX)).toBeNaN()
})

test('composeLatencyTable gives medians over the rounds', () => {
  const samples = [1, 3, 2].map((p99Ms) => ({
    server: 'CoreDNS',
    queriesPerSecond: 16_000.4,
    count: 9,
    medianMs: p99Ms / 10,
    p99Ms,
  }))
  const [, , row = ''] = composeLatencyTable(samples).split('\n')
  expect(row.replaceAll(/\s+/g, ' ')).toBe('| CoreDNS | 16,000 | 0.200 | 2.000 |')
})
