import { expect, test } from 'vitest'
import { composeComparison, meetsBar } from '../../bench/comparison.ts'
import type { Sample } from '../../bench/measure.ts'

const MIXES = [{ name: 'mixed', title: 'A and NXDOMAIN', questions: [], edns: false }]

test('composeComparison gives the median and range of each server, and its ratio to CoreDNS', () => {
  const samples = [
    ...samplesOf('CoreDNS', [20, 24, 22]),
    ...samplesOf('SliceDNS', [11, 13, 10]),
    ...samplesOf('C echo', [4.4]),
  ]
  const lines = composeComparison(samples, MIXES).split('\n')
  expect(lines.map((line) => line.replaceAll(/\s+/g, ' '))).toEqual([
    '| µs/query | mixed | mixed: of CoreDNS | mixed: queries/s | lost |',
    expect.stringMatching(/^\|-+\|/),
    '| CoreDNS | 22.0 (20.0–24.0) | 1.00 | 50,000 | 3 |',
    '| SliceDNS | 11.0 (10.0–13.0) | 0.50 | 50,000 | 3 |',
    '| C echo | 4.4 | 0.20 | 50,000 | 1 |',
    '',
    '- mixed: A and NXDOMAIN',
    '',
  ])
})

test('meetsBar is false only where SliceDNS was measured to spend more than CoreDNS', () => {
  const coredns = samplesOf('CoreDNS', [20, 24, 22])
  expect(meetsBar([...coredns, ...samplesOf('SliceDNS', [22, 22, 90])])).toBe(true)
  expect(meetsBar([...coredns, ...samplesOf('SliceDNS', [22.1, 22.1, 1])])).toBe(false)
  expect(meetsBar(coredns)).toBe(true)
})

function samplesOf(server: string, cpuMicroseconds: readonly number[]): Sample[] {
  return cpuMicroseconds.map((value) => ({
    server,
    mix: 'mixed',
    cpuMicroseconds: value,
    queriesPerSecond: 50_000,
    lost: 1,
  }))
}
