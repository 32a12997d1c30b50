import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { dnsClient } from './helpers/dns-client.ts'
import { startProcess } from './helpers/slicedns-process.ts'
import { readTree, ROOT } from './helpers/source-tree.ts'

const run = promisify(execFile)
const SERVICE =
  'apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: shop }\nspec: { clusterIP: 10.96.0.7 }\n'

/** An empty folder into which the packed package was installed, as its users do. */
let folder = ''

/** Finds the Node that runs these tests before any other. */
const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}` }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slicedns-package-'))
  await run('npm', ['run', '-s', 'build'], { cwd: ROOT, env })
  await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: ROOT, env })
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? 'no tarball'
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', `./${tarball}`], {
    cwd: folder,
    env,
  })
}, 120_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the installed package', () => {
  test('npx slicedns -version', async () => {
    const { stdout } = await run('npx', ['slicedns', '-version'], { cwd: folder, env })
    expect(stdout).toMatch(/^SliceDNS-\d+\.\d+\.\d+\n/)
  })

  test('serves a folder, is asked with query, and checks', async () => {
    const manifests = join(folder, 'manifests')
    mkdirSync(manifests)
    writeFileSync(join(manifests, 'web.yaml'), SERVICE)
    const bin = join(folder, 'node_modules/.bin/slicedns')
    const server = startProcess([process.execPath, bin, '-p', '0', 'manifests'], { cwd: folder })
    const [, port = ''] = await server.waitFor(/127\.0\.0\.1:(\d+)/)
    const name = 'web.shop.svc.cluster.local'
    expect(await dnsClient(Number(port)).outcome(name)).toEqual([`${name}. 5 IN A 10.96.0.7`])
    const asked = await run(process.execPath, [bin, 'query', name, '+short', `@127.0.0.1:${port}`])
    expect(asked.stdout).toBe('10.96.0.7\n')
    server.signal('SIGTERM')
    expect((await server.ended).exitCode).toBe(0)
  })

  test('is imported, with types', async () => {
    const program = `import { startServer, type Server } from 'slicedns'
const server: Server = await startServer({ objects: [] })
const port: number = server.port
await server.close()
process.stdout.write(String(port > 0))
`
    writeFileSync(join(folder, 'use.ts'), program)
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--skipLibCheck']
    const types = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules/@types')]
    await run(join(ROOT, 'node_modules/.bin/tsc'), [...options, ...types, 'use.ts'], { cwd: folder, env })
    const { stdout } = await run(process.execPath, ['use.ts'], { cwd: folder })
    expect(stdout).toBe('true')
    writeFileSync(join(folder, 'wrong.ts'), program.replace('objects: []', 'objects: 5'))
    const wrong = run(join(ROOT, 'node_modules/.bin/tsc'), [...options, ...types, 'wrong.ts'], {
      cwd: folder,
      env,
    })
    await expect(wrong).rejects.toMatchObject({ stdout: expect.stringContaining('wrong.ts(2,') })
  })

  test('holds what people need, and no tests', () => {
    const files = readdirSync(join(folder, 'node_modules/slicedns')).toSorted()
    expect(files).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'dist',
      'examples',
      'package.json',
      'zones',
    ])
  })
})

/** A Node of the system that is too old for us, with its version. */
const old = await findOldNode()

async function findOldNode(): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((path) => !path.includes('node_modules'))
  for (const path of folders) {
    const node = join(path, 'node')
    const version = await run(node, ['-p', 'process.versions.node']).catch(() => undefined)
    const [major = 99, minor = 0] = version?.stdout.split('.').map(Number) ?? []
    if (major < 22 || (major === 22 && minor < 19)) return node
  }
  return undefined
}

test(`an older Node is told so in one line, exit 1${old === undefined ? ' (simulated: no old Node is installed)' : ''}`, async () => {
  const bin = join(folder, 'node_modules/slicedns/dist/bin.js')
  const lie = join(folder, 'lie.mjs')
  writeFileSync(
    lie,
    "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.0.0' } })\n",
  )
  const command = old === undefined ? [process.execPath, '--import', lie, bin] : [old, bin]
  const child = startProcess([...command, '-version'], { cwd: folder })
  expect((await child.ended).exitCode).toBe(1)
  expect(child.stdout()).toBe('')
  expect(child.stderr()).toMatch(
    /^slicedns needs Node\.js 22\.19 or newer and this is \d+\.\d+\.\d+: install [^\n]*\n$/,
  )
})

test('every package that the sources import at run time is a dependency', () => {
  const imported = readTree('src', ['.ts']).flatMap(({ text }) =>
    [...text.matchAll(/^(?:import (?!type )[^']*|\s*.*\bimport\()'([^.'][^']*)'/gm)].map(
      (match) => match[1] ?? '',
    ),
  )
  const packages = new Set(
    imported
      .filter((name) => !name.startsWith('node:'))
      .map((name) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name),
  )
  expect(packages.size).toBeGreaterThan(2)
  const manifest: unknown = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  for (const name of packages) expect(manifest).toHaveProperty(['dependencies', name])
})
