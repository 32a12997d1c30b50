import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, onTestFinished, test, vi } from 'vitest'

import { startServer } from '../../src/index.ts'
import { dnsClient } from '../helpers/dns-client.ts'
import { tempFolder } from '../helpers/temp-folder.ts'

const namespace = (labels: string) =>
  `{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {${labels}}}}\n`

const OBJECTS = `
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {clusterIP: None}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: db-1, namespace: shop, labels: {kubernetes.io/service-name: db}}
addressType: IPv4
ports: [{name: sql, port: 5432}]
endpoints:
- {addresses: [10.1.0.1], zone: zone-a}
- {addresses: [10.1.0.2], zone: zone-b}
`

async function serve(folder: string, blocks: readonly (readonly [zone: string, property: string])[]) {
  const corefileText = blocks
    .map(
      ([zone, property]) =>
        `${zone}:0 {\n bind 127.0.0.1\n kubernetes {\n manifests "${folder}"\n ${property}\n }\n}\n`,
    )
    .join('')
  const server = await startServer({ corefileText })
  onTestFinished(() => server.close())
  return dnsClient(server.port)
}

test('blocks that share a folder choose namespaces by label each for itself, and follow a new label', async () => {
  const folder = tempFolder({ 'namespace.yaml': namespace('tier: front'), 'objects.yaml': OBJECTS })
  const client = await serve(folder, [
    ['front.example', 'namespace_labels tier=front'],
    ['back.example', 'namespace_labels tier=back'],
    ['all.example', 'ttl 5'],
  ])
  const rcodes = async () => {
    const replies = ['front', 'back', 'all'].map((zone) => client.ask(`db.shop.svc.${zone}.example A`))
    return (await Promise.all(replies)).map(({ rcode }) => rcode)
  }
  expect(await rcodes()).toEqual(['NOERROR', 'NXDOMAIN', 'NOERROR'])
  writeFileSync(join(folder, 'namespace.yaml'), namespace('tier: back'))
  await vi.waitFor(async () => expect(await rcodes()).toEqual(['NXDOMAIN', 'NOERROR', 'NOERROR']), 3000)
  writeFileSync(join(folder, 'namespace.yaml'), namespace(''))
  await vi.waitFor(async () => expect(await rcodes()).toEqual(['NXDOMAIN', 'NXDOMAIN', 'NOERROR']), 3000)
})

test('zonal: names by topology zone over the wire, in the letter case that was asked', async () => {
  const folder = tempFolder({ 'objects.yaml': OBJECTS })
  const client = await serve(folder, [
    ['cluster.local', 'zonal'],
    ['plain.example', 'ttl 5'],
  ])
  expect(await client.outcome('ZONE-a.pin._zone.db.shop.svc.cluster.local A')).toEqual([
    'ZONE-a.pin._zone.db.shop.svc.cluster.local. 5 IN A 10.1.0.1',
  ])
  const preferred = await client.ask('zone-c.prefer._zone.db.shop.svc.cluster.local SRV')
  expect([preferred.answer.length, preferred.additional.length]).toEqual([2, 2])
  expect(await client.ask('zone-c.pin._zone.db.shop.svc.cluster.local A')).toMatchObject({
    rcode: 'NOERROR',
    answer: [],
    extendedError: {
      text: 'topology zone "zone-c" of Service db in namespace shop, which has no ready endpoint there: no A record',
    },
  })
  expect((await client.ask('zone-a.pin._zone.db.shop.svc.plain.example A')).rcode).toBe('NXDOMAIN')
})
