import { describe, expect, test } from 'vitest'

import { PROFILES } from './corefiles.ts'
import type { Profile } from './corefiles.ts'
import { Facts } from './facts.ts'
import { OBJECTS } from './rule-objects.ts'
import { chainOf } from './rules-records.ts'
import { makeQuery } from './make-case.ts'

const factsOf = (profile: Partial<Profile> = {}): Facts => {
  const [base] = PROFILES
  if (base === undefined) throw new Error('there is no profile')
  return new Facts(OBJECTS, { ...base, ...profile })
}

describe('Facts.placeOf', () => {
  const places: [string, string, boolean][] = [
    ['Cluster.LOCAL.', 'apex', true],
    ['svc.cluster.local.', 'tree', true],
    ['dns.cluster.local.', 'tree', true],
    ['ns.dns.cluster.local.', 'ns-dns', true],
    ['dns-version.cluster.local.', 'dns-version', true],
    ['shop.svc.cluster.local.', 'namespace', true],
    ['nowhere.svc.cluster.local.', 'namespace', false],
    ['shop.pod.cluster.local.', 'pod-namespace', true],
    ['web.shop.svc.cluster.local.', 'service', true],
    ['WEB.Shop.SVC.cluster.local.', 'service', true],
    ['no.shop.svc.cluster.local.', 'missing', false],
    ['orphan.shop.svc.cluster.local.', 'service', false],
    ['db-0.db.shop.svc.cluster.local.', 'endpoint', true],
    ['10-1-0-2.db.shop.svc.cluster.local.', 'endpoint', true],
    ['10-1-0-1.db.shop.svc.cluster.local.', 'below-service', false],
    ['_tcp.db.shop.svc.cluster.local.', 'protocol', true],
    ['_http._tcp.db.shop.svc.cluster.local.', 'port', true],
    ['_admin._tcp.db.shop.svc.cluster.local.', 'port', false],
    ['http._tcp.db.shop.svc.cluster.local.', 'port', false],
    ['a.b.c.db.shop.svc.cluster.local.', 'below-service', false],
    ['x.far.shop.svc.cluster.local.', 'below-service', false],
    ['10-9-9-9.shop.pod.cluster.local.', 'pod', true],
    ['x.10-9-9-9.shop.pod.cluster.local.', 'pod', false],
    ['_why.web.shop.svc.cluster.local.', 'why', true],
    ['x.cluster.local.', 'missing', false],
    ['xcluster.local.', 'outside', false],
    ['1.0.1.10.in-addr.arpa.', 'reverse', true],
    ['1.0.96.10.in-addr.arpa.', 'reverse', true],
    ['1.2.1.10.in-addr.arpa.', 'reverse', false],
    ['1.10.in-addr.arpa.', 'reverse-above', false],
    ['x.1.0.1.10.in-addr.arpa.', 'reverse-other', false],
  ]

  test.each(places)('%s is %s, and exists: %s', (name, kind, exists) => {
    expect(factsOf().placeOf(name)).toMatchObject({ kind, exists })
  })

  test('options take names away', () => {
    const web = 'web.shop.svc.cluster.local.'
    expect(factsOf({ namespaces: ['other'] }).placeOf(web).exists).toBe(false)
    expect(factsOf({ labels: { key: 'tier', value: 'front' } }).placeOf(web).exists).toBe(false)
    expect(factsOf({ namespaceLabels: { key: 'team', value: 'z' } }).placeOf(web).exists).toBe(false)
    expect(factsOf({ ignoreEmptyService: true }).placeOf(web).exists).toBe(false)
    expect(factsOf({ endpoints: false }).placeOf('db.shop.svc.cluster.local.').exists).toBe(false)
    expect(factsOf({ pods: 'disabled' }).placeOf('shop.pod.cluster.local.').exists).toBe(false)
    expect(factsOf({ pods: 'verified' }).placeOf('10-9-9-9.shop.pod.cluster.local.').exists).toBe(false)
    expect(factsOf({ pods: 'verified' }).placeOf('fd00-4--1.shop.pod.cluster.local.').exists).toBe(true)
  })

  test('names above a PTR exist where the reverse zone does not fall through', () => {
    const facts = factsOf({ fallthrough: [] })
    expect(facts.placeOf('1.10.in-addr.arpa.').exists).toBe(true)
    expect(facts.placeOf('77.10.in-addr.arpa.').exists).toBe(false)
  })
})

describe('chainOf', () => {
  test('follows aliases of the cluster to the first name that is none', () => {
    const query = makeQuery('far.shop.svc.cluster.local. A')
    expect(chainOf({ facts: factsOf(), query })).toEqual({
      links: [['far.shop.svc.cluster.local.', 'web.outside.example.']],
      isEndless: false,
      end: 'web.outside.example.',
    })
  })

  test('has no links at a name that is no alias', () => {
    expect(chainOf({ facts: factsOf(), query: makeQuery('db.shop.svc.cluster.local. A') }).links).toEqual([])
  })
})
