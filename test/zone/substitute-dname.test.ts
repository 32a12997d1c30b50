import { expect, test } from 'vitest'
import { countOctets } from '../../src/wire/name.ts'
import { substituteDname } from '../../src/zone/substitute-dname.ts'
import { name } from '../wire/packet.ts'

const substitute = (from: string, owner: string, target: string) =>
  substituteDname(name(from), { owner: name(owner), target: name(target) })

test.each([
  ['a.example.', 'example.', 'example.net.', 'a.example.net.'],
  ['A.b.Example.', 'example.', '.', 'A.b.'],
  ['a.b.', '.', 'x.', 'a.b.x.'],
  [String.raw`a\.b.example.`, 'example.', 'x.', String.raw`a\.b.x.`],
])('substituteDname of %s, %s to %s, is %s', (from, owner, target, expected) => {
  expect(substitute(from, owner, target)).toBe(expected)
})

test('substituteDname makes names of up to 255 octets', () => {
  const long = `${'x'.repeat(63)}.`
  const made = substitute(`${'y'.repeat(61)}.a.`, 'a.', long.repeat(3))
  expect(made === undefined ? 0 : countOctets(made)).toBe(255)
  expect(substitute(`${'y'.repeat(62)}.a.`, 'a.', long.repeat(3))).toBeUndefined()
})
