import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalKey, compareCanonically } from '../../src/zone/canonical-order.ts'
import { lowerCase } from '../../src/wire/name.ts'
import { anyName } from '../wire/arbitraries.ts'
import { name } from '../wire/packet.ts'

const compare = (one: string, other: string) =>
  Math.sign(compareCanonically(canonicalKey(name(one)), canonicalKey(name(other))))

test.each([
  ['.', 'a.', -1],
  ['a.', 'a.a.', -1],
  ['z.a.', 'b.', -1],
  ['A.', 'a.', 0],
  [String.raw`\000.a.`, 'a.a.', -1],
  [String.raw`\255.a.`, 'z.a.', 1],
  // A dot inside a label is an octet like others.
  [String.raw`a\.b.`, 'a.', 1],
  [String.raw`a\.b.`, 'a-b.', 1],
])('compareCanonically of %s and %s is %i', (one, other, expected) => {
  expect(compare(one, other)).toBe(expected)
  expect(compare(other, one)).toBe(expected === 0 ? 0 : -expected)
})

test('compareCanonically takes names for equal that are equal in lower case, and no others', () => {
  fc.assert(
    fc.property(anyName, anyName, (one, other) => {
      expect(compare(one, other) === 0).toBe(lowerCase(one) === lowerCase(other))
    }),
  )
})
