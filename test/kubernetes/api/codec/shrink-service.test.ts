import { describe, expect, test } from 'vitest'

import { PODS, SERVICES } from '../../../../src/kubernetes/api/api-resource.ts'
import type { Service } from '../../../../src/kubernetes/objects.ts'
import { ipFromText } from '../../../../src/wire/ip-address.ts'
import { itemOf, objectOf } from './decode-harness.ts'
import type { ApiItem } from '../../../../src/kubernetes/api/api-event.ts'

describe('shrinkService', () => {
  test('takes clusterIPs, else clusterIP', () => {
    expect(serviceOf({ clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1', 'fd00::1'] })).toMatchObject({
      type: 'ClusterIP',
      clusterIPs: [0x0a600001, ipFromText('fd00::1')],
    })
    expect(serviceOf({ clusterIP: '10.96.0.1' }).clusterIPs).toEqual([0x0a600001])
    expect(serviceOf({}).clusterIPs).toEqual([])
  })

  test.each([{ clusterIP: 'None' }, { clusterIP: 'None', clusterIPs: ['None'] }, { clusterIPs: ['None'] }])(
    'takes %j for headless',
    (spec) => {
      expect(serviceOf({ type: 'ClusterIP', ...spec })).toMatchObject({ type: 'Headless', clusterIPs: [] })
    },
  )

  test('keeps externalName as it is written, and no addresses beside it', () => {
    const spec = { type: 'ExternalName', externalName: 'Api.Example.com.', clusterIP: '10.96.0.1' }
    expect(serviceOf(spec)).toMatchObject({
      type: 'ExternalName',
      externalName: 'Api.Example.com.',
      clusterIPs: [],
    })
    expect(serviceOf({ type: 'NodePort', externalName: 'x.' })).toMatchObject({
      type: 'ClusterIP',
      externalName: '',
    })
  })

  test('does not serve an ExternalName Service without a name', () => {
    const item = itemOf(SERVICES, service({ type: 'ExternalName' }))
    expect(item).toMatchObject({
      object: undefined,
      problems: ['it cannot be served: spec.externalName is empty'],
    })
  })

  test('serves what it can of an odd one', () => {
    const ports = [
      { name: 'a', port: 1 },
      { name: 'b', port: 0 },
      { name: 'c', protocol: 'QUIC', port: 3 },
      { name: 'd', protocol: 'UDP', port: 4 },
    ]
    const item = itemOf(SERVICES, service({ clusterIPs: ['10.96.0.1', '::ffff:1.2.3.4', 'x'], ports }))
    expect(item.object).toMatchObject({
      clusterIPs: [0x0a600001],
      ports: [
        { name: 'a', protocol: 'TCP', port: 1 },
        { name: 'd', protocol: 'UDP', port: 4 },
      ],
    })
    expect(item.problems).toHaveLength(4)
  })

  test('takes publishNotReadyAddresses from the field and from the annotation before it', () => {
    expect(serviceOf({}).publishNotReadyAddresses).toBe(false)
    expect(serviceOf({ publishNotReadyAddresses: true }).publishNotReadyAddresses).toBe(true)
    expect(annotated('true').publishNotReadyAddresses).toBe(true)
    expect(annotated('yes').publishNotReadyAddresses).toBe(false)
  })

  test('takes external addresses from spec.externalIPs, then from the load balancer', () => {
    const status = {
      loadBalancer: { ingress: [{ ip: '203.0.113.9' }, { hostname: 'lb.example.net' }, { ip: 'odd' }] },
    }
    const object = { ...service({ externalIPs: ['192.0.2.7'] }), status }
    expect(objectOf(itemOf(SERVICES, object), 'Service').externalAddresses).toEqual([
      ipFromText('192.0.2.7'),
      ipFromText('203.0.113.9'),
      'lb.example.net',
    ])
    expect(serviceOf({})).not.toHaveProperty('externalAddresses')
  })
})

describe('shrinkPod', () => {
  test('takes podIPs, else podIP', () => {
    expect(
      podOf({ podIP: '10.1.0.1', podIPs: [{ ip: '10.1.0.1' }, { ip: 'fd00::1' }] }).object,
    ).toMatchObject({
      podIPs: [0x0a010001, ipFromText('fd00::1')],
      alive: true,
    })
    expect(podOf({ podIP: '10.1.0.1' }).object).toMatchObject({ podIPs: [0x0a010001] })
    expect(podOf({}).object).toMatchObject({ podIPs: [] })
    expect(podOf({ podIP: 'x' })).toMatchObject({ object: { podIPs: [] }, problems: [expect.anything()] })
  })

  test.each([
    ['Pending', true],
    ['Running', true],
    ['', true],
    ['Succeeded', false],
    ['Failed', false],
    ['Unknown', false],
  ])('of phase "%s" is alive: %s', (phase, alive) => {
    expect(podOf({ phase }).object).toMatchObject({ alive })
  })

  test('is not alive from its deletionTimestamp on', () => {
    const deletionTimestamp = '2026-01-02T03:04:05Z'
    expect(podOf({ phase: 'Running' }, { deletionTimestamp }).object).toMatchObject({ alive: false })
  })
})

function podOf(status: object, meta: object = {}): ApiItem {
  const metadata = { name: 'web-1', namespace: 'shop', resourceVersion: '5', ...meta }
  return itemOf(PODS, { apiVersion: 'v1', kind: 'Pod', metadata, spec: {}, status })
}

function service(spec: object, meta: object = {}): Parameters<typeof itemOf>[1] {
  const metadata = { name: 'db', namespace: 'shop', resourceVersion: '5', ...meta }
  return { apiVersion: 'v1', kind: 'Service', metadata, spec }
}

function serviceOf(spec: object): Service {
  const item = itemOf(SERVICES, service(spec))
  expect(item.problems).toEqual([])
  return objectOf(item, 'Service')
}

function annotated(value: string): Service {
  const annotations = { 'service.alpha.kubernetes.io/tolerate-unready-endpoints': value }
  return objectOf(itemOf(SERVICES, service({}, { annotations })), 'Service')
}
