import { describe, expect, test } from 'vitest'

import type { ApiItem } from '../../../../src/kubernetes/api/api-event.ts'
import { ENDPOINT_SLICES } from '../../../../src/kubernetes/api/api-resource.ts'
import type { EndpointSlice } from '../../../../src/kubernetes/objects.ts'
import { ipFromText } from '../../../../src/wire/ip-address.ts'
import type { ApiObject } from '../../../helpers/api-object.ts'
import { codecOf, decodeList, itemOf, objectOf } from './decode-harness.ts'
import { encodeList } from '../../../helpers/api-protobuf.ts'

// Each object goes through both encodings, which must agree: see `itemOf`.

describe('endpoints', () => {
  test('have their address, readiness, Pod and zone', () => {
    const { endpoints } = sliceOf({
      endpoints: [
        {
          addresses: ['10.1.0.1'],
          conditions: { ready: false, serving: true, terminating: true },
          hostname: 'db-0',
          nodeName: 'n1',
          targetRef: { kind: 'Pod', namespace: 'shop', name: 'db-0' },
          zone: 'z1',
          hints: { forZones: [{ name: 'z1' }] },
        },
        { addresses: ['10.1.0.2', '10.1.0.3'], targetRef: { kind: 'Node', name: 'n1' } },
      ],
    })
    expect(endpoints).toEqual([
      { addresses: [0x0a010001], hostname: 'db-0', ready: false, podName: 'db-0', topologyZone: 'z1' },
      { addresses: [0x0a010002, 0x0a010003], hostname: '', ready: true, podName: '', topologyZone: '' },
    ])
  })

  test('say the same where each has one address, which are packed as they come', () => {
    const given = ['255.1.0.1']
    const packed = sliceOf({
      endpoints: [
        { addresses: given, hostname: 'db-0', targetRef: { kind: 'Pod', name: 'db-0' }, zone: 'z1' },
        { addresses: given, conditions: { ready: false }, targetRef: { kind: 'Node', name: 'n1' } },
        { addresses: given },
        { addresses: given, targetRef: { name: 'db-1', kind: 'Pod' }, zone: 'z2' },
      ],
    })
    const addresses = [0xff010001]
    expect(packed).toHaveProperty('packed')
    expect(packed.endpoints).toEqual([
      { addresses, hostname: 'db-0', ready: true, podName: 'db-0', topologyZone: 'z1' },
      { addresses, hostname: '', ready: false, podName: '', topologyZone: '' },
      { addresses, hostname: '', ready: true, podName: '', topologyZone: '' },
      { addresses, hostname: '', ready: true, podName: 'db-1', topologyZone: 'z2' },
    ])
  })

  test('are no less where a text is beyond ASCII', () => {
    const { endpoints } = sliceOf({ endpoints: [{ addresses: ['10.1.0.1'], zone: 'Zürich' }] })
    expect(endpoints.map(({ topologyZone }) => topologyZone)).toEqual(['Zürich'])
  })

  test('are ready unless conditions.ready says that they are not', () => {
    const conditions = [undefined, {}, { ready: null }, { serving: false }, { ready: true }, { ready: false }]
    const { endpoints } = sliceOf({
      endpoints: conditions.map((given) => ({ addresses: ['10.0.0.1'], conditions: given })),
    })
    expect(endpoints.map(({ ready }) => ready)).toEqual([true, true, true, true, true, false])
  })

  test('K20 with the same hostname, or the same but for case, all keep it', () => {
    const { endpoints } = sliceOf({
      endpoints: ['db', 'db', 'DB'].map((hostname, index) => ({ addresses: [`10.0.0.${index}`], hostname })),
    })
    expect(endpoints.map(({ hostname }) => hostname)).toEqual(['db', 'db', 'db'])
  })

  test.each(['a.b', '*', 'x'.repeat(64), '-a', 'a_b', 'ü'])(
    'K21 hostname %j is none, and the endpoint is served',
    (hostname) => {
      const item = itemOf(ENDPOINT_SLICES, slice({ endpoints: [{ addresses: ['10.0.0.1'], hostname }] }))
      expect(endpointsOf(item)).toMatchObject([{ addresses: [0x0a000001], hostname: '' }])
      expect(item.problems).toEqual([expect.stringContaining(`hostname "${hostname}" is not a DNS label`)])
    },
  )

  test('K21 an empty hostname is none, without a problem', () => {
    const item = itemOf(ENDPOINT_SLICES, slice({ endpoints: [{ addresses: ['10.0.0.1'], hostname: '' }] }))
    expect(item.problems).toEqual([])
  })

  test.each([
    ['010.0.0.1', 'is not an IP address'],
    ['999.1.1.1', 'is not an IP address'],
    ['1.2.3', 'is not an IP address'],
    ['1.2.3.4.5', 'is not an IP address'],
    ['1..2.3', 'is not an IP address'],
    ['', 'is not an IP address'],
    ['fe80::1%eth0', 'is not an IP address'],
    ['::ffff:10.0.0.1', 'is an IPv4 address in IPv6 form'],
    ['2001:db8::1', 'does not belong in a slice of addressType IPv4'],
    ['db.example.com', 'is not an IP address'],
    ['127.0.0.1', 'is a loopback address'],
    ['0.0.0.0', 'is an unspecified address'],
    ['169.254.1.1', 'is a link-local address'],
    ['224.0.0.1', 'is a link-local multicast address'],
  ])('K22 address %j %s: only that endpoint is left out', (address, why) => {
    const endpoints = [{ addresses: ['10.0.0.1'] }, { addresses: [address] }, { addresses: ['10.0.0.2'] }]
    const item = itemOf(ENDPOINT_SLICES, slice({ endpoints }))
    expect(addressesOf(item)).toEqual([0x0a000001, 0x0a000002])
    expect(item.problems).toEqual([expect.stringContaining(why)])
  })

  test('K22 without an address, or with one that is bad beside a good one, are left out', () => {
    const item = itemOf(
      ENDPOINT_SLICES,
      slice({ endpoints: [{ addresses: [] }, { addresses: ['10.0.0.1', '10.0.0'] }, { addresses: null }] }),
    )
    expect(endpointsOf(item)).toEqual([])
    expect(item.problems).toHaveLength(3)
  })

  test('K22 of a slice of type IPv6 are IPv6 addresses', () => {
    const addresses = ['fd00::1', 'FD00:0:0:0:0:0:0:2', '10.0.0.1', 'fe80::1']
    const item = itemOf(
      ENDPOINT_SLICES,
      slice({ addressType: 'IPv6', endpoints: addresses.map((address) => ({ addresses: [address] })) }),
    )
    expect(addressesOf(item)).toEqual([ipFromText('fd00::1'), ipFromText('fd00::2')])
    expect(item.problems).toHaveLength(2)
  })

  test('K22 of a slice of type FQDN are host names', () => {
    const addresses = ['db.example.com', 'Db.Example.com.', '10.0.0.1', 'a b', '']
    const item = itemOf(
      ENDPOINT_SLICES,
      slice({ addressType: 'FQDN', endpoints: addresses.map((address) => ({ addresses: [address] })) }),
    )
    expect(addressesOf(item)).toEqual(['db.example.com', 'Db.Example.com'])
    expect(item.problems).toHaveLength(3)
  })

  test('a thousand bad ones are a handful of sentences', () => {
    const endpoints = Array.from({ length: 1000 }, () => ({ addresses: ['nowhere'] }))
    const { problems } = itemOf(ENDPOINT_SLICES, slice({ endpoints }))
    expect(problems).toHaveLength(9)
    expect(problems.at(-1)).toBe('992 more problems of this kind')
  })
})

