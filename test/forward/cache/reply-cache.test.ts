import { describe, expect, test } from 'vitest'

import { Rcode } from '../../../src/wire/rcode.ts'
import { DEFAULT_CACHE_OPTIONS } from '../../../src/forward/cache/cache-options.ts'
import { nameOf } from '../client-query.ts'
import { addressSet, aliasSet, cacheBench, denial, failure, positive, soaSet, told } from './cache-harness.ts'

const WWW = positive(addressSet('www.example.', 60, 1, 2))
const LIMITS = DEFAULT_CACHE_OPTIONS.success

describe('hits', () => {
  test('are told with TTLs that count down, and asked again when the time is over', async () => {
    const { ask, says, pass, asked } = cacheBench()
    says(WWW)
    expect(told(await ask('www.example. A'))).toEqual(['www.example. 60 1'])
    pass(59.9)
    expect(told(await ask('www.example. A'))).toEqual(['www.example. 1 1'])
    expect(asked).toHaveLength(1)
    pass(0.1)
    expect(told(await ask('www.example. A'))).toEqual(['www.example. 60 1'])
    expect(asked).toHaveLength(2)
  })

  test('are spelled as each asker spells, and never authoritative', async () => {
    const { ask, says, asked } = cacheBench()
    says({
      ...positive(aliasSet('WWW.Example.', 60, 'Web.Example.'), addressSet('Web.Example.', 60, 1)),
      authoritativeAnswer: true,
    })
    expect((await ask('WWW.Example. A')).authoritativeAnswer).toBe(true)
    const again = await ask('wWw.exAmple. A')
    expect(again.authoritativeAnswer).toBe(false)
    expect(told(again)).toEqual(['wWw.exAmple. 60 5', 'Web.Example. 60 1'])
    expect(asked).toHaveLength(1)
  })

  test('hold every record, in order, with AD as it was', async () => {
    const { ask, says } = cacheBench()
    const answer = [aliasSet('www.example.', 60, 'web.example.'), addressSet('web.example.', 60, 3, 1, 2)]
    says({ ...positive(...answer), additional: [addressSet('x.example.', 60, 9)], authenticData: true })
    const first = await ask('www.example. A')
    expect(await ask('www.example. A')).toEqual(first)
    expect(first.authenticData).toBe(true)
  })

  test('F30 questions that differ in name, type, class, DO or CD have each their own data', async () => {
    const { ask, says, asked } = cacheBench()
    let number = 0
    says(({ question: { qname, qtype } }) => {
      const octets = Uint8Array.of(++number)
      const rdata =
        qtype === 1 ? ({ kind: 'A', address: number } as const) : ({ kind: 'OPAQUE', octets } as const)
      return positive({ owner: qname, rrtype: qtype, ttlSeconds: 60, rdatas: [rdata] })
    })
    const questions = [
      () => ask('www.example. A'),
      () => ask('www.example. TYPE1000'),
      () => ask('ww.wexample. A'),
      () => ask('www.example. A', { dnssecOk: true }),
      () => ask('www.example. A', { checkingDisabled: true }),
      () => ask('www.example. A', { checkingDisabled: true, dnssecOk: true }),
      () => ask('www.example. A', { question: { qname: nameOf('www.example.'), qtype: 1, qclass: 3 } }),
    ]
    const first = await Promise.all(questions.map((question) => question()))
    expect(asked).toHaveLength(questions.length)
    const again = await Promise.all(questions.map((question) => question()))
    expect(asked).toHaveLength(questions.length)
    expect(again.map(({ answer }) => answer)).toEqual(first.map(({ answer }) => answer))
  })

  test('keepttl tells the TTL as it came, until the time is over', async () => {
    const { ask, says, pass, asked } = cacheBench({ keepTtl: true })
    says(WWW)
    await ask('www.example. A')
    pass(59)
    expect(told(await ask('www.example. A'))).toEqual(['www.example. 60 1'])
    pass(1)
    await ask('www.example. A')
    expect(asked).toHaveLength(2)
  })
})

