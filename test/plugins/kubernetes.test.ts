import { describe, expect, onTestFinished, test } from 'vitest'

import { startServer } from '../../src/index.ts'
import { createCredentials } from '../../src/kubernetes/api/credentials/create-credentials.ts'
import { kubernetes } from '../../src/plugins/kubernetes.ts'
import type { DnsClient } from '../helpers/dns-client.ts'
import { dnsClient } from '../helpers/dns-client.ts'
import { tempFolder } from '../helpers/temp-folder.ts'
import { errorOf, testHost } from './plugin-harness.ts'

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
