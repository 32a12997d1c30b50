import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  type AddressRequest,
  type Allocations,
  allocateAddresses,
} from '../../../src/kubernetes/controllers/address-allocator.ts'
import { ipFromText } from '../../../src/wire/ip-address.ts'
import type { IpAddress } from '../../../src/wire/rdata.ts'

const NONE = new Map<IpAddress, string>()
const EMPTY: Allocations = new Map()

function pod(id: string): AddressRequest {
  return { id, range: 'Pod', families: ['IPv4', 'IPv6'] }
}

function service(id: string, families: AddressRequest['families'] = ['IPv4']): AddressRequest {
  return { id, range: 'Service', families }
}

function ip(text: string): IpAddress {
  const address = ipFromText(text)
  if (address === undefined) throw new Error(`no address: ${text}`)
  return address
}

function addresses(allocations: Allocations, id: string): (IpAddress | undefined)[] {
  return (allocations.get(id) ?? []).map(({ address }) => address)
}

function isWithin(address: IpAddress | undefined, first: string, last: string): boolean {
  return address !== undefined && address > ip(first) && address < ip(last)
}

describe('allocateAddresses', () => {
  test('takes addresses from the ranges, without their first and last ones', () => {
    const requests = Array.from({ length: 3000 }, (_, i) => [
      service(`s${i}`, ['IPv4', 'IPv6']),
      pod(`p${i}`),
    ]).flat()
    const allocations = allocateAddresses(requests, NONE, EMPTY)
    for (let i = 0; i < 3000; i++) {
      const [v4, v6] = addresses(allocations, `s${i}`)
      expect(isWithin(v4, '10.96.0.0', '10.111.255.255')).toBe(true)
      expect(isWithin(v6, 'fd00:10:96::', 'fd00:10:96::ffff')).toBe(true)
      const [podV4, podV6] = addresses(allocations, `p${i}`)
      expect(isWithin(podV4, '10.128.0.0', '10.255.255.255')).toBe(true)
      expect(isWithin(podV6, 'fd00:10:244::', 'fd00:10:244::ffff:ffff:ffff:ffff')).toBe(true)
    }
    const all = [...allocations.values()].flat().map(({ address }) => address)
    expect(new Set(all).size).toBe(all.length)
  })

  test('an object has the same address at every start, whoever else is there', () => {
    const alone = addresses(allocateAddresses([pod('a')], NONE, EMPTY), 'a')
    expect(addresses(allocateAddresses([pod('b'), pod('a'), service('c')], NONE, EMPTY), 'a')).toEqual(alone)
  })

  test('a home that is given to another sends the object to its next address, and says so', () => {
    const [home] = addresses(allocateAddresses([service('a')], NONE, EMPTY), 'a')
    const given = new Map([[home ?? 0, 'Service shop/given']])
    const [allocation] = allocateAddresses([service('a')], given, EMPTY).get('a') ?? []
    expect(allocation).toMatchObject({ family: 'IPv4', home, homeHolder: 'Service shop/given' })
    expect(allocation?.address).not.toBe(home)
    expect(isWithin(allocation?.address, '10.96.0.0', '10.111.255.255')).toBe(true)
    expect(allocateAddresses([service('a')], given, EMPTY).get('a')).toEqual([allocation])
  })

  test('the last free address of a range is found, and no more', () => {
    const given = new Map<IpAddress, string>()
    for (let address = BigInt(ip('fd00:10:96::')); address <= ip('fd00:10:96::ffff'); address++) {
      if (address !== ip('fd00:10:96::abcd')) given.set(address, 'x')
    }
    const allocations = allocateAddresses([service('a', ['IPv6']), service('b', ['IPv6'])], given, EMPTY)
    expect(addresses(allocations, 'a')).toEqual([ip('fd00:10:96::abcd')])
    expect(addresses(allocations, 'b')).toEqual([undefined])
  })

  test('an object keeps its address when its home becomes free, and when others come before it', () => {
    const [home] = addresses(allocateAddresses([service('a')], NONE, EMPTY), 'a')
    const first = allocateAddresses([service('a')], new Map([[home ?? 0, 'x']]), EMPTY)
    const second = allocateAddresses([service('0'), service('a')], NONE, first)
    expect(addresses(second, 'a')).toEqual(addresses(first, 'a'))
    expect(second.get('a')?.[0]?.homeHolder).toBeUndefined()
  })

  test('an allocated address that is given to another moves its object', () => {
    const first = allocateAddresses([service('a')], NONE, EMPTY)
    const [home] = addresses(first, 'a')
    const second = allocateAddresses([service('a')], new Map([[home ?? 0, 'x']]), first)
    expect(addresses(second, 'a')).toEqual([expect.any(Number)])
    expect(addresses(second, 'a')).not.toEqual([home])
  })

  test('the address of an object that is gone is free for others', () => {
    const [home] = addresses(allocateAddresses([service('a')], NONE, EMPTY), 'a')
    const first = allocateAddresses([service('a')], new Map([[home ?? 0, 'x']]), EMPTY)
    const gone = allocateAddresses([], NONE, first)
    expect(gone.size).toBe(0)
    expect(addresses(allocateAddresses([service('a')], NONE, gone), 'a')).toEqual([home])
  })

  test('property: any history of objects leaves addresses distinct and nobody moved', () => {
    const names = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 6 })
    fc.assert(
      fc.property(fc.array(names, { maxLength: 8 }), (history) => {
        let before = EMPTY
        for (const ids of history) {
          const requests = [...new Set(ids)].toSorted().map((id) => service(id, ['IPv4', 'IPv6']))
          const after = allocateAddresses(requests, NONE, before)
          const all = [...after.values()].flat().map(({ address }) => address)
          expect(new Set(all).size).toBe(all.length)
          for (const { id } of requests) {
            if (before.has(id)) expect(addresses(after, id)).toEqual(addresses(before, id))
          }
          before = after
        }
      }),
    )
  })
})
