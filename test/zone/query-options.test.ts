import { expect, test } from 'vitest'

import { queryOptionsKey, queryOptionsOf } from '../../src/zone/query-options.ts'

const option = (code: number, ...octets: readonly number[]) => ({ code, data: Uint8Array.from(octets) })

test('queryOptionsKey tells apart what upstreams are told, and nothing that the client says', () => {
  const keyOf = (...forUpstream: readonly ReturnType<typeof option>[]) =>
    queryOptionsKey({ ofClient: [option(9, 9)], forUpstream })
  const keys = [keyOf(), keyOf(option(1)), keyOf(option(1, 2)), keyOf(option(1), option(2))]
  expect(keys).toEqual(['', '1=;', '1=02;', '1=;2=;'])
})

test('queryOptionsOf has the options of the client, none of them for upstreams', () => {
  const options = [{ code: 1, data: Uint8Array.of(1) }]
  const opt = { udpPayloadSize: 1232, version: 0, dnssecOk: false, options }
  expect(queryOptionsOf(opt)).toEqual({ ofClient: options, forUpstream: [] })
  expect(queryOptionsOf(undefined)).toEqual({ ofClient: [], forUpstream: [] })
})
