import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { Rcode } from '../../../src/wire/rcode.ts'
import type { Reply } from '../../../src/zone/responder.ts'
import {
  SERVE_STALE,
  addressSet,
  cacheBench,
  denial,
  failure,
  positive,
  soaSet,
  told,
} from './cache-harness.ts'

const OLD = positive(addressSet('www.example.', 60, 1))
const NEW = positive(addressSet('www.example.', 60, 2))
const GONE = denial(Rcode.NXDOMAIN, soaSet('example.', 60, 60))
const addressOf = (reply: Reply) => {
  const rdata = reply.answer[0]?.rdatas[0]
  return rdata?.kind === 'A' ? rdata.address : undefined
}
/** Lets promises that wait for nothing settle. */
const settled = () => new Promise<void>((resolve) => void setImmediate(resolve))

describe('prefetch', () => {
  const prefetch = { minHits: 3, maxGapMs: 10_000, remainingPercent: 10 }

  test('renews what is asked often once a tenth of the TTL is left, and nobody waits', async () => {
    const { ask, says, pass, asked, cache } = cacheBench({ prefetch })
    says(OLD)
    await ask('www.example. A')
    pass(50)
    for (let round = 0; round < 3; round++) await ask('www.example. A')
    expect(asked).toHaveLength(1)
    pass(4)
    says(NEW)
    expect(addressOf(await ask('www.example. A'))).toBe(1)
    await settled()
    expect(asked).toHaveLength(2)
    const renewed = await ask('www.example. A')
    expect([addressOf(renewed), renewed.answer[0]?.ttlSeconds]).toEqual([2, 60])
    expect(cache.counts().prefetches).toBe(1)
    // The renewed entry is as popular as the one before.
    pass(9)
    for (let round = 0; round < 6; round++) {
      await ask('www.example. A')
      pass(9)
    }
    await settled()
    expect(asked).toHaveLength(3)
  })

  test('does not renew what is asked seldom, or with longer gaps', async () => {
    const { ask, says, pass, asked } = cacheBench({ prefetch })
    says(OLD)
    await ask('www.example. A')
    for (let round = 0; round < 5; round++) {
      pass(11)
      await ask('www.example. A')
    }
    await settled()
    expect(asked).toHaveLength(1)
  })

  test('F39 a thousand queries for a hot entry that is about to end cause one renewal', async () => {
    const { ask, says, pass, asked } = cacheBench({ prefetch })
    says(OLD)
    await ask('www.example. A')
    pass(59)
    const { promise, resolve } = Promise.withResolvers<Reply>()
    says(() => promise)
    const replies = await Promise.all(Array.from({ length: 1_000 }, () => ask('www.example. A')))
    expect(new Set(replies.map(addressOf))).toEqual(new Set([1]))
    expect(asked).toHaveLength(2)
    resolve(NEW)
    await settled()
    expect(addressOf(await ask('www.example. A'))).toBe(2)
  })

  test.each([
    ['a failure', failure(Rcode.SERVFAIL)],
    ['REFUSED', failure(Rcode.REFUSED)],
  ])('%s does not take the place of an answer', async (_what, reply) => {
    const { ask, says, pass } = cacheBench({ prefetch })
    says(OLD)
    await ask('www.example. A')
    pass(58)
    says(reply)
    for (let round = 0; round < 4; round++) await ask('www.example. A')
    await settled()
    expect(addressOf(await ask('www.example. A'))).toBe(1)
  })

  test('an upstream that throws or rejects leaves the entry as it is', async () => {
    const { ask, says, pass, asked } = cacheBench({ prefetch })
    says(OLD)
    await ask('www.example. A')
    pass(58)
    says(() => Promise.reject(new Error('a fault')))
    for (let round = 0; round < 4; round++) {
      await ask('www.example. A')
      await settled()
    }
    says(() => {
      throw new Error('a fault')
    })
    expect(addressOf(await ask('www.example. A'))).toBe(1)
    await settled()
    expect(asked).toHaveLength(4)
    expect(addressOf(await ask('www.example. A'))).toBe(1)
  })
})

