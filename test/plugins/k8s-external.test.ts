import { describe, expect, test } from 'vitest'

import type { ClusterObject, Service } from '../../src/kubernetes/objects.ts'
import { k8sExternal } from '../../src/plugins/k8s-external.ts'
import { ipFromText } from '../../src/wire/ip-address.ts'
import { rdataToText } from '../../src/wire/rdata-text.ts'
import { rrTypeToText } from '../../src/wire/rrtype.ts'
import type { Reply } from '../../src/zone/responder.ts'
import type { RRset } from '../../src/zone/rrset.ts'
import { clientQuery } from '../forward/client-query.ts'
import { cluster, endpoint, namingOptions, service, slice } from '../helpers/cluster.ts'
import { COREDNS } from '../helpers/coredns.ts'
import { EXTERNAL_OBJECTS, EXTERNAL_SETS } from '../helpers/directive-sets/k8s-external-sets.ts'
import type { Outline } from './beside-coredns.ts'
import { startClusterPair } from './cluster-beside-coredns.ts'
import { differences } from './differences-from-coredns.ts'
import { chainOf, errorOf, setUp, testHost } from './plugin-harness.ts'

const PASSED: Reply = { rcode: 5, authoritativeAnswer: false, answer: [], authority: [], additional: [] }

const external = (path: string, addresses: readonly string[], ports: readonly string[]): Service => ({
  ...service(path, { clusterIPs: ['10.96.0.1'], ports }),
  externalAddresses: addresses.map((text) => ipFromText(text) ?? text),
})

const OBJECTS: readonly ClusterObject[] = [
  { kind: 'Namespace', name: 'shop', labels: {} },
  external('shop/web', ['192.0.2.1', '2001:db8::1', '192.0.2.1'], ['http:80', 'dns:53/UDP']),
  external('shop/lb', ['b.lb.example.com', 'A.lb.example.com'], ['http:80']),
  external('shop/portless', ['192.0.2.9'], []),
  service('shop/inner', { clusterIPs: ['10.96.0.2'], ports: ['http:80'] }),
  service('shop/db', { ports: ['pg:5432'] }),
  slice('shop/db-1', 'db', {
    ports: ['pg:5432'],
    endpoints: [endpoint('10.1.0.1', { hostname: 'db-0' }), endpoint('10.1.0.2')],
  }),
]

const lines = (rrsets: readonly RRset[]) =>
  rrsets.flatMap(({ owner, ttlSeconds, rrtype, rdatas }) =>
    rdatas.map((rdata) => `${owner} ${ttlSeconds} ${rrTypeToText(rrtype)} ${rdataToText(rdata)}`),
  )

/** RCODE, answer and additional records; `passed` where the question is passed on. */
async function said(
  question: string,
  text = 'k8s_external example.org 2.0.192.in-addr.arpa',
): Promise<string> {
  const { store } = cluster(OBJECTS)
  const view = { store, naming: namingOptions({ ownAddresses: () => [ipFromText('203.0.113.1') ?? 0] }) }
  const parts = setUp(k8sExternal, text, testHost(), { cluster: () => view })
  const resolve = () => ({ ...PASSED, rcode: 0 })
  const reply = await chainOf(parts, PASSED)({ ...clientQuery(question), resolve })
  if (reply === PASSED) return 'passed'
  return [String(reply.rcode), ...lines(reply.answer), ...lines(reply.additional)].join('; ')
}

