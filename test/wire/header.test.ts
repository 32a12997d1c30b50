import { describe, expect, test } from 'vitest'
import { accept, opcodeOf, parseHeader } from '../../src/wire/header.ts'
import { Rcode } from '../../src/wire/rcode.ts'
import type { Header } from '../../src/wire/header.ts'

const QUERY: Header = {
  id: 1,
  flags: 0x0100,
  questionCount: 1,
  answerCount: 0,
  authorityCount: 0,
  additionalCount: 0,
}

test('parseHeader reads six 16-bit words', () => {
  expect(parseHeader(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12))).toEqual({
    id: 0x0102,
    flags: 0x0304,
    questionCount: 0x0506,
    answerCount: 0x0708,
    authorityCount: 0x090a,
    additionalCount: 0x0b0c,
  })
  expect(parseHeader(new Uint8Array(11))).toBeUndefined()
})

test('opcodeOf reads four bits', () => {
  expect([opcodeOf(0x7800), opcodeOf(0x87ff), opcodeOf(0x2000)]).toEqual([15, 0, 4])
})

describe('accept', () => {
  test('answers a query, with as many records as IXFR, NOTIFY, OPT and TSIG need', () => {
    expect(accept(QUERY)).toEqual({ action: 'answer' })
    expect(accept({ ...QUERY, answerCount: 1, authorityCount: 1, additionalCount: 2 })).toEqual({
      action: 'answer',
    })
  })

  test('ignores responses of every opcode', () => {
    for (let opcode = 0; opcode < 16; opcode++) {
      expect(accept({ ...QUERY, flags: 0x8000 | (opcode << 11) })).toEqual({ action: 'ignore' })
    }
  })

  test.each([
    [{ questionCount: 0 }, Rcode.FORMERR],
    [{ questionCount: 2 }, Rcode.FORMERR],
    [{ questionCount: 0xffff }, Rcode.FORMERR],
    [{ answerCount: 2 }, Rcode.FORMERR],
    [{ authorityCount: 2 }, Rcode.FORMERR],
    [{ additionalCount: 3 }, Rcode.FORMERR],
    [{ flags: 1 << 11 }, Rcode.NOTIMP],
    [{ flags: 2 << 11 }, Rcode.NOTIMP],
    [{ flags: 4 << 11 }, Rcode.REFUSED],
    [{ flags: 5 << 11 }, Rcode.NOTIMP],
    [{ flags: 5 << 11, questionCount: 0 }, Rcode.NOTIMP],
    [{ flags: 6 << 11 }, Rcode.NOTIMP],
    [{ flags: 15 << 11 }, Rcode.NOTIMP],
  ])('rejects %j with %i', (change, rcode) => {
    expect(accept({ ...QUERY, ...change })).toEqual({ action: 'reject', rcode })
  })
})
