import { expect, test } from 'vitest'

import { KnownObjects } from '../../../../src/kubernetes/api/reflector/known-objects.ts'

test('KnownObjects counts each object once, and what a list has not told yet', () => {
  const known = new KnownObjects()
  known.see('shop', 'web')
  known.see('shop', 'web')
  known.see('', 'shop')
  known.see('shop', 'db')
  expect([known.count, known.unseenCount]).toEqual([3, 0])
  known.beginList()
  expect([known.count, known.unseenCount]).toEqual([3, 3])
  known.see('shop', 'web')
  known.see('shop', 'new')
  known.see('shop', 'new')
  expect([known.count, known.unseenCount]).toEqual([4, 2])
  known.delete('shop', 'new')
  known.delete('shop', 'db')
  known.delete('shop', 'db')
  known.delete('ghost', 'web')
  expect([known.count, known.unseenCount]).toEqual([2, 1])
  expect([...known.unseen()]).toEqual([{ namespace: '', name: 'shop' }])
  expect([known.has('shop', 'web'), known.has('shop', 'db')]).toEqual([true, false])
})

test('KnownObjects gives every unseen object once while each is deleted', () => {
  const known = new KnownObjects()
  for (const namespace of ['a', '__proto__', 'c']) {
    for (const name of ['x', 'constructor', 'z']) known.see(namespace, name)
  }
  known.beginList()
  known.see('c', 'z')
  const given: string[] = []
  for (const { namespace, name } of known.unseen()) {
    given.push(`${namespace}/${name}`)
    known.delete(namespace, name)
  }
  expect(given).toHaveLength(8)
  expect(new Set(given).size).toBe(8)
  expect([known.count, known.unseenCount]).toEqual([1, 0])
})
