import { expect, test } from 'vitest'

import { isIpv6, isWildcard } from '../../src/server/listener.ts'

const ADDRESSES = ['::', '0.0.0.0', '::1', '127.0.0.1']

test('isWildcard', () => {
  expect(ADDRESSES.map(isWildcard)).toEqual([true, true, false, false])
})

test('isIpv6', () => {
  expect(ADDRESSES.map(isIpv6)).toEqual([true, false, true, false])
})
