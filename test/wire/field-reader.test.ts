import { describe, expect, test } from 'vitest'
import { FieldReader } from '../../src/wire/field-reader.ts'
import { name } from './packet.ts'

const reader = (...texts: string[]) => new FieldReader(texts, name('example.'))

describe('FieldReader', () => {
  test('reads fields front to back', () => {
    const fields = reader('255', '65535', '4294967295', '1h', 'a', 'x y', '0a', '0B')
    expect([fields.uint8(), fields.uint16(), fields.uint32(), fields.seconds()]).toEqual([
      255, 65535, 4294967295, 3600,
    ])
    expect([fields.name(), fields.octets(), fields.remaining]).toEqual(['a.example.', 'x y', 2])
    expect(fields.hex()).toEqual(Uint8Array.of(10, 11))
    expect([fields.remaining, fields.malformed]).toEqual([0, false])
  })

  test.each([
    ['a number that is too large', (fields: FieldReader) => fields.uint8(), '256'],
    ['no number', (fields: FieldReader) => fields.uint16(), '0x1'],
    ['half an octet', (fields: FieldReader) => fields.hex(), '0ab'],
    ['no octets', (fields: FieldReader) => fields.hex(), ''],
    ['a wrong escape', (fields: FieldReader) => fields.octets(), String.raw`\999`],
  ])('marks %s', (_, read, text) => {
    const fields = reader(text)
    read(fields)
    expect(fields.malformed).toBe(true)
  })

  test('marks a field that is not there', () => {
    const fields = reader()
    expect([fields.text(), fields.malformed]).toEqual(['', true])
  })

  test('rest takes all that is left', () => {
    const fields = reader('a', 'b', 'c')
    fields.text()
    expect([fields.rest(), fields.remaining]).toEqual([['b', 'c'], 0])
  })
})
