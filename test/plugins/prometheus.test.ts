import { expect, test } from 'vitest'

import { prometheus } from '../../src/plugins/prometheus.ts'
import { errorOf, setUp, testHost } from './plugin-harness.ts'

const REQUEST = { query: new URLSearchParams(), signal: new AbortController().signal }

test('prometheus serves every metric of the process', async () => {
  const host = testHost()
  const parts = setUp(prometheus, 'prometheus {\n  runtime_metrics\n}', host)
  host.metrics.counter({ name: 'x_total', help: 'X.' }).with().value = 7
  const [endpoint] = parts.httpEndpoints ?? []
  expect(parts.countsQueries).toBe(true)
  expect(endpoint?.path).toBe('/metrics')
  expect(await endpoint?.respond(REQUEST)).toEqual({
    status: 200,
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
    body: '# HELP x_total X.\n# TYPE x_total counter\nx_total 7\n',
  })
})

test.for([
  ['prometheus\nprometheus', 'SLICEDNS_CONFIG_DIRECTIVE_TWICE Corefile:3:1'],
  ['prometheus {\n  runtime_metrics on\n}', 'SLICEDNS_CONFIG_ARGUMENT Corefile:3:19'],
  [
    'prometheus {\n  tls x\n}',
    'SLICEDNS_CONFIG_PROPERTY_NOT_SUPPORTED Corefile:3:3: property "tls" of "prometheus"',
  ],
] as const)('%s is an error', ([text, expected]) => {
  expect(errorOf(prometheus, text)).toContain(expected)
})
