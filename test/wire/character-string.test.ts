import { expect, test } from 'vitest'
import {
  fieldsFromText,
  octetsFromField,
  stringFromField,
  stringToText,
} from '../../src/wire/character-string.ts'

test.each([
  ['a b', ['a', 'b']],
  [' \t a\tb ', ['a', 'b']],
  ['', []],
  ['"a b" c', ['a b', 'c']],
  ['""', ['']],
  [String.raw`a\ b "\"" \"x`, [String.raw`a\ b`, String.raw`\"`, String.raw`\"x`]],
])('fieldsFromText(%j) is %j', (text, expected) => {
  expect(fieldsFromText(text)).toEqual(expected)
})

test.each(['"a', 'a "', String.raw`"a\"`])('fieldsFromText(%j) has an open quote', (text) => {
  expect(fieldsFromText(text)).toBeUndefined()
})

test('stringFromField reads what stringToText writes, for every octet', () => {
  const all = Array.from({ length: 255 }, (_, octet) => String.fromCharCode(octet)).join('')
  for (const string of [all, '\u00ff', '\\', '"', ' ', '']) {
    const text = stringToText(string)
    expect(text).toMatch(/^"[ -~]*"$/)
    expect(stringFromField(text.slice(1, -1))).toBe(string)
  }
})

test.each(['\\', 'a\\', String.raw`\1`, String.raw`\999`, 'x'.repeat(256)])(
  'stringFromField refuses %j',
  (field) => {
    expect(stringFromField(field)).toBeUndefined()
  },
)

test.each([
  ['1 . alpn="h2,h3" port=1', ['1', '.', 'alpn=h2,h3', 'port=1']],
  [String.raw`key9="a b\"c"x "y"`, [String.raw`key9=a b\"c`, 'x', 'y']],
  ['a "b"', ['a', 'b']],
])('fieldsFromText(%j) with parameters is %j', (text, expected) => {
  expect(fieldsFromText(text, true)).toEqual(expected)
})

test('octetsFromField has no limit and reads what is not ASCII as UTF-8', () => {
  expect(octetsFromField('x'.repeat(1000))).toHaveLength(1000)
  expect(octetsFromField('é')).toBe('\u00c3\u00a9')
})
