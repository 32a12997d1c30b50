import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'

import type { Server } from '../src/index.ts'
import { startServer } from '../src/index.ts'
import { replyTo } from './forward/reply-octets.ts'
import { dnsClient } from './helpers/dns-client.ts'
import { closedPort, startScriptedUpstream } from './helpers/scripted-upstream.ts'
import { ROOT } from './helpers/source-tree.ts'
import { tempFolder } from './helpers/temp-folder.ts'

const EXAMPLES = readdirSync(join(ROOT, 'examples')).filter((name) => name !== 'labs')

/** An example that runs until the test ends, on ports that disturb nobody. */
interface RunningExample {
  readonly server: Server
  /** Where the port went that the Corefile names. */
  readonly port: (named: number) => number
}

/** `clusterDns`: what listens on the port 1053 of this host that an example forwards to. */
async function startExample(name: string, clusterDns?: RunningExample): Promise<RunningExample> {
  const folder = tempFolder()
  cpSync(join(ROOT, 'examples'), folder, { recursive: true })
  const upstream = await startScriptedUpstream((query) => [
    { do: 'send', octets: replyTo(query, { answer: ['www.example. 300 A 192.0.2.1'] }) },
  ])
  onTestFinished(() => upstream.close())
  const ports = new Map<string, number>()
  if (clusterDns !== undefined) ports.set('1053', clusterDns.port(1053))
  for (const file of readdirSync(join(folder, name), { recursive: true, encoding: 'utf8' })) {
    if (!/Corefile$|\.override$|\.server$/.test(file)) continue
    const path = join(folder, name, file)
    const text = withEveryPort(readFileSync(path, 'utf8'))
      .replaceAll('/etc/resolv.conf', `127.0.0.1:${upstream.port}`)
      .replaceAll(/(?<=manifests |hosts )(?=[\w.])/g, `${folder}/${name}/`)
    for (const [, named = ''] of text.matchAll(PORT))
      if (!ports.has(named)) ports.set(named, await closedPort())
    writeFileSync(
      path,
      text.replaceAll(PORT, (_found, named: string) => `:${ports.get(named)}`),
    )
  }
  const server = await startServer({ corefile: join(folder, name, 'Corefile') })
  onTestFinished(() => server.close())
  return { server, port: (named) => ports.get(String(named)) ?? 0 }
}

/** Every port that an example names, none of which is one of the system's. */
const PORT = /:(1053|1054|8080|8082|8181|8183|9153|9253)\b/g

/** The Corefile with the ports that it leaves to their defaults. */
function withEveryPort(corefile: string): string {
  return corefile
    .replaceAll(/^(\s*)health(?=\s*\{?$)/gm, '$1health :8080')
    .replaceAll(/^(\s*)ready(?=\s*\{?$)/gm, '$1ready :8181')
}

const SERVICE = 'clusterip1.default.svc.cluster.local'

/** What every resolver of a cluster must answer. */
async function expectClusterAnswers(port: number, address = '127.0.0.1'): Promise<void> {
  const client = dnsClient(port, address)
  const reply = await client.ask(SERVICE)
  expect([reply.rcode, reply.answer.length]).toEqual(['NOERROR', 1])
  const octets = reply.answer[0]?.split(' ').at(-1)?.split('.') ?? []
  expect((await client.ask(`${octets.toReversed().join('.')}.in-addr.arpa PTR`)).answer[0]).toContain(
    `PTR ${SERVICE}.`,
  )
  expect((await client.ask(`none.default.svc.cluster.local`)).rcode).toBe('NXDOMAIN')
}

async function expectForwarded(port: number, address = '127.0.0.1'): Promise<void> {
  const reply = await dnsClient(port, address).ask('www.example')
  expect([reply.rcode, reply.answer.length]).toEqual(['NOERROR', 1])
}

describe('examples', () => {
  test('each has a test', () => {
    const tested = readFileSync(join(ROOT, 'test/examples.test.ts'), 'utf8')
    expect(EXAMPLES.filter((name) => !tested.includes(`'${name}'`))).toEqual([])
  })

  test.for(['corefile', 'kubeadm', 'kubeadm-older', 'coredns-deployment', 'eks', 'aks', 'k3s'])(
    '%s answers for the cluster and forwards the rest',
    async (name) => {
      const { port } = await startExample(name)
      await expectClusterAnswers(port(1053))
      await expectForwarded(port(1053))
    },
  )

  test.for([
    ['kubeadm', [8080, '/health'], [8181, '/ready'], [9153, '/metrics']],
    ['kubeadm-older', [8080, '/health'], [9153, '/metrics']],
    ['eks', [8080, '/health'], [8181, '/ready'], [9153, '/metrics']],
    ['aks', [8080, '/health'], [8181, '/ready'], [9153, '/metrics']],
    ['k3s', [8080, '/health'], [8181, '/ready'], [9153, '/metrics']],
  ] as const)('%s tells those who watch it', async ([name, ...pages]) => {
    const { port } = await startExample(name)
    for (const [named, path] of pages)
      expect((await fetch(`http://127.0.0.1:${port(named)}${path}`)).status, path).toBe(200)
  })

  test('aks takes custom names, rewrites and stub domains, and denies what Azure denies', async () => {
    const { port } = await startExample('aks')
    const client = dnsClient(port(1053))
    expect((await client.ask('printer.example')).answer[0]).toContain('A 10.9.8.7')
    expect((await client.ask('database.example')).answer[0]).toMatch(/^database\.example\. /)
    expect((await client.ask('x.corp.example')).rcode).toBe('NOERROR')
    expect((await client.ask('a.b.c.d.internal.cloudapp.net')).rcode).toBe('NXDOMAIN')
    expect((await client.ask('a.b.internal.cloudapp.net')).rcode).toBe('NOERROR')
    expect((await client.ask('x.reddog.microsoft.com')).rcode).toBe('NXDOMAIN')
  })

  test('k3s knows its nodes, for as long as the cache keeps them', async () => {
    const { port } = await startExample('k3s')
    expect((await dnsClient(port(1053)).ask('node-2')).answer).toEqual(['node-2. 30 IN A 192.0.2.12'])
  })

  test('nodelocal-dns answers from the DNS of the cluster', async () => {
    const { port } = await startExample('nodelocal-dns', await startExample('kubeadm'))
    for (const address of ['127.0.0.1', '127.0.0.2']) {
      await expectClusterAnswers(port(1054), address)
      await expectForwarded(port(1054), address)
    }
    expect((await fetch(`http://127.0.0.1:${port(8082)}/health`)).status).toBe(200)
  })

  test('aks-localdns answers from the DNS of the cluster, for Pods and for the node', async () => {
    const { port } = await startExample('aks-localdns', await startExample('kubeadm'))
    const client = dnsClient(port(1054), '127.0.0.10')
    expect((await client.ask(SERVICE)).answer).toHaveLength(1)
    await expectForwarded(port(1054), '127.0.0.10')
    await expectClusterAnswers(port(1054), '127.0.0.11')
    expect((await client.ask('health-check.localdns.local')).additional).toHaveLength(2)
    expect((await client.ask('a.b.c.d.internal.cloudapp.net')).rcode).toBe('NXDOMAIN')
    expect((await fetch(`http://127.0.0.10:${port(8183)}/ready`)).status).toBe(200)
  })
})
