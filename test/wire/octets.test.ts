import { describe, expect, test } from 'vitest'
import {
  OctetReader,
  hexFromOctets,
  writeLatin1,
  writeUint128,
  writeUint16,
  writeUint32,
} from '../../src/wire/octets.ts'

describe('OctetReader', () => {
  test('reads what the writers write', () => {
    const octets = new Uint8Array(24)
    writeUint16(octets, 0, 0xfffe)
    writeUint32(octets, 2, 0xfedc_ba98)
    writeUint128(octets, 6, 0xfedc_ba98_7654_3210_0123_4567_89ab_cdefn)
    octets[22] = 1
    writeLatin1(octets, 23, '\u00ff')
    const reader = new OctetReader(octets)
    expect(reader.uint16()).toBe(0xfffe)
    expect(reader.uint32()).toBe(0xfedc_ba98)
    expect(reader.uint128()).toBe(0xfedc_ba98_7654_3210_0123_4567_89ab_cdefn)
    expect(reader.characterString()).toBe('\u00ff')
    expect([reader.offset, reader.overrun]).toEqual([24, false])
  })

  test.each([
    ['uint8', (reader: OctetReader) => reader.uint8(), 0],
    ['uint16', (reader: OctetReader) => reader.uint16(), 0],
    ['uint32', (reader: OctetReader) => reader.uint32(), 0],
    ['uint128', (reader: OctetReader) => reader.uint128(), 0n],
    ['characterString', (reader: OctetReader) => reader.characterString(), ''],
    ['subarray', (reader: OctetReader) => reader.subarray(1), new Uint8Array(0)],
  ])('%s past the end gives nothing and sets overrun', (_, read, expected) => {
    const reader = new OctetReader(Uint8Array.of(1, 2, 3))
    reader.end = 0
    expect(read(reader)).toEqual(expected)
    expect(reader.overrun).toBe(true)
  })

  test('subarray is a view', () => {
    const octets = Uint8Array.of(1, 2, 3)
    const view = new OctetReader(octets, 1).subarray(2)
    octets[1] = 9
    expect([...view]).toEqual([9, 3])
  })
})

test('hexFromOctets writes two lower-case digits for each octet of a view', () => {
  expect(hexFromOctets(Uint8Array.of(1, 0x0a, 0xff, 2).subarray(1, 3))).toBe('0aff')
})
