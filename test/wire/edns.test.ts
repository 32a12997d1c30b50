import { describe, expect, test } from 'vitest'
import { extendedErrorOf, extendedErrorOption, optSizeOctets, optTtlField } from '../../src/wire/edns.ts'
import type { EdnsOption, OptRecord } from '../../src/wire/edns.ts'

function opt(...options: readonly EdnsOption[]): OptRecord {
  return { udpPayloadSize: 1232, version: 0, dnssecOk: false, options }
}

describe('extendedErrorOption', () => {
  test('writes the code and the text in UTF-8 (RFC 8914 section 2)', () => {
    expect(extendedErrorOption({ code: 14, text: 'no’' })).toEqual({
      code: 15,
      data: Uint8Array.of(0, 14, 0x6e, 0x6f, 0xe2, 0x80, 0x99),
    })
    expect(extendedErrorOption({ code: 0x1234, text: '' }).data).toEqual(Uint8Array.of(0x12, 0x34))
  })

  test('is what extendedErrorOf reads', () => {
    const error = { code: 22, text: 'upstream 10.0.0.1 did not answer' }
    expect(extendedErrorOf(opt({ code: 3, data: new Uint8Array(0) }, extendedErrorOption(error)))).toEqual(
      error,
    )
  })
})

describe('extendedErrorOf', () => {
  test('gives nothing where there is none, or none that can be read', () => {
    expect(extendedErrorOf(opt())).toBeUndefined()
    expect(extendedErrorOf(opt({ code: 15, data: Uint8Array.of(0) }))).toBeUndefined()
  })

  test('takes a NUL at the end off, and octets that are not UTF-8 as they come', () => {
    expect(extendedErrorOf(opt({ code: 15, data: Uint8Array.of(0, 9, 0x61, 0) }))).toEqual({
      code: 9,
      text: 'a',
    })
    expect(extendedErrorOf(opt({ code: 15, data: Uint8Array.of(0, 9, 0xff) }))).toEqual({
      code: 9,
      text: '\ufffd',
    })
  })
})

test('optTtlField has the upper bits of the RCODE, the version and DO', () => {
  expect(optTtlField(opt(), 0)).toBe(0)
  expect(optTtlField({ ...opt(), version: 1, dnssecOk: true }, 0xfff)).toBe(0xff01_8000)
})

test('optSizeOctets counts the record and its options', () => {
  expect(optSizeOctets([])).toBe(11)
  expect(
    optSizeOctets([
      { code: 1, data: new Uint8Array(3) },
      { code: 2, data: new Uint8Array(0) },
    ]),
  ).toBe(22)
})
