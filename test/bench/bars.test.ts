import { expect, test } from 'vitest'
import { composeBarTable, isMet, judgeBars } from '../../bench/bars.ts'
import type { LatencySample } from '../../bench/latency.ts'
import type { Sample } from '../../bench/measure.ts'

test('judgeBars compares medians, for each Corefile by itself', () => {
  const samples = [
    ...samplesOf('SliceDNS', 'a', [13, 90, 12]),
    ...samplesOf('CoreDNS', 'a', [20, 26, 60]),
    ...samplesOf('SliceDNS, kubeadm', 'a', [30]),
    ...samplesOf('CoreDNS, kubeadm', 'a', [40]),
  ]
  const results = judgeBars(samples, [])
  expect(results).toEqual([
    { corefile: 'lean', what: 'CPU per query: a', share: 0.5, bar: 0.6 },
    { corefile: "kubeadm's", what: 'CPU per query: a', share: 0.75, bar: 0.6 },
  ])
  expect(results.map(isMet)).toEqual([true, false])
})

test('judgeBars holds p99 latency against that of CoreDNS with the same Corefile', () => {
  const latencies = [latency('SliceDNS', 0.3), latency('CoreDNS', 0.2), latency('SliceDNS, kubeadm', 9)]
  const [result, ...others] = judgeBars([], latencies)
  expect(result).toMatchObject({ corefile: 'lean', share: expect.closeTo(1.5), bar: 1 })
  expect(others).toEqual([])
})

test('isMet counts the bar itself as met', () => {
  expect(isMet({ corefile: 'lean', what: 'it', share: 0.6, bar: 0.6 })).toBe(true)
})

test('composeBarTable has a column for each Corefile and marks what is missed', () => {
  const table = composeBarTable([
    { corefile: 'lean', what: 'it', share: 0.61, bar: 0.6 },
    { corefile: "kubeadm's", what: 'it', share: 0.4, bar: 0.6 },
    { corefile: 'lean', what: 'that', share: 1, bar: 1 },
  ])
  const [, , ...rows] = table.trimEnd().split('\n')
  expect(rows.map((row) => row.replaceAll(/\s+/g, ' '))).toEqual([
    '| it | ≤ 0.6 | 0.61 missed | 0.40 |',
    '| that | ≤ 1.0 | 1.00 | |',
  ])
})

function samplesOf(server: string, mix: string, cpuMicroseconds: readonly number[]): Sample[] {
  return cpuMicroseconds.map((value) => ({
    server,
    mix,
    cpuMicroseconds: value,
    queriesPerSecond: 1,
    lost: 0,
  }))
}

function latency(server: string, p99Ms: number): LatencySample {
  return { server, queriesPerSecond: 1000, count: 1, medianMs: 0.1, p99Ms }
}