describe('ports', () => {
  test.each([[undefined], [null], [[]]])('K23 given as %j are none', (ports) => {
    expect(sliceOf({ ports }).ports).toEqual([])
  })

  test('K23 may have no name, no number, any protocol, and be a hundred', () => {
    const many = Array.from({ length: 100 }, (_, index) => ({ name: `p${index}`, port: index + 1 }))
    const given = [{}, { name: 'a' }, { port: 0 }, { name: 'b', protocol: 'SCTP', port: 65535 }, ...many]
    const { ports } = sliceOf({ ports: given })
    expect(ports.slice(0, 4)).toEqual([
      { name: '', protocol: 'TCP', port: undefined },
      { name: 'a', protocol: 'TCP', port: undefined },
      { name: '', protocol: 'TCP', port: undefined },
      { name: 'b', protocol: 'SCTP', port: 65535 },
    ])
    expect(ports).toHaveLength(104)
  })

  test('K23 that are odd are served as far as they can be', () => {
    const given = [
      { name: 'A.b', port: 1 },
      { protocol: 'ICMP', port: 2 },
      { name: 'c', port: 65536 },
      { port: -1 },
    ]
    const item = itemOf(ENDPOINT_SLICES, slice({ ports: given }))
    expect(objectOf(item, 'EndpointSlice').ports).toEqual([
      { name: '', protocol: 'TCP', port: 1 },
      { name: 'c', protocol: 'TCP', port: undefined },
      { name: '', protocol: 'TCP', port: undefined },
    ])
    expect(item.problems).toHaveLength(4)
  })

  test('that say the same are the same array', () => {
    const ports = [{ name: 'http', port: 80 }]
    const octets = encodeList('EndpointSlice', { resourceVersion: '1' }, [slice({ ports }), slice({ ports })])
    const [first, second] = decodeList(codecOf('bin', ENDPOINT_SLICES), octets).items
    expect(objectOf(first, 'EndpointSlice').ports).toBe(objectOf(second, 'EndpointSlice').ports)
  })

  test('that have something wrong with them are told of every slice, though their octets are the same', () => {
    const ports = [
      { name: 'http', port: 80 },
      { name: 'Not a label', port: 90 },
    ]
    const octets = encodeList('EndpointSlice', { resourceVersion: '1' }, [slice({ ports }), slice({ ports })])
    const { items } = decodeList(codecOf('bin', ENDPOINT_SLICES), octets)
    const problem = 'port name "Not a label" is not a DNS label; this port has no name'
    expect(items.map(({ problems }) => problems)).toEqual([[problem], [problem]])
  })
})

