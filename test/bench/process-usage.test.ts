import { expect, test } from 'vitest'
import { cpuSeconds, cpuTicks, residentOctets } from '../../bench/process-usage.ts'

test('cpuTicks reads user and system time, whatever the command is called', () => {
  const stat = '7 (a (b) c) S 1 7 7 0 -1 4194560 900 0 0 0 41 9 0 0 20 0 1 0 100 5000 600'
  expect(cpuTicks(stat)).toEqual({ user: 41, system: 9 })
})

test.skipIf(process.platform !== 'linux')('cpuSeconds grows with the work of a process', () => {
  const before = cpuSeconds(process.pid)
  const until = performance.now() + 150
  while (performance.now() < until);
  expect(cpuSeconds(process.pid) - before).toBeGreaterThanOrEqual(0.02)
})

test.skipIf(process.platform !== 'linux')('residentOctets is about what Node.js says of itself', () => {
  const ratio = residentOctets(process.pid) / process.memoryUsage().rss
  expect(ratio).toBeGreaterThan(0.8)
  expect(ratio).toBeLessThan(1.25)
})
