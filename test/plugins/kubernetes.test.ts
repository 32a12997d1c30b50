import { describe, expect, onTestFinished, test } from 'vitest'

import { startServing } from '../../src/cli/start-server.ts'
import { corefileFromText } from '../../src/cli/read-corefile.ts'
import { startServer } from '../../src/index.ts'
import { createCredentials } from '../../src/kubernetes/api/credentials/create-credentials.ts'
import { ClusterStore } from '../../src/kubernetes/cluster-store.ts'
import { NOT_SYNCED } from '../../src/kubernetes/source.ts'
import { kubernetes } from '../../src/plugins/kubernetes.ts'
import { Rcode } from '../../src/wire/rcode.ts'
import { clientQuery, nameOf } from '../forward/client-query.ts'
import { ApiServer } from '../helpers/api-server.ts'
import type { DnsClient } from '../helpers/dns-client.ts'
import { dnsClient } from '../helpers/dns-client.ts'
import { eventually } from '../helpers/eventually.ts'
import { closedPort } from '../helpers/scripted-upstream.ts'
import { tempFolder } from '../helpers/temp-folder.ts'
import { chainOf, directivesIn, errorOf, setUp, testHost } from './plugin-harness.ts'

const SERVICE =
  'apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: shop }\nspec: { clusterIP: 10.96.0.7 }\n'

/** A server of one Service with these properties of `kubernetes`; `whoami` stands behind it. */
async function serve(properties: string, zones = 'cluster.local in-addr.arpa'): Promise<DnsClient> {
  const folder = tempFolder({ 'web.yaml': SERVICE })
  const corefileText = `. {\n bind 127.0.0.1\n kubernetes ${zones} {\n manifests "${folder}"\n${properties}\n }\n whoami\n}\n`
  const server = await startServer({ corefileText, watch: false })
  onTestFinished(() => server.close())
  return dnsClient(server.port)
}

/** What `whoami` adds: a sign that the query fell through. */
const fellThrough = async (client: DnsClient, question: string) =>
  (await client.ask(question)).additional.some((line) => line.startsWith('_udp.'))

describe('kubernetes', () => {
  test('answers its zones with AA and passes other names on', async () => {
    const client = await serve('')
    const reply = await client.ask('web.shop.svc.cluster.local')
    expect([reply.rcode, reply.packet.header.aa]).toEqual(['NOERROR', 1])
    expect(reply.answer).toEqual(['web.shop.svc.cluster.local. 5 IN A 10.96.0.7'])
    expect(await fellThrough(client, 'www.example')).toBe(true)
  })

  test('without fallthrough a name that does not exist is NXDOMAIN with its reason', async () => {
    const client = await serve('')
    const reply = await client.ask('nope.shop.svc.cluster.local')
    expect(reply.rcode).toBe('NXDOMAIN')
    expect(reply.extendedError).toEqual({ code: 0, text: 'no such service "nope" in namespace "shop"' })
  })

  test('with fallthrough names that do not exist go on, NODATA does not', async () => {
    const client = await serve('fallthrough')
    expect(await fellThrough(client, 'nope.shop.svc.cluster.local')).toBe(true)
    expect(await fellThrough(client, 'web.shop.svc.cluster.local AAAA')).toBe(false)
    expect(await client.outcome('web.shop.svc.cluster.local AAAA')).toEqual(['NODATA'])
  })

  test('fallthrough with zones counts below them only', async () => {
    const client = await serve('fallthrough in-addr.arpa')
    expect(await fellThrough(client, '1.2.0.192.in-addr.arpa PTR')).toBe(true)
    expect(await fellThrough(client, 'nope.shop.svc.cluster.local')).toBe(false)
  })

  test.for([
    ['full', 'no such service "nope" in namespace "shop"'],
    ['code', ''],
    ['off', undefined],
  ] as const)('explain %s', async ([word, text]) => {
    const client = await serve(`explain ${word}`)
    expect((await client.ask('nope.shop.svc.cluster.local')).extendedError?.text).toBe(text)
    const why = await client.ask('_why.web.shop.svc.cluster.local TXT')
    expect(why.rcode).toBe(word === 'full' ? 'NOERROR' : 'NXDOMAIN')
  })

  test('a live cluster that is nowhere to be found is an error of its line', () => {
    const host = testHost({
      cluster: ({ api }) => {
        createCredentials(api?.credentials ?? { kind: 'default' }, {
          variables: {},
          serviceAccountFolder: '/gone',
        })
        throw new Error('there are credentials')
      },
    })
    expect(errorOf(kubernetes, 'kubernetes', host)).toMatch(
      /^SLICEDNS_CONFIG_KUBERNETES_SERVER Corefile:2:1: Cannot find a Kubernetes API: .* "manifests FOLDER"$/,
    )
  })

  test('stands once in a block', () => {
    const host = testHost({ hasObjects: true })
    expect(errorOf(kubernetes, 'kubernetes a.\nkubernetes b.', host)).toBe(
      'SLICEDNS_CONFIG_DIRECTIVE_TWICE Corefile:3:1: a server block takes one "kubernetes" only; list all its zones behind the first one',
    )
  })
})

