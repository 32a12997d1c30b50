import { describe, expect, test } from 'vitest'
import { MAX_GENERATED, rangeFromText, templateFromText } from '../../../src/zone/zone-file/generate.ts'

describe('rangeFromText', () => {
  test.each([
    ['1-3', { start: 1, stop: 3, step: 1 }],
    ['0-10/5', { start: 0, stop: 10, step: 5 }],
    ['7-7', { start: 7, stop: 7, step: 1 }],
    [`1-${MAX_GENERATED}`, { start: 1, stop: MAX_GENERATED, step: 1 }],
    ['0-2147483647/100000', { start: 0, stop: 2_147_483_647, step: 100_000 }],
  ])('reads %s', (text, range) => {
    expect(rangeFromText(text)).toEqual(range)
  })

  test.each([
    '',
    '1',
    '3-1',
    '1-3/0',
    '-1-3',
    '1-3/',
    'a-b',
    `0-${MAX_GENERATED}`,
    '0-2147483648/65536',
    '0-4294967296',
  ])('says what is wrong with %j', (text) => {
    expect(rangeFromText(text)).toBeTypeOf('string')
  })
})

describe('templateFromText', () => {
  test.each([
    ['host$', 7, 'host7'],
    ['$.$', 7, '7.7'],
    ['plain', 7, 'plain'],
    [String.raw`a\$b$`, 7, 'a$b7'],
    ['a$$b', 7, 'a$b'],
    [String.raw`\065\.$`, 7, String.raw`\065\.7`],
    ['${0}', 7, '7'],
    ['${1}', 7, '8'],
    ['${-7}', 7, '0'],
    ['${0,3}', 7, '007'],
    ['${0,3,d}', 1234, '1234'],
    ['${0,4,x}', 255, '00ff'],
    ['${0,0,X}', 255, 'FF'],
    ['${0,0,o}', 8, '10'],
    // The width of nibbles counts their dots.
    ['${0,0,n}', 0x12, '2.1'],
    ['${0,1,n}', 1, '1'],
    ['${0,2,n}', 1, '1.'],
    ['${0,3,n}', 1, '1.0'],
    ['${0,4,n}x', 1, '1.0.x'],
    ['${0,0,n}', 0xab, 'b.a'],
    ['${0,0,N}', 0xab, 'B.A'],
  ])('%s for %i is %s', (text, value, expected) => {
    expect(templateFromText(text)?.(value)).toBe(expected)
  })

  test.each(['${', '${}', '${a}', '${0,}', '${0,1,y}', '${0,256}', '${0,1,d,e}', '${0', 'a${-}'])(
    'refuses %s',
    (text) => {
      expect(templateFromText(text)).toBeUndefined()
    },
  )

  test('gives nothing for values out of range', () => {
    expect(templateFromText('${-8}')?.(7)).toBeUndefined()
    expect(templateFromText('${2147483647}')?.(1)).toBeUndefined()
  })
})
