import { describe, expect, test } from 'vitest'

import type { ReadyCheck } from '../../src/plugins/readiness.ts'
import { ready } from '../../src/plugins/ready.ts'
import { errorOf, setUp, testHost } from './plugin-harness.ts'

const REQUEST = { query: new URLSearchParams(), signal: new AbortController().signal }

/** What /ready says of these checks, again and again. */
function asking(text: string, checks: readonly ReadyCheck[]) {
  const [endpoint] = setUp(ready, text, testHost(), { checks }).httpEndpoints ?? []
  expect(endpoint).toMatchObject({ path: '/ready', closesFirst: true })
  return () => endpoint?.respond(REQUEST)
}

describe('ready', () => {
  test('is 503 with names until all are ready', async () => {
    let synced = false
    const ask = asking('ready', [{ name: 'kubernetes', isReady: () => synced }])
    expect(await ask()).toMatchObject({ status: 503, body: 'kubernetes' })
    synced = true
    expect(await ask()).toMatchObject({ status: 200, body: 'OK' })
    synced = false
    expect(await ask()).toMatchObject({ status: 200 })
  })

  test('monitor continuously goes back to 503', async () => {
    let synced = true
    const checks = ['b', 'a'].map((name) => ({ name, isReady: () => synced }))
    const ask = asking('ready {\n  monitor continuously\n}', checks)
    expect(await ask()).toMatchObject({ status: 200 })
    synced = false
    expect(await ask()).toMatchObject({ status: 503, body: 'a,b' })
  })

  test.for([
    ['ready\nready', 'SLICEDNS_CONFIG_DIRECTIVE_TWICE Corefile:3:1'],
    ['ready {\n  monitor\n}', 'SLICEDNS_CONFIG_ARGUMENT Corefile:3:3: "monitor" needs an argument'],
    [
      'ready {\n  monitor always\n}',
      'SLICEDNS_CONFIG_VALUE Corefile:3:11: "always" is not one of "until-ready", "continuously"',
    ],
  ] as const)('%s is an error', ([text, expected]) => {
    expect(errorOf(ready, text)).toContain(expected)
  })
})
