import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { AddressIndex } from '../../src/kubernetes/address-index.ts'
import type { IpAddress } from '../../src/wire/rdata.ts'
import { ip } from '../helpers/cluster.ts'

const [A, B] = [{ id: 'a' }, { id: 'b' }]

test('AddressIndex holds one, several and no holders of an address', () => {
  const index = new AddressIndex<{ id: string }>()
  expect(index.get(ip('10.0.0.1'))).toEqual([])
  index.add(ip('10.0.0.1'), A)
  expect(index.get(ip('10.0.0.1'))).toEqual([A])
  index.add(ip('10.0.0.1'), B)
  expect(index.get(ip('10.0.0.1'))).toEqual([A, B])
  index.remove(ip('10.0.0.1'), A)
  expect(index.get(ip('10.0.0.1'))).toEqual([B])
  index.remove(ip('10.0.0.1'), A)
  expect(index.get(ip('10.0.0.1'))).toEqual([B])
  index.remove(ip('10.0.0.1'), B)
  expect(index.get(ip('10.0.0.1'))).toEqual([])
})

test('AddressIndex keeps the families apart', () => {
  const index = new AddressIndex<{ id: string }>()
  index.add(1, A)
  index.add(1n, B)
  expect(index.get(1)).toEqual([A])
  expect(index.get(1n)).toEqual([B])
  expect(index.someWithin(0, 10, () => true)).toBe(true)
  index.remove(1, A)
  expect(index.someWithin(0, 10, () => true)).toBe(false)
  expect(index.someWithin(0n, 10n, () => true)).toBe(true)
})

test('AddressIndex.someWithin is right after any changes, whenever it is asked', () => {
  const address = fc.oneof(fc.integer({ min: 0, max: 30 }), fc.bigInt({ min: 0n, max: 30n }))
  const step = fc.record({ action: fc.constantFrom('add', 'remove', 'ask'), address })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const index = new AddressIndex<{ id: string }>()
      const held = new Set<IpAddress>()
      for (const { action, address: one } of steps) {
        if (action === 'add' && !held.has(one)) index.add(one, A)
        if (action === 'add') held.add(one)
        if (action === 'remove') index.remove(one, A)
        if (action === 'remove') held.delete(one)
        if (action !== 'ask') continue
        const high = typeof one === 'number' ? one + 5 : one + 5n
        const wanted = [...held].filter(
          (other) => typeof other === typeof one && other >= one && other <= high,
        )
        const seen: IpAddress[] = []
        expect(index.someWithin(one, high, (other) => seen.push(other) === 0)).toBe(false)
        expect(seen).toEqual(wanted.toSorted((left, right) => (left < right ? -1 : 1)))
      }
    }),
  )
})

test('AddressIndex.someWithin is right after more changes than it follows', () => {
  const index = new AddressIndex<{ id: string }>()
  expect(index.someWithin(0, 0xffff_ffff, () => true)).toBe(false)
  for (let address = 0; address < 3000; address++) index.add(address, A)
  expect(index.someWithin(2999, 2999, () => true)).toBe(true)
  for (let address = 0; address < 2999; address++) index.remove(address, A)
  expect(index.someWithin(0, 2998, () => true)).toBe(false)
  expect(index.someWithin(0, 2999, () => true)).toBe(true)
})

test('AddressIndex takes IPv6 addresses of many nodes, which differ in their upper half alone', () => {
  const index = new AddressIndex<{ id: string }>()
  const start = performance.now()
  for (let node = 0; node < 32_000; node++) index.add((0xfdn << 120n) | (BigInt(node) << 64n) | 5n, A)
  // Some 20 ms; keyed by the bigints themselves it was 9 s.
  expect(performance.now() - start).toBeLessThan(3000)
})
