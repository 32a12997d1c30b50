import { expect, test } from 'vitest'

import { createUpstreamMemory } from '../../src/forward/upstream-memory.ts'

const A = { address: '192.0.2.1', port: 53 }
const B = { address: '192.0.2.2', port: 53 }

test('upstream memory puts one that failed last for 5 s, until it answers', () => {
  let nowMs = 0
  const memory = createUpstreamMemory(() => nowMs)
  const order = () => memory.candidates([A, B]).map(({ upstream }) => upstream)
  expect(order()).toEqual([A, B])
  memory.failed(A)
  expect(order()).toEqual([B, A])
  nowMs = 4999
  expect(order()).toEqual([B, A])
  memory.answered(A)
  expect(order()).toEqual([A, B])
})

test('upstream memory lets one query in 5 s try a failed upstream first, with little patience', () => {
  let nowMs = 0
  const memory = createUpstreamMemory(() => nowMs)
  expect(memory.candidates([A])).toEqual([{ upstream: A, patienceMs: 1000 }])
  memory.failed(A)
  nowMs = 5000
  expect(memory.candidates([A, B])[0]).toEqual({ upstream: A, patienceMs: 250 })
  expect(memory.candidates([A, B])[0]?.upstream).toBe(B)
  nowMs = 10_000
  expect(memory.candidates([A, B])[0]?.upstream).toBe(A)
})
