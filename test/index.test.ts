import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, onTestFinished, test } from 'vitest'

import type { ManifestProblem, Server, StartServerOptions } from '../src/index.ts'
import { startServer } from '../src/index.ts'
import { dnsClient } from './helpers/dns-client.ts'
import { eventually } from './helpers/eventually.ts'
import { startProcess } from './helpers/slicedns-process.ts'
import { ROOT } from './helpers/source-tree.ts'
import { tempFolder } from './helpers/temp-folder.ts'

const service = (name: string, clusterIP = '10.96.0.7') => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec: { clusterIP, selector: { app: name }, ports: [{ port: 80 }] },
})
const NAME = 'web.shop.svc.cluster.local'
const ANSWER = [`${NAME}. 5 IN A 10.96.0.7`]

async function serve(options: StartServerOptions): Promise<Server> {
  const server = await startServer(options)
  onTestFinished(() => server.close())
  return server
}

const codes = (problems: readonly ManifestProblem[]) => problems.map(({ code }) => code).toSorted()

describe('startServer', () => {
  test('objects: on a free port of 127.0.0.1, answering when it resolves', async () => {
    const server = await serve({ objects: [service('web')] })
    expect(
      server.addresses.map(
        ({ transport, address, port }) => `${transport} ${address} ${port === server.port}`,
      ),
    ).toEqual(['udp 127.0.0.1 true', 'tcp 127.0.0.1 true'])
    expect(await dnsClient(server.port).outcome(NAME)).toEqual(ANSWER)
  })

  test('folders: reads JSON and YAML, and follows edits unless told not to', async () => {
    const folder = tempFolder({ 'web.json': JSON.stringify(service('web')) })
    const watching = await serve({ folders: [folder] })
    const still = await serve({ folders: [folder], watch: false })
    writeFileSync(join(folder, 'web.json'), JSON.stringify(service('web', '10.96.0.8')))
    const changed = [`${NAME}. 5 IN A 10.96.0.8`]
    let seen: readonly string[] = []
    const startedAt = performance.now()
    while (seen[0] !== changed[0] && performance.now() - startedAt < 5_000)
      seen = await dnsClient(watching.port).outcome(NAME)
    expect(seen).toEqual(changed)
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    expect(await dnsClient(still.port).outcome(NAME)).toEqual(ANSWER)
  })

  test('a Corefile, by path or as text', async () => {
    const folder = tempFolder({ 'web.json': JSON.stringify(service('web')) })
    const text = `. {\n bind 127.0.0.1\n kubernetes cluster.local {\n manifests ${folder}\n }\n}\n`
    writeFileSync(join(folder, 'Corefile'), text)
    for (const options of [{ corefile: join(folder, 'Corefile') }, { corefileText: text }]) {
      const server = await serve(options)
      expect(await dnsClient(server.port).outcome(NAME)).toEqual(ANSWER)
    }
  })

  test('host and port are where it is told', async () => {
    const { port } = await startServer({ objects: [] }).then(async (free) => {
      await free.close()
      return free
    })
    const server = await serve({ objects: [service('web')], host: '::1', port })
    expect(server.port).toBe(port)
    expect(await dnsClient(port, '::1').outcome(NAME)).toEqual(ANSWER)
  })

  test('replaceObjects serves the new ones at once', async () => {
    const server = await serve({ objects: [service('web')] })
    server.replaceObjects([service('other')])
    const client = dnsClient(server.port)
    expect(await client.outcome(NAME)).toEqual(['NXDOMAIN'])
    expect((await client.ask('other.shop.svc.cluster.local')).rcode).toBe('NOERROR')
    // @ts-expect-error -- what a caller without types may do
    expect(() => server.replaceObjects(5)).toThrow('objects must be a list')
    const folder = await serve({ folders: [tempFolder()], watch: false })
    expect(() => folder.replaceObjects([])).toThrow('this server was not started with objects')
  })

  test('problems are those of now, and go to the log when they appear', async () => {
    const lines: string[] = []
    const write = (message: string) => void lines.push(message)
    const server = await serve({
      objects: [service('web'), { kind: 'Pod' }],
      log: { info: write, warn: write, error: write },
    })
    const found = ['SLICEDNS_MANIFEST_FIELD_MISSING', 'SLICEDNS_MANIFEST_SELECTOR_WITHOUT_PODS']
    expect([...new Set(codes(server.problems))]).toEqual(found)
    await eventually(() => expect(lines.some((line) => line.includes('selects no Pod'))).toBe(true))
    server.replaceObjects([])
    expect(server.problems).toEqual([])
  })

  test('close gives the port back; closing again is the same', async () => {
    const server = await startServer({ objects: [] })
    await Promise.all([server.close(), server.close()])
    await server.close()
    const again = await serve({ objects: [], port: server.port })
    expect(again.port).toBe(server.port)
  })

  test.for([
    [
      'no way to serve',
      {},
      'SLICEDNS_OPTIONS Cannot start a server: give exactly one of corefile, corefileText, folders and objects',
    ],
    [
      'two ways',
      { objects: [], folders: ['.'] },
      'SLICEDNS_OPTIONS Cannot start a server: give exactly one of',
    ],
    [
      'objects that are no list',
      { objects: 5 },
      'SLICEDNS_OPTIONS Cannot start a server: objects must be a list of Kubernetes objects',
    ],
    [
      'no folder',
      { folders: [] },
      'SLICEDNS_OPTIONS Cannot start a server: folders must be a list of at least one path',
    ],
    [
      'a port that is none',
      { objects: [], port: 70_000 },
      'SLICEDNS_OPTIONS Cannot start a server: port must be a whole number from 0 to 65535, not 70000',
    ],
    [
      'a folder that is missing',
      { folders: ['/nonexistent/x'] },
      'SLICEDNS_MANIFEST_FOLDER_MISSING Cannot read manifests: /nonexistent/x does not exist.',
    ],
    [
      'a folder of a Corefile that is missing',
      { corefileText: '. {\n kubernetes {\n  manifests . /nonexistent/x\n }\n}' },
      'SLICEDNS_MANIFEST_FOLDER_MISSING Corefile:3:15: Cannot read manifests: /nonexistent/x does not exist.',
    ],
    [
      'a Corefile that is missing',
      { corefile: '/nonexistent/x' },
      'SLICEDNS_COREFILE_MISSING Cannot read the Corefile "/nonexistent/x": there is no such file or folder;',
    ],
    [
      'a Corefile that is broken',
      { corefileText: '. {\n whoam\n}' },
      'SLICEDNS_CONFIG_UNKNOWN_DIRECTIVE Corefile:2:2: unknown directive "whoam"',
    ],
    [
      'an address that is not here',
      { objects: [], host: '192.0.2.1' },
      'SLICEDNS_ADDRESS_NOT_AVAILABLE Cannot listen on 192.0.2.1:0 (TCP): no interface of this host has the address',
    ],
  ] as const)('rejects %s', async ([, options, expected]) => {
    // oxlint-disable-next-line no-unsafe-type-assertion -- what a caller without types may do
    const error: unknown = await startServer(options as StartServerOptions).catch((reason: unknown) => reason)
    expect(error instanceof Error && 'code' in error && `${String(error.code)} ${error.message}`).toContain(
      expected,
    )
  })

  test('rejects a port in use, and leaves nothing open', async () => {
    const other = await serve({ objects: [] })
    const text = `a.:0 {\n bind 127.0.0.1\n}\nb.:${other.port} {\n bind 127.0.0.1\n}\n`
    await expect(startServer({ corefileText: text })).rejects.toMatchObject({ code: 'SLICEDNS_PORT_IN_USE' })
  })
})

test('the process ends by itself once servers are closed or refused', async () => {
  const folder = tempFolder({ 'web.json': JSON.stringify(service('web')) })
  const script = `
    import { startServer } from ${JSON.stringify(join(ROOT, 'src/index.ts'))}
    const server = await startServer({ folders: [${JSON.stringify(folder)}], upstreams: ['127.0.0.1'], log: 'stderr' })
    await startServer({ folders: ['/nonexistent/x'] }).catch((error) => process.stdout.write(error.code + '\\n'))
    await startServer({ objects: [], port: server.port }).catch((error) => process.stdout.write(error.code + '\\n'))
    await server.close()
    process.stdout.write('closed\\n')`
  const child = startProcess([process.execPath, '--input-type=module', '-e', script])
  expect(await child.ended).toEqual({ exitCode: 0, signal: null })
  expect(child.stdout()).toBe('SLICEDNS_MANIFEST_FOLDER_MISSING\nSLICEDNS_PORT_IN_USE\nclosed\n')
})
