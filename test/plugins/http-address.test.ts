import { expect, test } from 'vitest'

import { health } from '../../src/plugins/health.ts'
import { pprof } from '../../src/plugins/pprof.ts'
import { prometheus } from '../../src/plugins/prometheus.ts'
import { ready } from '../../src/plugins/ready.ts'
import { errorOf, setUp } from './plugin-harness.ts'

test.for([
  [health, undefined, 8080],
  [ready, undefined, 8181],
  [prometheus, 'localhost', 9153],
  [pprof, 'localhost', 6053],
] as const)('httpAddressOf: each directive has the default of CoreDNS (%#)', ([plugin, host, port]) => {
  expect(setUp(plugin, plugin.name).httpEndpoints?.[0]?.address).toEqual({ host, port })
})

test.for([
  [':9', undefined, 9],
  ['127.0.0.1:0', '127.0.0.1', 0],
  ['[::1]:65535', '::1', 65_535],
  ['localhost:80', 'localhost', 80],
  ['node-1.example:80', 'node-1.example', 80],
  ['0.0.0.0:80', '0.0.0.0', 80],
] as const)('httpAddressOf reads %s', ([text, host, port]) => {
  expect(setUp(health, `health ${text}`).httpEndpoints?.[0]?.address).toEqual({ host, port })
})

test.for([
  '9153',
  'localhost',
  '::1:9',
  '[::1]',
  '[127.0.0.1]:9',
  ':65536',
  ':http',
  ':',
  'a b:9',
  'a/b:9',
  '[]:9',
])('httpAddressOf refuses %s', (text) => {
  expect(errorOf(health, `health "${text}"`)).toBe(
    `SLICEDNS_CONFIG_HTTP_ADDRESS Corefile:2:8: "${text}" is no address and port to serve HTTP on; ` +
      'write [HOST]:PORT, such as :9153, localhost:9153 or [::1]:9153',
  )
})

test('httpAddressOf takes one address', () => {
  expect(errorOf(ready, 'ready :1 :2')).toContain('SLICEDNS_CONFIG_ARGUMENT Corefile:2:10')
})
