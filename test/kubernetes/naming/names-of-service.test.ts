import { expect, test } from 'vitest'
import { asDomainName } from '../../../src/wire/name.ts'
import { cluster, endpoint, namespace, service, slice } from '../../helpers/cluster.ts'
import type { Cluster } from '../../helpers/cluster.ts'

const HERE = cluster([
  namespace('a'),
  service('a/web', { clusterIPs: ['10.96.0.1'], ports: ['http:80', ':81'] }),
  slice('a/web-1', 'web', {
    ports: ['http:8080'],
    endpoints: ['10.0.0.1', endpoint('10.0.0.2', { ready: false })],
  }),
  service('a/db'),
  slice('a/db-1', 'db', { ports: ['sql:5432/UDP'], endpoints: [endpoint('10.0.0.3', { hostname: 'db-0' })] }),
  service('a/out', { externalName: 'example.com' }),
  service('a/empty'),
  slice('a/orphan-1', 'orphan', { endpoints: ['10.0.0.4'] }),
  service('b/hidden', { clusterIPs: ['10.96.0.9'] }),
])

function names({ rules, store }: Cluster, path: string): readonly string[] {
  const [space = '', service_ = ''] = path.split('/')
  const entry = store.entry(space, service_)
  return entry === undefined ? [] : rules.namesOf(entry)
}

test.each([
  [
    'a/web',
    [
      'web.a.svc.cluster.local.',
      '10-0-0-1.web.a.svc.cluster.local.',
      '_http._tcp.web.a.svc.cluster.local.',
      '_tcp.web.a.svc.cluster.local.',
      '1.0.96.10.in-addr.arpa.',
      '1.0.0.10.in-addr.arpa.',
    ],
  ],
  [
    'a/db',
    [
      'db.a.svc.cluster.local.',
      'db-0.db.a.svc.cluster.local.',
      '_sql._udp.db.a.svc.cluster.local.',
      '_udp.db.a.svc.cluster.local.',
      '3.0.0.10.in-addr.arpa.',
    ],
  ],
  ['a/out', ['out.a.svc.cluster.local.']],
  ['a/empty', []],
  ['a/orphan', []],
  ['b/hidden', []],
])('namesOf %s is every name it gives rise to', (path, expected) => {
  expect(names(HERE, path).toSorted()).toEqual(expected.toSorted())
})

test('namesOf has the names in every zone, and reverse names only where there is a zone for them', () => {
  const zones = ['cluster.local.', 'other.example.', '96.10.in-addr.arpa.'].map(asDomainName)
  const here = cluster(
    [
      namespace('a'),
      service('a/web', { clusterIPs: ['10.96.0.1'] }),
      slice('a/web-1', 'web', { endpoints: ['10.0.0.1'] }),
    ],
    { zones },
  )
  expect(names(here, 'a/web')).toEqual([
    'web.a.svc.cluster.local.',
    '10-0-0-1.web.a.svc.cluster.local.',
    'web.a.svc.other.example.',
    '10-0-0-1.web.a.svc.other.example.',
    '1.0.96.10.in-addr.arpa.',
  ])
})

test('namesOf has the names of the known topology zones, where those are names at all', () => {
  const zones = ['zone-a', 'Corp.example', 'a..b', 'no name', '']
  const endpoints = zones.map((topologyZone, index) => endpoint(`10.0.0.${index}`, { topologyZone }))
  const here = cluster([namespace('a'), service('a/db'), slice('a/db-1', 'db', { endpoints })], {
    zonal: true,
  })
  const zonal = names(here, 'a/db').filter((text) => text.includes('_zone'))
  const below = ['_zone', 'pin._zone', 'prefer._zone', 'zone-a.pin._zone', 'zone-a.prefer._zone']
  const all = [...below, 'corp.example.pin._zone', 'corp.example.prefer._zone']
  expect(zonal.toSorted()).toEqual(all.map((text) => `${text}.db.a.svc.cluster.local.`).toSorted())
})
