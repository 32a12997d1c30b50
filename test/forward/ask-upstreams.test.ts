import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { askUpstreams } from '../../src/forward/ask-upstreams.ts'
import type { Asked, AttemptResult } from '../../src/forward/ask-upstreams.ts'
import type { Upstream } from '../../src/forward/upstream-address.ts'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

const SILENCE: AttemptResult<string> = { kind: 'failed', isSilence: true, lasting: false, text: 'timeout' }
const REFUSED: AttemptResult<string> = { kind: 'failed', isSilence: false, lasting: false, text: 'refused' }
const UNUSABLE: AttemptResult<string> = { kind: 'failed', isSilence: false, lasting: true, text: 'FORMERR' }
const REPLY: AttemptResult<string> = { kind: 'reply', reply: 'the reply' }

interface Script {
  readonly result: AttemptResult<string>
  readonly afterMs: number
}

/** Asks upstreams 1, 2, … that behave as scripted, and tells who was asked when, and what came of it. */
function play(scripts: readonly Script[], patienceMs = 1000) {
  const attempts: { port: number; atMs: number; signal: AbortSignal }[] = []
  const silent: number[] = []
  const controller = new AbortController()
  const startedMs = performance.now()
  const nowMs = () => Math.round(performance.now() - startedMs)
  let finished: { asked: Asked<string>; atMs: number } | undefined
  const upstreams = scripts.map((_, index): Upstream => ({ address: '192.0.2.1', port: index + 1 }))
  void askUpstreams<string>({
    candidates: upstreams.map((upstream) => ({ upstream, patienceMs })),
    attempt: (upstream, signal) => {
      attempts.push({ port: upstream.port, atMs: nowMs(), signal })
      const script = scripts[upstream.port - 1] ?? { result: SILENCE, afterMs: 0 }
      return new Promise((resolve) => {
        setTimeout(() => resolve(script.result), script.afterMs)
        signal.addEventListener('abort', () => resolve({ kind: 'aborted' }))
      })
    },
    isFailing: (upstream) => silent.includes(upstream.port),
    onSilence: (upstream) => silent.push(upstream.port),
    signal: controller.signal,
  }).then((asked) => {
    finished = { asked, atMs: nowMs() }
  })
  return {
    attempts,
    silent,
    abort: () => controller.abort(),
    outcome: () => finished,
    asked: () => attempts.map(({ port, atMs }) => `${port}@${atMs}`),
  }
}

test('askUpstreams asks the first and is done with its reply', async () => {
  const game = play([
    { result: REPLY, afterMs: 20 },
    { result: REPLY, afterMs: 20 },
  ])
  await vi.advanceTimersByTimeAsync(5000)
  expect(game.asked()).toEqual(['1@0'])
  expect(game.outcome()).toMatchObject({ asked: { kind: 'reply', reply: 'the reply' }, atMs: 20 })
  expect(vi.getTimerCount()).toBe(0)
})

test('F09 askUpstreams asks the next when one is silent for its patience', async () => {
  const game = play([
    { result: SILENCE, afterMs: 4000 },
    { result: REPLY, afterMs: 20 },
  ])
  await vi.advanceTimersByTimeAsync(5000)
  expect(game.asked()).toEqual(['1@0', '2@1000'])
  expect(game.silent).toEqual([1])
  expect(game.outcome()).toMatchObject({ asked: { kind: 'reply', upstream: { port: 2 } }, atMs: 1020 })
  expect(game.attempts.every(({ signal }) => signal.aborted)).toBe(false)
  expect(game.attempts[0]?.signal.aborted).toBe(true)
})

test('askUpstreams still takes the late reply of a slow upstream', async () => {
  const game = play([
    { result: REPLY, afterMs: 2500 },
    { result: SILENCE, afterMs: 3000 },
  ])
  await vi.advanceTimersByTimeAsync(5000)
  expect(game.outcome()).toMatchObject({ asked: { kind: 'reply', upstream: { port: 1 } }, atMs: 2500 })
})

test('F10 askUpstreams asks the next at once when one fails, and the failed one once more after the others', async () => {
  const game = play([
    { result: REFUSED, afterMs: 1 },
    { result: REFUSED, afterMs: 1 },
  ])
  await vi.advanceTimersByTimeAsync(5000)
  expect(game.asked()).toEqual(['1@0', '2@1', '1@2', '2@3'])
  expect(game.outcome()).toEqual({ asked: { kind: 'failed', isSilence: false, texts: ['refused'] }, atMs: 4 })
})

test('F10 askUpstreams does not wait for a silent one before it asks on behind one that failed', async () => {
  const game = play([
    { result: SILENCE, afterMs: 4000 },
    { result: REFUSED, afterMs: 1 },
    { result: REPLY, afterMs: 1 },
  ])
  await vi.advanceTimersByTimeAsync(5000)
  expect(game.asked()).toEqual(['1@0', '2@1000', '3@1001'])
})

test('askUpstreams does not ask an upstream again whose answer would be the same', async () => {
  const game = play([
    { result: UNUSABLE, afterMs: 1 },
    { result: REFUSED, afterMs: 1 },
  ])
  await vi.advanceTimersByTimeAsync(5000)
  expect(game.asked()).toEqual(['1@0', '2@1', '2@2'])
  expect(game.outcome()).toMatchObject({ asked: { texts: ['FORMERR', 'refused'] } })
})

test('F37 askUpstreams asks each upstream twice at most, and waits with three at most', async () => {
  const game = play(
    Array.from({ length: 5 }, () => ({ result: SILENCE, afterMs: 60_000 })),
    500,
  )
  let most = 0
  for (let ms = 0; ms < 8000; ms += 100) {
    await vi.advanceTimersByTimeAsync(100)
    most = Math.max(most, game.attempts.filter(({ signal }) => !signal.aborted).length)
  }
  expect(game.attempts).toHaveLength(10)
  expect(most).toBe(3)
  expect(game.outcome()).toBeUndefined()
})

test('askUpstreams fails when the last attempt has ended, as silence only if nothing else happened', async () => {
  const silent = play([{ result: SILENCE, afterMs: 4000 }])
  await vi.advanceTimersByTimeAsync(6000)
  expect(silent.outcome()).toMatchObject({
    asked: { kind: 'failed', isSilence: true, texts: ['timeout'] },
    atMs: 5000,
  })
  const mixed = play([
    { result: SILENCE, afterMs: 100 },
    { result: REFUSED, afterMs: 100 },
  ])
  await vi.advanceTimersByTimeAsync(6000)
  expect(mixed.outcome()).toMatchObject({ asked: { kind: 'failed', isSilence: false } })
})

test('askUpstreams ends all attempts on the signal and leaves no timer behind', async () => {
  const game = play([
    { result: SILENCE, afterMs: 4000 },
    { result: SILENCE, afterMs: 4000 },
  ])
  await vi.advanceTimersByTimeAsync(1500)
  game.abort()
  await vi.advanceTimersByTimeAsync(0)
  expect(game.outcome()?.asked).toEqual({ kind: 'aborted' })
  expect(game.attempts.map(({ signal }) => signal.aborted)).toEqual([true, true])
  await vi.advanceTimersByTimeAsync(10_000)
  expect(game.attempts).toHaveLength(2)
})
