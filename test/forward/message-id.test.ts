import { expect, test } from 'vitest'

import { createIdSource } from '../../src/forward/message-id.ts'

test('F26 ids come from the generator it is given, each used once', () => {
  let batches = 0
  const nextId = createIdSource((ids) => {
    ids.forEach((_, index) => (ids[index] = batches * 10_000 + index))
    batches++
  })
  const drawn = Array.from({ length: 5000 }, nextId)
  expect(new Set(drawn).size).toBe(5000)
  expect(batches).toBe(3)
  expect(drawn.slice(2047, 2050)).toEqual([2047, 10_000, 10_001])
})

test('F26 ids spread over all 16 bits and do not follow one another', () => {
  const nextId = createIdSource()
  const ids = Array.from({ length: 20_000 }, nextId)
  for (let bit = 0; bit < 16; bit++) {
    const ones = ids.filter((id) => ((id >> bit) & 1) === 1).length
    // Ten standard deviations around one half: wrong once in 10^22 runs.
    expect(Math.abs(ones - 10_000)).toBeLessThan(710)
  }
  const steps = new Set(ids.slice(1).map((id, index) => (id - (ids[index] ?? 0)) & 0xffff))
  expect(steps.size).toBeGreaterThan(10_000)
})
