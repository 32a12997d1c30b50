import { expect, test } from 'vitest'
import { composeCpuTable, composeThroughputTable } from '../../bench/comparison.ts'
import type { Sample } from '../../bench/measure.ts'

const MIXES = ['mixed', 'a'].map(
  (name) => ({ name, title: '', questions: [], edns: false, transport: 'udp' }) as const,
)

test('composeCpuTable gives the median and range of each server, and nothing where it was not measured', () => {
  const samples = [...samplesOf('CoreDNS', [20, 24, 22]), ...samplesOf('C echo', [4.4])]
  expect(linesOf(composeCpuTable(samples, MIXES))).toEqual([
    '| CPU, µs/query | mixed | a |',
    '| CoreDNS | 22.0 (20.0–24.0) | |',
    '| C echo | 4.4 | |',
  ])
})

test('composeThroughputTable says how many queries were lost, where any were', () => {
  const samples = samplesOf('CoreDNS', [20, 24, 22], 1).concat(samplesOf('NSD', [5]))
  expect(linesOf(composeThroughputTable(samples, MIXES))).toEqual([
    '| queries/s | mixed | a |',
    '| CoreDNS | 50,000 (3 lost) | |',
    '| NSD | 50,000 | |',
  ])
})

function samplesOf(server: string, cpuMicroseconds: readonly number[], lost = 0): Sample[] {
  return cpuMicroseconds.map((value) => ({
    server,
    mix: 'mixed',
    cpuMicroseconds: value,
    queriesPerSecond: 50_000,
    lost,
  }))
}

function linesOf(table: string): string[] {
  const [header = '', , ...rows] = table.trimEnd().split('\n')
  return [header, ...rows].map((line) => line.replaceAll(/\s+/g, ' '))
}
