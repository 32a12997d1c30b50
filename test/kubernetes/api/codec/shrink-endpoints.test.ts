import { expect, test } from 'vitest'

import type { ShrunkEndpoints } from '../../../../src/kubernetes/api/api-event.ts'
import { ENDPOINTS, NAMESPACES } from '../../../../src/kubernetes/api/api-resource.ts'
import type { EndpointSlice } from '../../../../src/kubernetes/objects.ts'
import { ipFromText } from '../../../../src/wire/ip-address.ts'
import { itemOf, objectOf } from './decode-harness.ts'

const SUBSETS = [
  {
    addresses: [
      { ip: '198.51.100.1', hostname: 'A', targetRef: { kind: 'Pod', name: 'a-0' } },
      { ip: '2001:db8::1', nodeName: 'n1' },
      { ip: '127.0.0.1' },
    ],
    notReadyAddresses: [{ ip: '198.51.100.2' }],
    ports: [{ name: 'http', port: 8080 }],
  },
  { addresses: [{ ip: '198.51.100.3' }], ports: [{ name: 'http', port: 9090, protocol: 'UDP' }] },
]

test('shrinkEndpoints makes a slice of each set of ports and family', () => {
  const { slices } = endpointsOf({})
  expect(slices.map(({ addressType, ports, endpoints }) => ({ addressType, ports, endpoints }))).toEqual([
    {
      addressType: 'IPv4',
      ports: [{ name: 'http', protocol: 'TCP', port: 8080 }],
      endpoints: [
        {
          addresses: [ipFromText('198.51.100.1')],
          hostname: 'a',
          ready: true,
          podName: 'a-0',
          topologyZone: '',
        },
        {
          addresses: [ipFromText('198.51.100.2')],
          hostname: '',
          ready: false,
          podName: '',
          topologyZone: '',
        },
      ],
    },
    {
      addressType: 'IPv6',
      ports: [{ name: 'http', protocol: 'TCP', port: 8080 }],
      endpoints: [
        { addresses: [ipFromText('2001:db8::1')], hostname: '', ready: true, podName: '', topologyZone: '' },
      ],
    },
    {
      addressType: 'IPv4',
      ports: [{ name: 'http', protocol: 'UDP', port: 9090 }],
      endpoints: [
        { addresses: [ipFromText('198.51.100.3')], hostname: '', ready: true, podName: '', topologyZone: '' },
      ],
    },
  ])
})

test('shrinkEndpoints names slices after the object, each its own, the same every time', () => {
  const names = namesOf(endpointsOf({}).slices)
  expect(new Set(names).size).toBe(3)
  expect(names.every((name) => /^legacy-[a-z0-9]{5}$/.test(name))).toBe(true)
  expect(namesOf(endpointsOf({}).slices)).toEqual(names)
  expect(endpointsOf({}).slices.every(({ serviceName }) => serviceName === 'legacy')).toBe(true)
})

test('shrinkEndpoints makes slices where somebody else would write them, and none of a lock', () => {
  const labels = { 'endpointslice.kubernetes.io/skip-mirror': 'true' }
  expect(endpointsOf({ labels }).slices).toHaveLength(3)
  const annotations = { 'control-plane.alpha.kubernetes.io/leader': '{}' }
  expect(endpointsOf({ annotations }).slices).toEqual([])
})

test('shrinkEndpoints tells what it leaves out, and when the change was', () => {
  const annotations = { 'endpoints.kubernetes.io/last-change-trigger-time': '1970-01-01T00:00:01Z' }
  const item = itemOf(ENDPOINTS, manualEndpoints({ annotations }))
  expect(item.problems).toEqual([
    'endpoint address "127.0.0.1" is a loopback address, which Kubernetes refuses; this endpoint is left out',
  ])
  expect(item.lastChangeTriggerMs).toBe(1000)
})

test('Namespaces keep their labels, whatever they are called', () => {
  const labels = { team: 'blue', 'kubernetes.io/metadata.name': 'shop', constructor: 'x' }
  const item = itemOf(NAMESPACES, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'shop', resourceVersion: '5', labels },
  })
  expect(item).toMatchObject({ namespace: '', name: 'shop', resourceVersion: '5' })
  expect(item.object).toEqual({ kind: 'Namespace', name: 'shop', labels })
})

function manualEndpoints(meta: object): Parameters<typeof itemOf>[1] {
  const metadata = { name: 'legacy', namespace: 'shop', resourceVersion: '5', ...meta }
  return { apiVersion: 'v1', kind: 'Endpoints', metadata, subsets: SUBSETS }
}

function namesOf(slices: readonly EndpointSlice[]): readonly string[] {
  return slices.map(({ name }) => name)
}

function endpointsOf(meta: object): ShrunkEndpoints {
  return objectOf(itemOf(ENDPOINTS, manualEndpoints(meta)), 'Endpoints')
}
