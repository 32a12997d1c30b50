import { describe, expect, onTestFinished, test } from 'vitest'

import type { Server } from '../../src/index.ts'
import { startServer } from '../../src/index.ts'
import { dnsClient } from '../helpers/dns-client.ts'
import { closedPort } from '../helpers/scripted-upstream.ts'
import { tempFolder } from '../helpers/temp-folder.ts'

const manifests = (name: string) =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: shop }\nspec: { clusterIP: 10.96.0.7 }\n`

async function serve(corefileText: string): Promise<Server> {
  const server = await startServer({ corefileText, watch: false })
  onTestFinished(() => server.close())
  return server
}

const refusal = (corefileText: string): Promise<string> =>
  startServer({ corefileText }).then(
    async (server) => {
      await server.close()
      return 'no error'
    },
    (error: unknown) =>
      error instanceof Error && 'code' in error ? `${String(error.code)} ${error.message}` : 'no code',
  )

const block = (zone: string, folder: string) =>
  `${zone} {\n bind 127.0.0.1\n kubernetes {\n manifests "${folder}"\n }\n}\n`

describe('server blocks', () => {
  test('the longest zone wins; a name that none holds is REFUSED with the reason', async () => {
    const port = await closedPort()
    const server = await serve(`(all) {\n bind 127.0.0.1\n}
a.example:${port} {\n import all\n whoami\n}
b.a.example:${port} {\n import all\n forward . 127.0.0.1:${port}\n}
`)
    const client = dnsClient(server.port)
    expect((await client.ask('x.a.example')).additional).toHaveLength(2)
    expect((await client.ask('x.b.a.example')).rcode).toBe('SERVFAIL')
    const refused = await client.ask('example')
    expect(refused.rcode).toBe('REFUSED')
    expect(refused.extendedError?.text).not.toBe('')
  })

  test('the same zone on two ports answers differently', async () => {
    const [one, two] = [await closedPort(), await closedPort()]
    await serve(
      `(all) {\n bind 127.0.0.1\n}\n.:${one} {\n import all\n whoami\n}\n.:${two} {\n import all\n bufsize 512\n}\n`,
    )
    expect((await dnsClient(one).ask('x')).rcode).toBe('NOERROR')
    expect((await dnsClient(two).ask('x')).rcode).toBe('SERVFAIL')
  })

  test('a CIDR key serves its reverse zones', async () => {
    const folder = tempFolder({ 'web.yaml': manifests('web') })
    const server = await serve(
      `10.96.0.0/23 cluster.local {\n bind 127.0.0.1\n kubernetes {\n manifests "${folder}"\n }\n}\n`,
    )
    const client = dnsClient(server.port)
    expect(await client.outcome('7.0.96.10.in-addr.arpa PTR')).toEqual([
      '7.0.96.10.in-addr.arpa. 5 IN PTR web.shop.svc.cluster.local.',
    ])
    expect((await client.ask('7.2.96.10.in-addr.arpa PTR')).rcode).toBe('REFUSED')
  })

  test('two blocks over one folder share its data, two folders do not', async () => {
    const [one, two] = [tempFolder({ 'a.yaml': manifests('a') }), tempFolder({ 'b.yaml': manifests('b') })]
    const server = await serve(
      block('one.example:0', one) + block('also.example:0', one) + block('two.example:0', two),
    )
    const client = dnsClient(server.port)
    expect((await client.ask('a.shop.svc.one.example')).rcode).toBe('NOERROR')
    expect((await client.ask('a.shop.svc.also.example')).rcode).toBe('NOERROR')
    expect((await client.ask('a.shop.svc.two.example')).rcode).toBe('NXDOMAIN')
    expect((await client.ask('b.shop.svc.two.example')).rcode).toBe('NOERROR')
  })

  test('bind: each address has its own blocks', async () => {
    const port = await closedPort()
    await serve(`.:${port} {\n bind 127.0.0.1\n whoami\n}\n.:${port} {\n bind 127.0.0.2\n bufsize\n}\n`)
    expect((await dnsClient(port).ask('x')).rcode).toBe('NOERROR')
    expect((await dnsClient(port, '127.0.0.2').ask('x')).rcode).toBe('SERVFAIL')
  })

  test('bind: one address beside all others on the same port', async () => {
    const port = await closedPort()
    const server = await serve(
      `a.example:${port} {\n bind 127.0.0.1\n whoami\n}\nb.example:${port} {\n whoami\n}\n`,
    )
    expect(server.addresses.some(({ address }) => address === '::1')).toBe(true)
    for (const transport of ['udp', 'tcp'] as const) {
      expect((await dnsClient(port).ask('a.example', { transport })).rcode).toBe('NOERROR')
      expect((await dnsClient(port).ask('b.example', { transport })).rcode).toBe('REFUSED')
      expect((await dnsClient(port, '::1').ask('b.example', { transport })).rcode).toBe('NOERROR')
    }
  })

  test('NS of the cluster domain names the address that is bound', async () => {
    const server = await serve(
      'cluster.local {\n bind 127.0.0.1\n kubernetes {\n manifests package.json\n }\n}\n',
    )
    expect(await dnsClient(server.port).outcome('ns.dns.cluster.local')).toEqual([
      'ns.dns.cluster.local. 5 IN A 127.0.0.1',
    ])
  })

  test.for([
    [
      '.:5301 {\n whoami\n}\n.:5301 {\n whoami\n}',
      'SLICEDNS_CONFIG_DUPLICATE_KEY Corefile:4:1: zone "." on port 5301 is already served by Corefile:1:1',
    ],
    [
      '. {\n bind 127.0.0.1\n}\n. {\n bind lo\n}',
      'SLICEDNS_CONFIG_DUPLICATE_KEY Corefile:4:1: zone "." on port 0 on "127.0.0.1" is already served by Corefile:1:1',
    ],
    ['. {\n bind ::1\n}\n. {\n bind 0:0:0:0:0:0:0:1\n}', 'SLICEDNS_CONFIG_DUPLICATE_KEY Corefile:4:1'],
    ['tls://. {\n whoami\n}', 'SLICEDNS_CONFIG_TRANSPORT Corefile:1:1: serving over tls:// is not supported'],
    ['. {\n etcd\n}', 'SLICEDNS_CONFIG_DIRECTIVE_NOT_SUPPORTED Corefile:2:2: '],
    [
      '. {\n bufsize 1\n}',
      'SLICEDNS_CONFIG_VALUE Corefile:2:10: "1" is not a whole number from 512 to 4096\n    bufsize 1\n            ^',
    ],
  ] as const)('%j is an error', async ([text, expected]) => {
    expect(await refusal(text)).toContain(expected)
  })
})
