import { expect, test } from 'vitest'

import { Quarantine } from '../../../../src/kubernetes/api/reflector/quarantine.ts'

function countingQuarantine() {
  let changes = 0
  const quarantine = new Quarantine(() => {
    changes += 1
  })
  return { quarantine, changes: () => changes }
}

test('Quarantine tells each change once', () => {
  const { quarantine, changes } = countingQuarantine()
  quarantine.put('shop', 'web', ['no spec', 'no name'])
  quarantine.put('shop', 'web', ['no spec', 'no name'])
  quarantine.put('', 'shop', ['no name'])
  expect(Object.fromEntries(quarantine.sentences)).toEqual({
    'shop/web': 'no spec; no name',
    shop: 'no name',
  })
  quarantine.put('shop', 'web', ['no spec'])
  quarantine.delete('shop', 'web')
  quarantine.delete('shop', 'web')
  expect(Object.fromEntries(quarantine.sentences)).toEqual({ shop: 'no name' })
  expect(changes()).toBe(4)
})

test('Quarantine forgets with a complete list what that did not hold', () => {
  const { quarantine, changes } = countingQuarantine()
  quarantine.put('shop', 'web', ['bad'])
  quarantine.put('shop', 'db', ['bad'])
  quarantine.beginList()
  quarantine.put('shop', 'db', ['bad'])
  quarantine.completeList()
  expect([...quarantine.sentences.keys()]).toEqual(['shop/db'])
  expect(changes()).toBe(3)
})

test('Quarantine names 100 at most', () => {
  const { quarantine, changes } = countingQuarantine()
  for (let index = 0; index < 300; index += 1) quarantine.put('shop', `s${index}`, ['bad'])
  expect([quarantine.sentences.size, changes()]).toEqual([100, 100])
})
