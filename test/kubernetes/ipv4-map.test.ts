import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { Ipv4Map } from '../../src/kubernetes/ipv4-map.ts'

interface Value {
  readonly text: string
}

/** Few addresses, so that they meet; some far apart, some of which begin in the same slots. */
const address = fc.oneof(
  fc.integer({ min: 0x0a00_0000, max: 0x0a00_0020 }),
  fc.constantFrom(0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff),
)
const step = fc.record({
  address,
  verb: fc.constantFrom('setIfAbsent', 'replace', 'delete'),
})

test('Ipv4Map gives what a Map would, whatever is done to it', () => {
  const done = fc.array(step, { maxLength: 120 })
  fc.assert(
    fc.property(done, (steps) => {
      const [map, model] = [new Ipv4Map<Value>(), new Map<number, Value>()]
      for (const [index, { address: key, verb }] of steps.entries()) {
        const value = { text: `${index}` }
        const known = model.get(key)
        if (verb === 'delete') expect(map.delete(key)).toBe(model.delete(key))
        else if (verb === 'replace') map.replace(key, value)
        else expect(map.setIfAbsent(key, value)).toBe(known)
        if (verb !== 'delete' && (verb === 'replace') === (known !== undefined)) model.set(key, value)
        expect(map.get(key)).toBe(model.get(key))
      }
      const keys = [...map.sortedKeys()]
      expect(keys).toEqual([...model.keys()].toSorted((one, other) => one - other))
      expect(new Map(keys.map((key) => [key, map.get(key)]))).toEqual(model)
    }),
  )
})

test('Ipv4Map finds 100,000 addresses of one range, and none beside them', () => {
  const map = new Ipv4Map<Value>()
  const first = 0x0af0_0000
  const values = Array.from({ length: 100_000 }, (_, index) => ({ text: `${index}` }))
  for (const [index, value] of values.entries()) map.setIfAbsent(first + index, value)
  expect(values.every((value, index) => map.get(first + index) === value)).toBe(true)
  for (let index = 0; index < values.length; index += 2) map.delete(first + index)
  expect(
    values.every((value, index) => map.get(first + index) === (index % 2 === 0 ? undefined : value)),
  ).toBe(true)
  expect(map.get(first - 1)).toBeUndefined()
})
