import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EndpointSlice } from '../../src/kubernetes/objects.ts'
import { SliceAddresses } from '../../src/kubernetes/slice-addresses.ts'
import type { IpAddress } from '../../src/wire/rdata.ts'

function sliceAt(addresses: readonly IpAddress[]): EndpointSlice {
  const endpoints = addresses.map((address) => {
    return { addresses: [address], hostname: '', ready: true, podName: '', topologyZone: '' }
  })
  const fields = { namespace: 'default', name: 'a', labels: {}, serviceName: 'a', ports: [] }
  return { kind: 'EndpointSlice', ...fields, addressType: 'IPv4', endpoints }
}

test('SliceAddresses gives what waits, what was taken in a step at a time, and what came after that', () => {
  const [one, other, later] = [sliceAt([1, 2]), sliceAt([2, 3]), sliceAt([3])]
  const slices = new SliceAddresses()
  slices.add(one)
  slices.add(other)
  const steps = slices.takeIn()
  expect(steps.next().done).toBe(false)
  expect(slices.get(2)).toEqual([one, other])
  expect(steps.next().done).toBe(true)
  slices.add(later)
  expect(slices.get(3)).toEqual([other, later])
  slices.remove(one)
  expect(slices.get(1)).toEqual([])
  expect(slices.someWithin(0, 2, () => true)).toBe(true)
  slices.remove(other)
  expect(slices.someWithin(0, 2, () => true)).toBe(false)
})

test('SliceAddresses is the same whenever slices are taken in', () => {
  const action = fc.constantFrom('add', 'remove', 'ask', 'step')
  const step = fc.record({ action, index: fc.nat(5), address: fc.nat(8) })
  const pool = [[0, 1], [1], [2, 3, 4], [4], [5, 6], [7]].map(sliceAt)
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (actions) => {
      const slices = new SliceAddresses()
      const steps = slices.takeIn()
      const held = new Set<EndpointSlice>()
      for (const { action: what, index, address } of actions) {
        const slice = pool[index] ?? sliceAt([])
        if (what === 'step') steps.next()
        else if (what === 'add' && !held.has(slice)) slices.add(slice)
        else if (what === 'remove' && held.has(slice)) slices.remove(slice)
        if (what === 'add') held.add(slice)
        if (what === 'remove') held.delete(slice)
        if (what !== 'ask') continue
        const wanted = [...held].filter(({ endpoints }) =>
          endpoints.some((one) => one.addresses[0] === address),
        )
        expect(new Set(slices.get(address))).toEqual(new Set(wanted))
        expect(slices.someWithin(address, address, () => true)).toBe(wanted.length > 0)
      }
    }),
  )
})
