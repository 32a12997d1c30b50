import { expect, test } from 'vitest'

import { TextTable } from '../../../../src/kubernetes/api/codec/text-table.ts'

test('TextTable gives the text of octets, whatever they are', () => {
  const table = new TextTable()
  const texts = ['', 'a', 'shop', 'x'.repeat(64), 'x'.repeat(65), 'ü☃😀', 'a\0b', '\x7f', ...manyTexts()]
  const wrong = [...texts, ...texts].filter((text) => {
    const octets = Buffer.from(`<${text}>`)
    return table.fromOctets(octets, 1, octets.length - 1) !== text || table.same(text) !== text
  })
  expect(wrong).toEqual([])
})

test('TextTable keeps no octets and does not grow', () => {
  const table = new TextTable()
  const octets = Buffer.from('shop')
  const text = table.fromOctets(octets, 0, 4)
  octets.fill(0)
  expect(text).toBe('shop')
  expect(table.fromOctets(octets, 0, 4)).toBe('\0\0\0\0')
})

test('TextTable gives octets that are not UTF-8 as text that says so', () => {
  expect(new TextTable().fromOctets(Buffer.from([0x61, 0xff]), 0, 2)).toBe('a\u{fffd}')
})

/** More than there are slots. */
function manyTexts(): readonly string[] {
  return Array.from({ length: 10_000 }, (_, index) => `service-${index}`)
}
