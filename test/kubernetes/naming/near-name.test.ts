import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { nearName } from '../../../src/kubernetes/naming/near-name.ts'

test.each([
  ['shpo', ['web', 'shop', 'store'], 'shop'],
  ['sho', ['shop', 'shoe'], 'shop'],
  ['shopp', ['shop'], 'shop'],
  ['default', ['default-2', 'defualt'], 'defualt'],
  ['payments', ['payment', 'paymentss'], 'payment'],
  ['shop', ['shop'], undefined],
  ['shop', ['abcd', 'verydifferent'], undefined],
  ['a', ['b'], undefined],
  ['ab', ['xy', 'ax'], 'ax'],
  ['web', [], undefined],
])('nearName of %s among %j is %s', (name, candidates, expected) => {
  expect(nearName(name, candidates)).toBe(expected)
})

test('nearName looks at a bounded number of names', () => {
  let looked = 0
  function* many() {
    for (; looked < 100_000; looked++) yield `service-${looked}`
  }
  nearName('nothing-like-it', many())
  expect(looked).toBeLessThan(5000)
})

test('nearName agrees with the definition: at most two changes, each of them one of four', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 3, maxLength: 6 })
  fc.assert(
    fc.property(word, word, (one, other) => {
      const near =
        one !== other &&
        (isOneChange(one, other) || changesOf(one).some((changed) => isOneChange(changed, other)))
      if (nearName(one, [other]) !== undefined) expect(near).toBe(true)
      if (one !== other && isOneChange(one, other)) expect(nearName(one, [other])).toBe(other)
    }),
    { numRuns: 500 },
  )
})

function isOneChange(one: string, other: string): boolean {
  return one === other || changesOf(one).includes(other)
}

/** All texts that are one insertion, deletion, replacement or swap away. */
function changesOf(text: string): readonly string[] {
  const places = Array.from({ length: text.length + 1 }, (_, index) => index)
  return places.flatMap((place) => {
    const [before, after] = [text.slice(0, place), text.slice(place)]
    const swapped = before + after.slice(1, 2) + after.slice(0, 1) + after.slice(2)
    return ['a', 'b', 'c', ''].flatMap((letter) => [
      before + letter + after,
      before + letter + after.slice(1),
      swapped,
    ])
  })
}