describe('how long', () => {
  test.each([
    [1, 5],
    [5, 5],
    [30, 30],
    [100_000, 3_600],
    [0x7fff_ffff, 3_600],
  ])('an answer of TTL %i is told and kept for %i s, for the first asker too', async (ttl, kept) => {
    const { ask, says, pass, asked } = cacheBench()
    says(positive(addressSet('www.example.', ttl, 1)))
    expect(told(await ask('www.example. A'))).toEqual([`www.example. ${kept} 1`])
    pass(kept - 1)
    await ask('www.example. A')
    expect(asked).toHaveLength(1)
    pass(1)
    await ask('www.example. A')
    expect(asked).toHaveLength(2)
  })

  test('F17 a TTL of 0 is told as it is and never kept', async () => {
    const { ask, says, asked } = cacheBench()
    says(positive(aliasSet('www.example.', 60, 'web.example.'), addressSet('web.example.', 0, 1)))
    for (let round = 1; round <= 3; round++) {
      expect(told(await ask('www.example. A'))).toEqual(['www.example. 60 5', 'web.example. 0 1'])
      expect(asked).toHaveLength(round)
    }
  })

  test('F17 the largest TTL that there is counts as the largest that is kept', async () => {
    const { ask, says } = cacheBench()
    says(positive(addressSet('www.example.', 0x7fff_ffff, 1)))
    expect(told(await ask('www.example. A'))).toEqual([`www.example. ${LIMITS.maxTtlSeconds} 1`])
  })

  test('the lowest TTL of the reply counts for all of it', async () => {
    const { ask, says } = cacheBench()
    says(positive(aliasSet('www.example.', 300, 'web.example.'), addressSet('web.example.', 20, 1)))
    expect(told(await ask('www.example. A'))).toEqual(['www.example. 20 5', 'web.example. 20 1'])
  })

  test.each([
    [900, 60, 60],
    [60, 900, 60],
    [9_000, 9_000, 1_800],
    [3, 900, 5],
    [900, 0, 0],
  ])('F18 a denial with a SOA of TTL %i and MINIMUM %i is kept for %i s', async (ttl, minimum, kept) => {
    const { ask, says, pass, asked } = cacheBench()
    says(denial(Rcode.NXDOMAIN, soaSet('example.', ttl, minimum)))
    expect(told(await ask('www.example. A'))).toEqual([`example. ${kept === 0 ? ttl : kept} 6`])
    pass(Math.max(0, kept - 1))
    await ask('www.example. A')
    expect(asked).toHaveLength(kept === 0 ? 2 : 1)
    pass(1)
    await ask('www.example. A')
    expect(asked).toHaveLength(kept === 0 ? 3 : 2)
  })

  test('F18 NXDOMAIN and NODATA without a SOA, and a chain without its end, are not kept', async () => {
    const { ask, says, asked } = cacheBench()
    const replies = [
      denial(Rcode.NXDOMAIN),
      denial(Rcode.NOERROR),
      positive(aliasSet('www.example.', 60, 'web.example.')),
    ]
    for (const [index, reply] of replies.entries()) {
      says(reply)
      expect(await ask('www.example. A')).toEqual(reply)
      expect(await ask('www.example. A')).toEqual(reply)
      expect(asked).toHaveLength(2 * index + 2)
    }
  })

  test('F19 NXDOMAIN and NODATA come back with their RCODE, SOA and reason', async () => {
    const { ask, says, asked } = cacheBench()
    const extendedError = { code: 0, text: 'upstream 192.0.2.1:53 says that the name does not exist' }
    says({ ...denial(Rcode.NXDOMAIN, soaSet('example.', 60, 60)), extendedError })
    const nxdomain = await ask('none.example. A')
    expect(await ask('none.example. A')).toEqual(nxdomain)
    says({
      ...denial(Rcode.NOERROR, soaSet('example.', 60, 60)),
      answer: [aliasSet('alias.example.', 60, 'www.example.')],
    })
    const nodata = await ask('alias.example. A')
    expect(await ask('alias.example. A')).toEqual(nodata)
    expect([nxdomain.rcode, nodata.rcode]).toEqual([Rcode.NXDOMAIN, Rcode.NOERROR])
    expect(nxdomain.extendedError).toEqual(extendedError)
    expect(asked).toHaveLength(2)
  })

  test.each([Rcode.SERVFAIL, Rcode.NOTIMP])(
    'F12 F40 RCODE %i is kept for 5 s, and is no news for the log',
    async (rcode) => {
      const { ask, says, pass, asked } = cacheBench()
      says(failure(rcode))
      expect((await ask('www.example. A')).error).toBe('no answer')
      pass(4.9)
      const again = await ask('www.example. A')
      expect(again).toMatchObject({ rcode, extendedError: { code: 22, text: 'no upstream gave an answer' } })
      expect(again.error).toBeUndefined()
      expect(asked).toHaveLength(1)
      says(WWW)
      pass(0.1)
      expect((await ask('www.example. A')).rcode).toBe(Rcode.NOERROR)
    },
  )

  test('servfail 0 keeps no failures', async () => {
    const { ask, asked } = cacheBench({ failureTtlSeconds: 0 })
    await ask('www.example. A')
    await ask('www.example. A')
    expect(asked).toHaveLength(2)
  })

  test('REFUSED is not kept', async () => {
    const { ask, says, asked } = cacheBench()
    says(failure(Rcode.REFUSED))
    await ask('www.example. A')
    await ask('www.example. A')
    expect(asked).toHaveLength(2)
  })

  test('an uncacheable reply passes as it is', async () => {
    const { ask, says, asked } = cacheBench()
    const reply = { ...positive(addressSet('www.example.', 99_999, 1)), uncacheable: true } as const
    says(reply)
    expect(await ask('www.example. A')).toBe(reply)
    expect(await ask('www.example. A')).toBe(reply)
    expect(asked).toHaveLength(2)
  })

  test('H13 a reply to a query without RD is nothing for others, but that query has what is known', async () => {
    const { ask, says, asked } = cacheBench()
    says(WWW)
    await ask('www.example. A', { recursionDesired: false })
    await ask('www.example. A')
    expect(asked).toHaveLength(2)
    await ask('www.example. A', { recursionDesired: false })
    expect(asked).toHaveLength(2)
  })

  test('disable keeps no answers, or no denials, of those zones; TTLs are cut all the same', async () => {
    const exceptZones = [nameOf('example.')]
    const { ask, says, asked } = cacheBench({ success: { ...LIMITS, maxTtlSeconds: 30, exceptZones } })
    says(WWW)
    expect(told(await ask('www.example. A'))).toEqual(['www.example. 30 1'])
    await ask('www.example. A')
    expect(asked).toHaveLength(2)
    says(denial(Rcode.NXDOMAIN, soaSet('example.', 60, 60)))
    await ask('none.example. A')
    await ask('none.example. A')
    expect(asked).toHaveLength(3)
  })
})