describe('k8s_external', () => {
  test.for([
    ['web.shop.example.org. A', '0; web.shop.example.org. 5 A 192.0.2.1'],
    ['Web.Shop.example.ORG. AAAA', '0; Web.Shop.example.ORG. 5 AAAA 2001:db8::1'],
    [
      '_http._tcp.web.shop.example.org. SRV',
      '0; _http._tcp.web.shop.example.org. 5 SRV 0 100 80 web.shop.example.org.; web.shop.example.org. 5 A 192.0.2.1; web.shop.example.org. 5 AAAA 2001:db8::1',
    ],
    ['_http._tcp.web.shop.example.org. A', '0'],
    ['_tcp.web.shop.example.org. A', '0'],
    ['_none._tcp.web.shop.example.org. SRV', '3'],
    ['x._http._tcp.web.shop.example.org. SRV', '3'],
    ['web.shop.example.org. TXT', '0'],
    ['x.web.shop.example.org. A', '3'],
    ['shop.example.org. A', '0'],
    ['none.shop.example.org. A', '3'],
    ['web.none.example.org. A', '3'],
    ['inner.shop.example.org. A', '3'],
    ['portless.shop.example.org. A', '3'],
    ['db.shop.example.org. A', '3'],
    ['lb.shop.example.org. A', '0; lb.shop.example.org. 5 CNAME a.lb.example.com.'],
    ['lb.shop.example.org. CNAME', '0; lb.shop.example.org. 5 CNAME a.lb.example.com.'],
    [
      '_http._tcp.lb.shop.example.org. SRV',
      '0; _http._tcp.lb.shop.example.org. 5 SRV 0 100 80 a.lb.example.com.',
    ],
    ['1.2.0.192.in-addr.arpa. PTR', '0; 1.2.0.192.in-addr.arpa. 5 PTR web.shop.example.org.'],
    ['2.2.0.192.in-addr.arpa. PTR', '3'],
    ['example.org. NS', '0; example.org. 5 NS ns1.dns.example.org.; ns1.dns.example.org. 5 A 203.0.113.1'],
    ['dns.example.org. A', '0'],
    ['ns1.dns.example.org. A', '0; ns1.dns.example.org. 5 A 203.0.113.1'],
    ['ns2.dns.example.org. A', '3'],
    ['web.shop.example.com. A', 'passed'],
  ] as const)('answers %s', async ([question, expected]) => {
    expect(await said(question)).toBe(expected)
  })

  test.for([
    [true, '192.0.2.9'],
    [false, '203.0.113.1'],
  ] as const)('its name server with endpoints known and wanted: %s', async ([endpoints, address]) => {
    const own = slice('shop/portless-1', 'portless', { ports: [], endpoints: [endpoint('203.0.113.1')] })
    const { store } = cluster([...OBJECTS, own])
    const naming = namingOptions({ ownAddresses: () => [ipFromText('203.0.113.1') ?? 0], endpoints })
    const view = { store, naming }
    const parts = setUp(k8sExternal, 'k8s_external example.org', testHost(), { cluster: () => view })
    const reply = await chainOf(parts, PASSED)(clientQuery('ns1.dns.example.org. A'))
    expect(lines(reply.answer)).toEqual([`ns1.dns.example.org. 5 A ${address}`])
  })

  test('its SOA names what is below the apex label', async () => {
    expect(await said('example.org. SOA', 'k8s_external example.org {\n apex ext\n}')).toBe(
      '0; example.org. 5 SOA ns1.ext.example.org. hostmaster.ext.example.org. 1700000000 7200 1800 86400 5',
    )
  })

  test.for([
    [
      'headless',
      'db.shop.example.org. A',
      '0; db.shop.example.org. 5 A 10.1.0.1; db.shop.example.org. 5 A 10.1.0.2',
    ],
    ['headless', 'db-0.db.shop.example.org. A', '0; db-0.db.shop.example.org. 5 A 10.1.0.1'],
    ['headless', 'none.db.shop.example.org. A', '3'],
    ['ttl 60', 'web.shop.example.org. A', '0; web.shop.example.org. 60 A 192.0.2.1'],
    ['fallthrough', 'none.shop.example.org. A', 'passed'],
    ['fallthrough', 'web.shop.example.org. TXT', '0'],
  ] as const)('%s: answers %s', async ([property, question, expected]) => {
    expect(await said(question, `k8s_external example.org {\n ${property}\n}`)).toBe(expected)
  })

  test('without kubernetes in the block it fails, and says so', async () => {
    const reply = await chainOf(setUp(k8sExternal, 'k8s_external example.org'))(
      clientQuery('web.shop.example.org.'),
    )
    expect([reply.rcode, reply.extendedError?.text]).toEqual([
      2,
      'k8s_external needs kubernetes in the same server block',
    ])
  })

  test.for([
    ['k8s_external {\n apex a.b\n}', 'SLICEDNS_CONFIG_VALUE Corefile:3:7: "a.b" is not one label'],
    ['k8s_external {\n ttl 3601\n}', 'SLICEDNS_CONFIG_VALUE Corefile:3:6:'],
    ['k8s_external {\n headles\n}', 'did you mean "headless"?'],
    ['k8s_external\nk8s_external', 'SLICEDNS_CONFIG_DIRECTIVE_TWICE Corefile:3:1:'],
  ] as const)('%s is an error', ([text, expected]) => {
    expect(errorOf(k8sExternal, text)).toContain(expected)
  })
})

/**
 * Not compared: serials and negative TTLs (differences.md 23, 25), the weight and TTL of SRV records (16, D37), addresses at
 * the name of a port (4).
 */
const normalize = ({ rcode, flags, answer, additional }: Outline, question: string): Partial<Outline> =>
  /^_.* A+$/.test(question)
    ? { rcode }
    : {
        rcode,
        flags,
        additional,
        answer: answer.map((line) => line.replace(/ \d+ in srv 0 \d+ /, ' in srv ')),
      }

describe.skipIf(COREDNS === undefined)('k8s_external beside CoreDNS', () => {
  test.for(EXTERNAL_SETS)('answers the same: $directives', async ({ directives, questions }) => {
    const pair = await startClusterPair(directives, EXTERNAL_OBJECTS)
    expect(await differences(pair, questions, { normalize })).toEqual([])
  })
})
