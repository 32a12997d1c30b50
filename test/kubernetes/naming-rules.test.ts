import { expect, test } from 'vitest'
import { ask, cluster, lines, namespace, service, slice } from '../helpers/cluster.ts'

const SHOP = cluster([
  namespace('shop'),
  service('shop/web', { clusterIPs: ['10.96.0.1'], ports: ['http:80/TCP'] }),
  service('shop/db'),
  slice('shop/db-1', 'db', { endpoints: ['10.1.0.1', '10.1.0.2'], ports: ['sql:5432/TCP'] }),
])

test('answer gives a ClusterIP Service its address, owner as asked', () => {
  const { kind, answer } = ask(SHOP, 'Web.SHOP.svc.Cluster.local A')
  expect(kind).toBe('positive')
  expect(lines(answer)).toEqual(['Web.SHOP.svc.Cluster.local. 30 A 10.96.0.1'])
})

test('answer gives a headless Service the addresses of its endpoints', () => {
  expect(lines(ask(SHOP, 'db.shop.svc.cluster.local A').answer)).toEqual([
    'db.shop.svc.cluster.local. 30 A 10.1.0.1',
    'db.shop.svc.cluster.local. 30 A 10.1.0.2',
  ])
})

test('answer denies with the SOA of the zone', () => {
  const soa =
    'cluster.local. 5 SOA ns.dns.cluster.local. hostmaster.cluster.local. 1700000000 7200 1800 86400 5'
  const missing = ask(SHOP, 'nope.shop.svc.cluster.local A')
  expect(missing.kind).toBe('nxdomain')
  expect(lines(missing.authority)).toEqual([soa])
  const nodata = ask(SHOP, 'web.shop.svc.cluster.local AAAA')
  expect(nodata.kind).toBe('nodata')
  expect(lines(nodata.authority)).toEqual([soa])
})