describe('bounds', () => {
  test('F31 the most entries, those used longest ago give way; answers and denials apart', async () => {
    const { ask, says, asked, cache } = cacheBench({ success: { ...LIMITS, maxEntries: 100 } })
    says(({ question }) => positive(addressSet(question.qname, 60, 1)))
    await ask('hot.example. A')
    for (let index = 0; index < 1_000; index++) {
      await ask(`n${index}.example. A`)
      if (index % 50 === 0) await ask('hot.example. A')
    }
    expect(cache.counts().kept.success).toMatchObject({ entries: 100, evictions: 901 })
    says(denial(Rcode.NXDOMAIN, soaSet('example.', 60, 60)))
    for (let index = 0; index < 1_000; index++) await ask(`none${index}.example. A`)
    const before = asked.length
    await ask('hot.example. A')
    expect(asked).toHaveLength(before)
    expect(cache.counts().kept.success.entries).toBe(100)
  })

  test('F25 the most octets: large replies leave room for fewer', async () => {
    const { ask, says, cache } = cacheBench({ success: { ...LIMITS, maxEntries: 1_000 } })
    const addresses = Array.from({ length: 3_000 }, (_none, index) => index)
    says(({ question }) => positive(addressSet(question.qname, 60, ...addresses)))
    for (let index = 0; index < 100; index++) await ask(`n${index}.example. A`)
    const { entries, sizeOctets } = cache.counts().kept.success
    expect(entries).toBe(21)
    expect(sizeOctets).toBeLessThanOrEqual(1_000 * 1_024)
  })

  test('a reply too large for a message is told and not kept', async () => {
    const { ask, says, asked, cache } = cacheBench()
    const addresses = Array.from({ length: 5_000 }, (_none, index) => index)
    says(positive(addressSet('www.example.', 60, ...addresses)))
    expect((await ask('www.example. A')).answer[0]?.rdatas).toHaveLength(5_000)
    await ask('www.example. A')
    expect(asked).toHaveLength(2)
    expect(cache.counts().drops).toBe(2)
  })

  test('requests, hits and misses are counted by kind', async () => {
    const { ask, says, cache } = cacheBench()
    says(WWW)
    await ask('www.example. A')
    await ask('www.example. A')
    says(denial(Rcode.NXDOMAIN, soaSet('example.', 60, 60)))
    for (let round = 0; round < 3; round++) await ask('none.example. A')
    expect(cache.counts()).toMatchObject({ requests: 5, misses: 2, hits: { success: 1, denial: 2 } })
  })
})
