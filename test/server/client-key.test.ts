import { expect, test } from 'vitest'

import { clientKey } from '../../src/server/client-key.ts'

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::6', '2001:db8:1:2'],
  ['2001:db8::6', '2001:db8:0:0'],
  ['2001::2:3:4:5:6', '2001:0:0:2'],
  ['::1', '0:0:0:0'],
  ['::2:3:4:5:6', '0:0:0:2'],
  ['2001:db8::', '2001:db8:0:0'],
  ['fe80::1%eth0', 'fe80::1%eth0'],
])('clientKey of %s is %s', (address, key) => {
  expect(clientKey(address)).toBe(key)
})
