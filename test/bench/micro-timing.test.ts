import { expect, test } from 'vitest'
import { timeCases } from '../../bench/micro-timing.ts'

test('timeCases gives the best round of each case, in nanoseconds', () => {
  let ms = 0
  let runs = 0
  const nowMs = (): number => ms
  const steady = { name: 'steady', run: () => void (ms += 0.002) }
  // Slow at first, as where another program has the core.
  const disturbable = { name: 'disturbed', run: () => void (ms += runs++ < 20 ? 5 : 0.004) }
  const times = timeCases([steady, disturbable], { rounds: 30, nowMs })
  expect(times.get('steady')).toBeCloseTo(2000, 3)
  expect(times.get('disturbed')).toBeCloseTo(4000, 3)
})
