import { expect, test } from 'vitest'
import { rrTypeFromText, rrTypeToText } from '../../src/wire/rrtype.ts'

test('rrTypeFromText reads what rrTypeToText writes, for every type', () => {
  for (let rrtype = 0; rrtype <= 0xffff; rrtype++) {
    if (rrTypeFromText(rrTypeToText(rrtype)) !== rrtype) expect.unreachable(`type ${rrtype}`)
  }
})

test.each([
  ['a', 1],
  ['AAAA', 28],
  ['type28', 28],
  ['TYPE65535', 65_535],
  ['HTTPS', 65],
])('rrTypeFromText(%j) is %i', (text, expected) => {
  expect(rrTypeFromText(text)).toBe(expected)
})

test.each(['', 'TYPE', 'TYPE65536', 'TYPE-1', 'AA', '28'])('rrTypeFromText refuses %j', (text) => {
  expect(rrTypeFromText(text)).toBeUndefined()
})
