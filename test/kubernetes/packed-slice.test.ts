import { isDeepStrictEqual } from 'node:util'

import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import type { Endpoint, EndpointSlice } from '../../src/kubernetes/objects.ts'
import { packSlice, sliceAddresses } from '../../src/kubernetes/packed-slice.ts'
import type { IpAddress } from '../../src/wire/rdata.ts'

function sliceOf(addressType: EndpointSlice['addressType'], ...endpoints: Endpoint[]): EndpointSlice {
  return {
    kind: 'EndpointSlice',
    namespace: 'shop',
    name: 'web-abcde',
    labels: {},
    serviceName: 'web',
    addressType,
    ports: [{ name: 'http', protocol: 'TCP', port: 80 }],
    endpoints,
  }
}

function endpoint(address: IpAddress | string, fields: Partial<Endpoint> = {}): Endpoint {
  const addresses = typeof address === 'string' ? [address] : [address]
  return { addresses, hostname: '', ready: true, podName: '', topologyZone: '', ...fields }
}

function pack(...endpoints: Endpoint[]): EndpointSlice {
  return packSlice(sliceOf('IPv4', ...endpoints))
}

const text = fc.oneof(
  fc.constantFrom('', 'web-0', 'eu-central-1a', 'a'.repeat(255), 'a'.repeat(256)),
  fc.string({ unit: 'binary', maxLength: 8 }),
)
const fields = fc.record({ hostname: text, ready: fc.boolean(), podName: text, topologyZone: text })
const ipv4 = fc.integer({ min: 0, max: 0xffff_ffff })
const ipv6 = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n })

test.each([
  ['IPv4', ipv4],
  ['IPv6', ipv6],
] as const)('packSlice keeps everything that endpoints of %s say', (type, address) => {
  const given = fc.array(fc.tuple(address, fields), { maxLength: 6 })
  fc.assert(
    fc.property(given, (endpoints) => {
      const slice = sliceOf(type, ...endpoints.map(([at, said]) => endpoint(at, said)))
      const packed = packSlice(slice)
      expect(packed.endpoints).toEqual(slice.endpoints)
      expect(packed).toMatchObject({ ...slice, endpoints: expect.anything() })
      expect(sliceAddresses(packed)).toEqual(endpoints.map(([at]) => at))
      expect(sliceAddresses(slice)).toEqual(endpoints.map(([at]) => at))
    }),
  )
})

test('packSlice makes equal slices of equal ones, and others of others', () => {
  const [one, same] = [pack(endpoint(1), endpoint(2)), pack(endpoint(1), endpoint(2))]
  expect(isDeepStrictEqual(one, same)).toBe(true)
  // Whether somebody has asked one of them makes no difference.
  expect(one.endpoints).toHaveLength(2)
  expect(isDeepStrictEqual(one, same)).toBe(true)
  const others = [
    pack(endpoint(1)),
    pack(endpoint(2), endpoint(1)),
    pack(endpoint(1), endpoint(2, { ready: false })),
    pack(endpoint(1), endpoint(2, { podName: 'web-2' })),
    pack(endpoint(1), endpoint(2, { hostname: 'web-2' })),
    pack(endpoint(1), endpoint(2, { topologyZone: 'web-2' })),
  ]
  expect(others.map((other) => isDeepStrictEqual(one, other))).toEqual(others.map(() => false))
})

test('packSlice takes the largest slice there is, with the longest texts', () => {
  const long = { hostname: 'h'.repeat(63), podName: 'p'.repeat(253), topologyZone: 'z'.repeat(255) }
  const endpoints = Array.from({ length: 1000 }, (_, index) => endpoint(0xffff_ffff - index, long))
  const packed = pack(...endpoints)
  expect(packed.endpoints).toEqual(endpoints)
  expect(sliceAddresses(packed)).toHaveLength(1000)
})

test('packSlice gives the same endpoints each time it is asked', () => {
  const packed = packSlice(sliceOf('IPv4', endpoint(1)))
  expect(packed.endpoints).toBe(packed.endpoints)
})

test.each([
  ['host names', sliceOf('FQDN', endpoint('db.example.com'))],
  ['an endpoint of two addresses', sliceOf('IPv4', { ...endpoint(1), addresses: [1, 2] })],
  ['an endpoint without an address', sliceOf('IPv4', { ...endpoint(1), addresses: [] })],
  ['an address of the other family', sliceOf('IPv6', endpoint(1))],
  ['a text beyond Latin-1', sliceOf('IPv4', endpoint(1, { podName: 'wéb-€' }))],
  ['a text that is too long', sliceOf('IPv4', endpoint(1, { topologyZone: 'z'.repeat(256) }))],
])('packSlice leaves a slice with %s as it is', (_, slice) => {
  expect(packSlice(slice)).toBe(slice)
})
