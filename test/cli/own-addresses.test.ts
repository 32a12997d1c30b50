import { expect, test } from 'vitest'

import { OwnAddresses } from '../../src/cli/own-addresses.ts'
import { ipFromText, ipToText } from '../../src/wire/ip-address.ts'

const own = new OwnAddresses(() => 0)
const reachable = (...bound: readonly string[]) => own.reachable(bound).map(ipToText)

test('reachable: what is bound, but never link-local addresses or wildcards', () => {
  expect(reachable('127.0.0.1', '::1')).toEqual(['127.0.0.1', '::1'])
  expect(reachable('192.0.2.1', '169.254.20.10', 'fe80::1', 'fe80::1%eth0')).toEqual(['192.0.2.1'])
  const all = reachable()
  expect(all.length).toBeGreaterThan(0)
  expect(reachable('::')).toEqual(all)
  expect(all.filter((address) => /^(fe80|169\.254\.)/.test(address))).toEqual([])
})

test('all, ofInterface and has speak of the same addresses', () => {
  const all = own.all()
  expect(all).toContain('127.0.0.1')
  expect(new Set(all).size).toBe(all.length)
  for (const address of all.filter((each) => ipFromText(each) !== undefined))
    expect(own.has(address)).toBe(true)
  expect(own.has('127.99.0.1')).toBe(true)
  expect(own.has('192.0.2.99')).toBe(false)
  expect(own.ofInterface('no such interface')).toEqual([])
})
