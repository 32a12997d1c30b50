import { expect, test } from 'vitest'
import type { ClusterObject } from '../../../src/kubernetes/objects.ts'
import { cluster, namespace, outcome, service, slice } from '../../helpers/cluster.ts'

const NODATA = ['nodata']
const NXDOMAIN = ['nxdomain']

const LONG = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(61)}`

test.each<[externalName: string, expected: readonly string[]]>([
  ['192.0.2.1', NXDOMAIN],
  ['2001:db8::1', NXDOMAIN],
  ['web.shop.svc.cluster.local', ['cname', 'x.a.svc.cluster.local. 30 CNAME web.shop.svc.cluster.local.']],
  ['x.a.svc.cluster.local', ['cname', 'x.a.svc.cluster.local. 30 CNAME x.a.svc.cluster.local.']],
  [LONG, ['cname', `x.a.svc.cluster.local. 30 CNAME ${LONG}.`]],
  [`d${LONG}`, NXDOMAIN],
  ['example.com.', ['cname', 'x.a.svc.cluster.local. 30 CNAME example.com.']],
  ['EXAMPLE.Com', ['cname', 'x.a.svc.cluster.local. 30 CNAME EXAMPLE.Com.']],
])('K27 externalName %s', (externalName, expected) => {
  const here = cluster([namespace('a'), service('a/x', { externalName })])
  expect(outcome(here, 'x.a.svc.cluster.local A')).toEqual(expected)
})

test('K28 a Service that changes its type has the answers of the new one at once', () => {
  const endpoints = slice('a/s-1', 's', { ports: ['p:8080'], endpoints: ['10.0.0.1'] })
  const { store, rules } = cluster([namespace('a'), endpoints])
  const forms: [ClusterObject, Record<string, readonly string[]>][] = [
    [
      service('a/s', { clusterIPs: ['10.96.0.1'], ports: ['p:80'] }),
      {
        A: ['positive', 's.a.svc.cluster.local. 30 A 10.96.0.1'],
        SRV: ['positive', 's.a.svc.cluster.local. 30 SRV 0 100 80 s.a.svc.cluster.local.'],
        CNAME: NODATA,
      },
    ],
    [
      service('a/s'),
      {
        A: ['positive', 's.a.svc.cluster.local. 30 A 10.0.0.1'],
        SRV: ['positive', 's.a.svc.cluster.local. 30 SRV 0 100 8080 10-0-0-1.s.a.svc.cluster.local.'],
        CNAME: NODATA,
      },
    ],
    [
      service('a/s', { externalName: 'example.com' }),
      {
        A: ['cname', 's.a.svc.cluster.local. 30 CNAME example.com.'],
        CNAME: ['positive', 's.a.svc.cluster.local. 30 CNAME example.com.'],
      },
    ],
  ]
  for (const [object, expected] of [...forms, ...forms]) {
    store.apply(object)
    for (const [type, answer] of Object.entries(expected))
      expect(outcome({ rules }, `s.a.svc.cluster.local ${type}`)).toEqual(answer)
    const hasPtr = outcome({ rules }, '1.0.96.10.in-addr.arpa PTR')[0] === 'positive'
    expect(hasPtr).toBe(object === forms[0]?.[0])
  }
})
