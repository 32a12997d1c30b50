import { expect, test } from 'vitest'

import { parseQueryArguments } from '../../src/cli/query-arguments.ts'

test.for([
  [
    'x',
    {
      name: 'x.',
      rrtype: 1,
      server: { address: '127.0.0.1', port: 1053 },
      tcp: false,
      short: false,
      json: false,
    },
  ],
  [
    '+short @127.0.0.2 X.y. aaaa +tcp',
    { name: 'X.y.', rrtype: 28, server: { address: '127.0.0.2', port: 53 }, tcp: true, short: true },
  ],
  ['x TYPE1000 @[::1]:5353 +json', { rrtype: 1000, server: { address: '::1', port: 5353 }, json: true }],
  ['x @::1', { server: { address: '::1', port: 53 } }],
  ['x @localhost:54', { server: { address: '127.0.0.1', port: 54 } }],
  [
    '2001:db8::1',
    { rrtype: 12, name: expect.stringMatching(/^1\.0\..*\.8\.b\.d\.0\.1\.0\.0\.2\.ip6\.arpa\.$/) },
  ],
  ['10.0.0.1 A', { rrtype: 1, name: '10.0.0.1.' }],
] as const)('parseQueryArguments of %s', ([words, expected]) => {
  expect(parseQueryArguments(words.split(' '))).toMatchObject(expected)
})
