import { expect, test } from 'vitest'

import { specialKind } from '../../src/kubernetes/special-address.ts'
import { ip } from '../helpers/cluster.ts'

test.each([
  ['0.0.0.0', 'unspecified'],
  ['::', 'unspecified'],
  ['127.0.0.1', 'loopback'],
  ['127.255.255.255', 'loopback'],
  ['::1', 'loopback'],
  ['169.254.0.0', 'link-local'],
  ['169.254.255.255', 'link-local'],
  ['fe80::1', 'link-local'],
  ['febf:ffff::', 'link-local'],
  ['224.0.0.251', 'link-local multicast'],
  ['ff02::fb', 'link-local multicast'],
  ['ff12::1', 'link-local multicast'],
  ['0.0.0.1', undefined],
  ['126.255.255.255', undefined],
  ['128.0.0.0', undefined],
  ['169.253.255.255', undefined],
  ['169.255.0.0', undefined],
  ['224.0.1.0', undefined],
  ['255.255.255.255', undefined],
  ['::2', undefined],
  ['fec0::1', undefined],
  ['fe7f:ffff::', undefined],
  ['ff05::1', undefined],
  ['fd00::1', undefined],
])('specialKind %s is %s', (text, expected) => {
  expect(specialKind(ip(text))).toBe(expected)
})
