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