describe('serve_stale immediate', () => {
  test('F11 answers with what is over, with TTL and reason, and renews aside', async () => {
    const { ask, says, pass, asked, cache } = cacheBench({ serveStale: SERVE_STALE })
    says(OLD)
    await ask('www.example. A')
    pass(100)
    says(NEW)
    const stale = await ask('www.example. A')
    expect([addressOf(stale), stale.answer[0]?.ttlSeconds]).toEqual([1, 0])
    expect(stale.extendedError?.code).toBe(3)
    await settled()
    expect(asked).toHaveLength(2)
    const fresh = await ask('www.example. A')
    expect([addressOf(fresh), fresh.extendedError]).toEqual([2, undefined])
    expect(cache.counts()).toMatchObject({ servedStale: 1, prefetches: 1 })
  })

  test('F11 F40 goes on while the upstream fails, for as long as it may, and not a second longer', async () => {
    const { ask, says, pass } = cacheBench({
      serveStale: { ...SERVE_STALE, maxStaleSeconds: 100, ttlSeconds: 30 },
    })
    says(OLD)
    await ask('www.example. A')
    says(failure(Rcode.SERVFAIL))
    pass(60)
    for (let second = 0; second < 100; second++) {
      expect(told(await ask('www.example. A'))).toEqual(['www.example. 30 1'])
      await settled()
      pass(1)
    }
    expect((await ask('www.example. A')).rcode).toBe(Rcode.SERVFAIL)
    says(NEW)
    pass(5)
    expect(addressOf(await ask('www.example. A'))).toBe(2)
  })

  test('a stale denial says so with its own code; a failure is never served stale', async () => {
    const { ask, says, pass, asked } = cacheBench({ serveStale: SERVE_STALE })
    says(GONE)
    await ask('none.example. A')
    pass(61)
    const stale = await ask('none.example. A')
    expect([stale.rcode, stale.extendedError?.code]).toEqual([Rcode.NXDOMAIN, 19])
    await settled()
    says(failure(Rcode.SERVFAIL))
    await ask('other.example. A')
    pass(5)
    says(OLD)
    const before = asked.length
    expect((await ask('other.example. A')).rcode).toBe(Rcode.NOERROR)
    expect(asked).toHaveLength(before + 1)
  })

  test('after a failure nobody is asked again before the recheck time is over', async () => {
    const { ask, says, pass, asked } = cacheBench({ serveStale: { ...SERVE_STALE, recheckMs: 30_000 } })
    says(OLD)
    await ask('www.example. A')
    pass(60)
    says(failure(Rcode.SERVFAIL))
    for (let second = 0; second < 30; second++) {
      await ask('www.example. A')
      await settled()
      pass(1)
    }
    expect(asked).toHaveLength(2)
    await ask('www.example. A')
    await settled()
    expect(asked).toHaveLength(3)
  })

  test('F38 a name that is gone takes the place of its answer', async () => {
    const { ask, says, pass } = cacheBench({ serveStale: SERVE_STALE })
    says(OLD)
    await ask('www.example. A')
    pass(60)
    says(GONE)
    expect(addressOf(await ask('www.example. A'))).toBe(1)
    await settled()
    expect((await ask('www.example. A')).rcode).toBe(Rcode.NXDOMAIN)
    pass(59)
    says(failure(Rcode.SERVFAIL))
    pass(60)
    expect((await ask('www.example. A')).rcode).toBe(Rcode.NXDOMAIN)
  })

  test('F38 prefer_positive keeps the last answer until a new one comes, or its time is over', async () => {
    const serveStale = { ...SERVE_STALE, maxStaleSeconds: 600, preferPositive: true }
    const { ask, says, pass } = cacheBench({ serveStale })
    says(OLD)
    await ask('www.example. A')
    pass(60)
    says(GONE)
    for (let minute = 0; minute < 10; minute++) {
      expect(addressOf(await ask('www.example. A'))).toBe(1)
      await settled()
      pass(60)
    }
    expect((await ask('www.example. A')).rcode).toBe(Rcode.NXDOMAIN)
  })
})

describe('serve_stale verify', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())
  const serveStale = { ...SERVE_STALE, mode: 'verify', verifyTimeoutMs: 1_800 } as const

  test('asks first and gives the new answer', async () => {
    const { ask, says, pass, cache } = cacheBench({ serveStale })
    says(OLD)
    await ask('www.example. A')
    pass(60)
    says(NEW)
    const fresh = await ask('www.example. A')
    expect([addressOf(fresh), fresh.extendedError]).toEqual([2, undefined])
    expect(cache.counts()).toMatchObject({ servedStale: 0, prefetches: 0 })
    expect(vi.getTimerCount()).toBe(0)
  })

  test('F11 gives what is over where the upstream fails', async () => {
    const { ask, says, pass } = cacheBench({ serveStale })
    says(OLD)
    await ask('www.example. A')
    pass(60)
    says(failure(Rcode.SERVFAIL))
    expect(addressOf(await ask('www.example. A'))).toBe(1)
  })

  test('F11 F39 does not wait longer than 1.8 s, others not at all, and takes the late answer', async () => {
    const { ask, says, pass, asked } = cacheBench({ serveStale })
    says(OLD)
    await ask('www.example. A')
    pass(60)
    const { promise, resolve } = Promise.withResolvers<Reply>()
    says(() => promise)
    let first: Reply | undefined
    void ask('www.example. A').then((reply) => (first = reply))
    const others = await Promise.all(Array.from({ length: 100 }, () => ask('www.example. A')))
    expect(new Set(others.map(addressOf))).toEqual(new Set([1]))
    await vi.advanceTimersByTimeAsync(1_799)
    expect(first).toBeUndefined()
    await vi.advanceTimersByTimeAsync(1)
    expect(first && addressOf(first)).toBe(1)
    resolve(NEW)
    await settled()
    expect(addressOf(await ask('www.example. A'))).toBe(2)
    expect(asked).toHaveLength(2)
  })
})