describe('the slice', () => {
  test('says its Service by its label, and keeps no labels', () => {
    const { serviceName, labels } = sliceOf({})
    expect({ serviceName, labels }).toEqual({ serviceName: 'db', labels: {} })
    expect(sliceOf({ metadata: { name: 'x', namespace: 'shop', labels: { app: 'db' } } }).serviceName).toBe(
      '',
    )
  })

  test.each([
    ['2026-01-02T03:04:05Z', Date.UTC(2026, 0, 2, 3, 4, 5)],
    ['2026-01-02T03:04:05.678901234+01:00', Date.UTC(2026, 0, 2, 2, 4, 5, 678)],
    ['yesterday', undefined],
    ['2026', undefined],
  ])('says when the change was that made it: %s', (text, timeMs) => {
    const annotations = { 'endpoints.kubernetes.io/last-change-trigger-time': text, note: 'x' }
    const item = itemOf(ENDPOINT_SLICES, slice({ metadata: { ...META, annotations } }))
    expect(item.lastChangeTriggerMs).toBe(timeMs)
  })

  test('of an unknown address type is not served', () => {
    const item = itemOf(ENDPOINT_SLICES, slice({ addressType: 'IPX', endpoints: [{ addresses: ['1'] }] }))
    expect(item).toMatchObject({ namespace: 'shop', name: 'db-1', object: undefined })
    expect(item.problems).toEqual(['it cannot be served: addressType "IPX" is not known'])
  })
})

const META = {
  name: 'db-1',
  namespace: 'shop',
  resourceVersion: '5',
  labels: { 'kubernetes.io/service-name': 'db' },
}

function slice(fields: Readonly<Record<string, unknown>>): ApiObject {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: META,
    addressType: 'IPv4',
    endpoints: [],
    ports: [],
    ...fields,
  }
}

function sliceOf(fields: Readonly<Record<string, unknown>>): EndpointSlice {
  const item = itemOf(ENDPOINT_SLICES, slice(fields))
  expect(item.problems).toEqual([])
  return objectOf(item, 'EndpointSlice')
}

function endpointsOf(item: ApiItem): EndpointSlice['endpoints'] {
  return objectOf(item, 'EndpointSlice').endpoints
}

function addressesOf(item: ApiItem): readonly unknown[] {
  return endpointsOf(item).flatMap<unknown>(({ addresses }) => addresses)
}