/** A headless Service with an endpoint that is a Pod. */
const OBJECTS = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'db', namespace: 'shop' },
    spec: { clusterIP: 'None', ports: [{ name: 'sql', port: 5432 }] },
  },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'db-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'db' } },
    addressType: 'IPv4',
    ports: [{ name: 'sql', port: 5432, protocol: 'TCP' }],
    endpoints: [{ addresses: ['10.1.0.1'], hostname: 'db-0' }],
  },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'db-0', namespace: 'shop' },
    status: { phase: 'Running', podIPs: [{ ip: '10.1.0.1' }] },
  },
]

describe('kubernetes in several blocks with one live cluster', () => {
  test('shares the watches, and each block answers as it would alone', async () => {
    const apiServer = await ApiServer.start()
    for (const object of OBJECTS) apiServer.put(object)
    const port = await closedPort()
    const block = (keys: string, properties: string) =>
      `${keys} {\n bind 127.0.0.1\n kubernetes {\n endpoint ${apiServer.url}\n${properties}\n }\n}\n`
    const text =
      block(`less.test:${port} in-addr.arpa:${port}`, 'noendpoints') +
      block(`more.test:${port}`, 'pods verified')
    const { log } = testHost()
    const read = () => corefileFromText(text, 'Corefile')
    const serving = await startServing({
      corefile: read(),
      readAgain: read,
      defaultPort: 0,
      watch: false,
      log,
    })
    onTestFinished(async () => {
      await serving.close()
      await apiServer.close()
    })
    const client = dnsClient(port)
    await eventually(() => expect(apiServer.watchCount).toBe(4))
    const asked = ['db.shop.svc', 'db-0.db.shop.svc', '10-1-0-1.shop.pod']
    const rcodes = (zone: string) =>
      Promise.all(asked.map(async (name) => (await client.ask(`${name}.${zone}`)).rcode))
    await expect.poll(() => rcodes('more.test')).toEqual(['NOERROR', 'NOERROR', 'NOERROR'])
    expect(await rcodes('less.test')).toEqual(['NXDOMAIN', 'NXDOMAIN', 'NXDOMAIN'])
    expect(await client.outcome('1.0.1.10.in-addr.arpa PTR')).toEqual(['NXDOMAIN'])
  })

  test('announces what each block will ask for, before they are set up, and says nothing in the log', () => {
    const announced: unknown[] = []
    const asked: unknown[] = []
    const host = testHost({
      announceCluster: (identity) => void announced.push(identity),
      cluster: (identity) => {
        asked.push(identity)
        return new ClusterStore({ nowSeconds: () => 0 })
      },
    })
    const text = 'kubernetes {\n endpoint http://192.0.2.1 http://192.0.2.2\n pods verified\n}'
    kubernetes.announce?.(directivesIn(text), { zones: [nameOf('example.')], host })
    expect(host.lines).toEqual([])
    setUp(kubernetes, text, host)
    expect(host.lines).toHaveLength(1)
    expect(announced).toEqual([asked[0]])
  })

  test('is ready when what its block needs has come: Pods are waited for by `pods verified` alone, and not where they are forbidden', () => {
    const store = new ClusterStore({ nowSeconds: () => 0 })
    const host = testHost({ cluster: () => store, hasObjects: true })
    const ready = () =>
      ['disabled', 'verified'].map((pods) =>
        setUp(kubernetes, `kubernetes {\n pods ${pods}\n}`, host).isReady?.(),
      )
    store.markUnavailable('Pod', NOT_SYNCED)
    expect(ready()).toEqual([false, false])
    store.markSynced()
    expect(ready()).toEqual([true, false])
    store.markUnavailable('Pod', 'forbidden')
    expect(ready()).toEqual([true, true])
    store.markUnavailable('Pod', undefined)
    expect(ready()).toEqual([true, true])
  })

  test('denies endpoint names with `noendpoints` although the endpoints of others cannot be read', async () => {
    const store = new ClusterStore({ nowSeconds: () => 0 })
    store.apply({ kind: 'Namespace', name: 'shop', labels: {} })
    store.markUnavailable('EndpointSlice', 'forbidden')
    store.markSynced()
    const host = testHost({ cluster: () => store, hasObjects: true })
    const answerOf = async (properties: string) => {
      const parts = setUp(kubernetes, `kubernetes example in-addr.arpa {\n${properties}\n}`, host)
      return (await chainOf(parts)(clientQuery('1.0.1.10.in-addr.arpa. PTR'))).rcode
    }
    expect(await answerOf('')).toBe(Rcode.SERVFAIL)
    expect(await answerOf('noendpoints')).toBe(Rcode.NXDOMAIN)
  })
})
