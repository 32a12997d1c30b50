import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { composeMessage } from '../../src/wire/compose-message.ts'
import { parseMessage } from '../../src/wire/message.ts'
import { parseQuery } from '../../src/wire/query.ts'
import { Rcode } from '../../src/wire/rcode.ts'
import { anyMessage } from './arbitraries.ts'
import { WEB_A, nameOctets, opt, packet, record } from './packet.ts'

describe('parseMessage', () => {
  test('parseMessage(composeMessage(m)) is m', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        expect(parseMessage(composeMessage(message))).toEqual({ ok: true, message })
      }),
      { numRuns: 300 },
    )
  })

  test('any octets give a value, never an exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (octets) => {
        expect(typeof parseMessage(octets).ok).toBe('boolean')
        expect(typeof parseQuery(octets).ok).toBe('boolean')
      }),
      { numRuns: 2000 },
    )
  })

  test('a valid message that is cut or changed gives a value, never an exception', () => {
    const change = fc.record({
      at: fc.nat(),
      octet: fc.constantFrom(0, 1, 0x3f, 0x40, 0x80, 0xc0, 0xc1, 0xff),
    })
    fc.assert(
      fc.property(anyMessage, fc.array(change, { maxLength: 4 }), fc.nat(), (message, changes, cut) => {
        const whole = composeMessage(message)
        const octets = whole.slice(0, cut % 3 === 0 ? whole.length : cut % (whole.length + 1))
        for (const { at, octet } of changes) if (octets.length > 0) octets[at % octets.length] = octet
        const parsed = parseMessage(octets)
        expect(parsed.ok || parsed.where !== '').toBe(true)
        expect(typeof parseQuery(octets).ok).toBe('boolean')
      }),
      { numRuns: 500 },
    )
  })

  test('a malformed message gives what could be read before', () => {
    const good = record([0xc0, 12], 1, [10, 0, 0, 1])
    const octets = packet({ flags: 0x8180, answer: [good, record([0xc0, 12], 1, [10, 0, 0])] })
    expect(parseMessage(octets)).toMatchObject({
      ok: false,
      where: 'answer',
      message: {
        id: 0x1234,
        response: true,
        questions: [{ qtype: 1 }],
        answer: [{ rdata: { address: 0x0a000001 } }],
      },
    })
    expect(parseMessage(octets.subarray(0, 11))).toEqual({ ok: false, where: 'header', message: undefined })
    expect(parseMessage(octets.subarray(0, 20))).toMatchObject({ ok: false, where: 'question' })
  })

  test.each(['qd', 'an', 'ns', 'ar'])(
    'H06 a count of 65535 (%s) with nothing there is malformed',
    (count) => {
      expect(parseMessage(packet({ counts: { [count]: 0xffff } }))).toMatchObject({ ok: false })
    },
  )

  test('H17 octets behind the last record are ignored', () => {
    const octets = packet({ additional: [opt()] })
    expect(parseMessage(Uint8Array.from([...octets, 0xc0, 0xff]))).toEqual(parseMessage(octets))
  })

  test('E04 E05 E06 an OPT record twice, of another owner, or in another section is malformed', () => {
    expect(parseMessage(packet({ additional: [opt(), opt()] }))).toMatchObject({
      ok: false,
      where: 'additional',
    })
    expect(parseMessage(packet({ additional: [record(nameOctets('a.'), 41, [])] }))).toMatchObject({
      ok: false,
    })
    expect(parseMessage(packet({ answer: [opt()] }))).toMatchObject({ ok: false, where: 'answer' })
    expect(parseMessage(packet({ authority: [opt()] }))).toMatchObject({ ok: false, where: 'authority' })
  })

  test('the RCODE has the bits of the OPT record', () => {
    const octets = packet({ flags: 0x8000, additional: [opt([], { ttl: 0x0100_0000 })] })
    expect(parseMessage(octets)).toMatchObject({
      ok: true,
      message: { rcode: Rcode.BADVERS, additional: [] },
    })
  })

  test('F17 a TTL with its highest bit set is the largest that there is (RFC 8767 section 4)', () => {
    const answer = [0x8000_0000, 0x7fff_ffff].map((ttl) => record([0xc0, 12], 1, [10, 0, 0, 1], { ttl }))
    expect(parseMessage(packet({ answer }))).toMatchObject({
      message: { answer: [{ ttlSeconds: 0x7fff_ffff }, { ttlSeconds: 0x7fff_ffff }] },
    })
  })
})

describe('N08 pointer-heavy messages take linear time', () => {
  const QUESTION_END = 12 + WEB_A.length

  test('N08 127 nested pointers in a reply are read', () => {
    const answer = Array.from({ length: 127 }, (_, index) => {
      const target = index === 0 ? 12 : QUESTION_END + (index - 1) * 12
      return record([0xc0 | (target >>> 8), target & 0xff], 1000, [])
    })
    const parsed = parseMessage(packet({ answer }))
    expect(parsed).toMatchObject({ ok: true })
    expect(parsed.message?.answer.at(-1)?.owner).toBe('web.default.svc.cluster.local.')
  })

  test('N08 64 KiB of records that point at the longest name are read in bounded time', () => {
    const longest = [...Array.from({ length: 127 }, () => [1, 0x61]).flat(), 0]
    // A label and a pointer to one of many suffixes each.
    const answer = Array.from({ length: 4500 }, (_, index) =>
      record([1, 0x61 + (index % 26), 0xc0, 14 + 2 * (index % 40)], 1000, []),
    )
    const octets = packet({ question: [...longest, 0, 1, 0, 1], answer })
    expect(octets.length).toBeGreaterThan(60_000)
    expect(parseMessage(octets)).toMatchObject({ ok: true })
    const ms = fastestMs(() => parseMessage(octets))
    expect(ms, `${ms.toFixed(1)} ms`).toBeLessThan(TOO_LONG_MS)
  })

  test('N08 64 KiB of records whose owners are the longest pointer chains are rejected at once', () => {
    // A TXT of pointers, each to the one before, and records that point to its end.
    const chain = Array.from({ length: 8000 }, (_, index) => {
      const target = index === 0 ? 12 : QUESTION_END + 12 + (index - 1) * 2
      return [0xc0 | (target >>> 8), target & 0xff]
    }).flat()
    const last = QUESTION_END + 12 + 7999 * 2
    const pointing = record([0xc0 | (last >>> 8), last & 0xff], 1000, [])
    const answer = [record([0xc0, 12], 1000, chain), ...Array.from({ length: 4000 }, () => pointing)]
    const octets = packet({ answer })
    expect(parseMessage(octets)).toMatchObject({ ok: false, where: 'answer' })
    expect(fastestMs(() => parseMessage(octets))).toBeLessThan(TOO_LONG_MS)
  })
})

/** Some 2 ms are usual; a walk through every pointer of every record takes hundreds. */
const TOO_LONG_MS = 40

/** The fastest of a few runs: what the code takes when nothing else has the processor. */
function fastestMs(run: () => unknown): number {
  return Math.min(
    ...Array.from({ length: 8 }, () => {
      const start = performance.now()
      run()
      return performance.now() - start
    }),
  )
}
