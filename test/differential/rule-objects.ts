import type { ApiObject } from '../helpers/api-object.ts'
import {
  clusterIPSpec,
  externalNameSpec,
  headlessSpec,
  namespaceObject,
  podObject,
  serviceObject,
  sliceObject,
} from './builders.ts'

const at = (name: string) => ({ namespace: 'shop', name, labels: {} })
const HTTP = [{ name: 'http', port: 80 }]

/** What the cases below are about. */
export const OBJECTS: readonly ApiObject[] = [
  namespaceObject('shop'),
  serviceObject(at('web'), clusterIPSpec(['10.96.0.1'], HTTP)),
  serviceObject(at('db'), headlessSpec(HTTP)),
  sliceObject(at('db'), {
    ports: [{ name: 'http', port: 8080 }, { name: 'admin' }],
    endpoints: [
      { addresses: ['10.1.0.1'], hostname: 'db-0' },
      { addresses: ['10.1.0.2'], hostname: 'two.labels' },
      { addresses: ['10.1.0.3'], hostname: 'DB-2' },
      { addresses: ['010.1.0.4'] },
    ],
  }),
  serviceObject(at('early'), headlessSpec(HTTP, { publishNotReadyAddresses: true })),
  sliceObject(at('early'), { endpoints: [{ addresses: ['10.1.1.1'], conditions: { ready: false } }] }),
  serviceObject(at('far'), externalNameSpec('web.outside.example')),
  serviceObject(at('hosts'), headlessSpec()),
  sliceObject(at('hosts'), { addressType: 'FQDN', endpoints: [{ addresses: ['web.outside.example'] }] }),
  serviceObject(at('mixed'), headlessSpec(HTTP)),
  sliceObject(at('mixed'), { endpoints: [{ addresses: ['10.1.5.1'] }] }),
  sliceObject(at('mixed'), {
    suffix: 'b',
    addressType: 'FQDN',
    endpoints: [{ addresses: ['web.outside.example'] }],
  }),
  serviceObject(at('none'), headlessSpec(HTTP)),
  podObject(at('ending'), { podIPs: ['10.1.4.9'], deletionTimestamp: '2026-01-01T00:00:00Z' }),
  serviceObject(at('six'), headlessSpec(HTTP)),
  sliceObject(at('six'), { addressType: 'IPv6', endpoints: [{ addresses: ['fd00:0:0::1'] }] }),
  sliceObject(at('orphan'), { endpoints: [{ addresses: ['10.1.2.1'] }] }),
  sliceObject(at('stray'), { serviceName: '', endpoints: [{ addresses: ['10.1.3.1'] }] }),
  podObject(at('pod'), { podIPs: ['10.1.4.1', 'fd00:4::1'] }),
]
