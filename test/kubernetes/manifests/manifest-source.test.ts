import { cpSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { BuildCluster, LoadSummary } from '../../../src/kubernetes/manifests/cluster-teller.ts'
import { createManifestSource } from '../../../src/kubernetes/manifests/manifest-source.ts'
import type { ManifestSourceOptions } from '../../../src/kubernetes/manifests/manifest-source.ts'
import type { ManifestProblem } from '../../../src/kubernetes/manifests/manifest.ts'
import type { ClusterSink } from '../../../src/kubernetes/source.ts'
import { eventually } from '../../helpers/eventually.ts'
import { tempFolder } from '../../helpers/temp-folder.ts'

const service = (name: string) => `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n`

/** A Service for each manifest; one named `bad` is a problem. */
const build: BuildCluster = (manifests) => ({
  objects: manifests.map(({ namespace, name }) => ({
    kind: 'Pod',
    namespace,
    name,
    labels: {},
    podIPs: [],
    alive: true,
  })),
  problems: manifests
    .filter(({ name }) => name === 'bad')
    .map((manifest) => ({ severity: 'warning', code: 'X', message: 'bad', position: manifest.locate() })),
  ignoredKinds: new Map(),
})

const failing: BuildCluster = (manifests) => {
  if (manifests.some(({ name }) => name === 'fail')) throw new Error('a fault of ours')
  return build(manifests)
}

/** Starts a source and keeps the names it told. */
async function follow(options: Partial<ManifestSourceOptions> & Pick<ManifestSourceOptions, 'folders'>) {
  const names = new Set<string>()
  const told: string[] = []
  const problems: ManifestProblem[] = []
  const summaries: LoadSummary[] = []
  const sink: ClusterSink = {
    apply: ({ name }) => {
      names.add(name)
      told.push(`+${name}`)
      return true
    },
    remove: ({ name }) => {
      names.delete(name)
      told.push(`-${name}`)
    },
    markSynced: () => told.push('synced'),
    markUnavailable: () => {},
    describe: () => {},
  }
  const source = createManifestSource({
    watch: true,
    build,
    onProblems: (fresh) => problems.push(...fresh),
    onLoaded: (summary) => summaries.push(summary),
    ...options,
  })
  onTestFinished(async () => source.stop())
  await source.start(sink)
  /** Waits until exactly these names are told, and expects that to be soon. */
  const shows = async (expected: string) => {
    const tookMs = await eventually(() => expect([...names].toSorted().join()).toBe(expected))
    expect(tookMs).toBeLessThan(1000)
  }
  return { source, told, problems, summaries, shows }
}

test('createManifestSource tells everything, then that it is synced, and what the load gave', async () => {
  const folder = tempFolder({ 'a.yaml': `${service('a')}---\n${service('b')}` })
  const { told, summaries } = await follow({ folders: [folder], watch: false })
  expect(told).toEqual(['+a', '+b', 'synced'])
  expect(summaries).toMatchObject([
    { filesRead: 1, manifestsRead: 2, objectsServed: 2, objectsApplied: 2, objectsRemoved: 0, problems: [] },
  ])
})

test('createManifestSource shows edits, adds and removes within a second, and nothing else', async () => {
  const folder = tempFolder({ 'a.yaml': service('a'), 'b.yaml': service('b') })
  const { told, shows } = await follow({ folders: [folder] })
  writeFileSync(join(folder, 'a.yaml'), service('a2'))
  await shows('a2,b')
  mkdirSync(join(folder, 'new', 'deep'), { recursive: true })
  writeFileSync(join(folder, 'new', 'deep', 'c.yaml'), service('c'))
  await shows('a2,b,c')
  writeFileSync(
    join(folder, 'new', 'deep', 'd.json'),
    '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"d"}}',
  )
  await shows('a2,b,c,d')
  rmSync(join(folder, 'new'), { recursive: true })
  rmSync(join(folder, 'b.yaml'))
  await shows('a2')
  expect(told.filter((event) => event === '+a2' || event === '+b')).toHaveLength(2)
})

test('createManifestSource follows a rename over the file, time after time', async () => {
  const folder = tempFolder({ 'a.yaml': service('a') })
  const { shows } = await follow({ folders: [folder] })
  for (const name of ['one', 'two', 'three']) {
    writeFileSync(join(folder, '.a.yaml.swp'), service(name))
    renameSync(join(folder, '.a.yaml.swp'), join(folder, 'a.yaml'))
    await shows(name)
  }
})

test('createManifestSource follows a file given by name, renamed over', async () => {
  const folder = tempFolder({ 'a.txt': service('a') })
  const { shows } = await follow({ folders: [join(folder, 'a.txt')] })
  writeFileSync(join(folder, 'next'), service('b'))
  renameSync(join(folder, 'next'), join(folder, 'a.txt'))
  await shows('b')
  writeFileSync(join(folder, 'a.txt'), service('c'))
  await shows('c')
})

test('createManifestSource follows the swaps of a ConfigMap volume', async () => {
  const volume = tempFolder({ '..1/a.yaml': service('v1') })
  symlinkSync('..1', join(volume, '..data'))
  symlinkSync('..data/a.yaml', join(volume, 'a.yaml'))
  const { shows, problems } = await follow({ folders: [volume] })
  for (const version of [2, 3, 4]) {
    mkdirSync(join(volume, `..${version}`))
    writeFileSync(join(volume, `..${version}`, 'a.yaml'), service(`v${version}`))
    symlinkSync(`..${version}`, join(volume, '..data_tmp'))
    renameSync(join(volume, '..data_tmp'), join(volume, '..data'))
    rmSync(join(volume, `..${version - 1}`), { recursive: true })
    await shows(`v${version}`)
  }
  expect(problems).toEqual([])
})

test('createManifestSource follows links that lead out of the folder', async () => {
  const outside = tempFolder({ 'a.yaml': service('a'), 'sub/b.yaml': service('b') })
  const folder = tempFolder()
  symlinkSync(join(outside, 'a.yaml'), join(folder, 'a.yaml'))
  symlinkSync(join(outside, 'sub'), join(folder, 'sub'))
  const { shows } = await follow({ folders: [folder] })
  writeFileSync(join(outside, 'a.yaml'), service('a2'))
  writeFileSync(join(outside, 'sub', 'b.yaml'), service('b2'))
  await shows('a2,b2')
  const other = tempFolder({ 'c.yaml': service('c') })
  rmSync(join(folder, 'sub'))
  symlinkSync(other, join(folder, 'sub'))
  await shows('a2,c')
  writeFileSync(join(other, 'c.yaml'), service('c2'))
  await shows('a2,c2')
})

test('createManifestSource keeps what a removed folder held, and follows it once it is back', async () => {
  const parent = tempFolder({ 'deep/m/a.yaml': service('a') })
  const folder = join(parent, 'deep', 'm')
  const { shows, problems, summaries } = await follow({ folders: [folder] })
  renameSync(join(parent, 'deep'), join(parent, 'away'))
  await eventually(() => expect(problems).toMatchObject([{ code: 'SLICEDNS_MANIFEST_UNREADABLE' }]))
  await shows('a')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'b.yaml'), service('b'))
  await shows('b')
  expect(summaries.at(-1)?.problems).toEqual([])
  rmSync(folder, { recursive: true })
  mkdirSync(folder)
  writeFileSync(join(folder, 'c.yaml'), service('c'))
  await shows('c')
  writeFileSync(join(folder, 'c.yaml'), service('d'))
  await shows('d')
})

test('createManifestSource notices that a folder above is moved away', async () => {
  const parent = tempFolder({ 'deep/m/a.yaml': service('a') })
  const { problems, shows } = await follow({ folders: [join(parent, 'deep', 'm')] })
  await setTimeout(200)
  renameSync(join(parent, 'deep'), join(parent, 'away'))
  await eventually(() => expect(problems).toMatchObject([{ code: 'SLICEDNS_MANIFEST_UNREADABLE' }]))
  renameSync(join(parent, 'away'), join(parent, 'deep'))
  writeFileSync(join(parent, 'deep', 'm', 'a.yaml'), service('b'))
  await shows('b')
})

test('createManifestSource follows a folder that is replaced by a copy', async () => {
  const parent = tempFolder({ 'm/a.yaml': service('a'), 'next/b.yaml': service('b') })
  const { shows } = await follow({ folders: [join(parent, 'm')] })
  rmSync(join(parent, 'm'), { recursive: true })
  cpSync(join(parent, 'next'), join(parent, 'm'), { recursive: true })
  await shows('b')
})

test('createManifestSource keeps the last good objects of a broken file and says so once', async () => {
  const folder = tempFolder({ 'a.yaml': service('a'), 'b.yaml': service('b') })
  const { shows, problems } = await follow({ folders: [folder] })
  writeFileSync(join(folder, 'a.yaml'), 'kind: Service\nmetadata: [\n')
  await eventually(() => expect(problems).toHaveLength(1))
  expect(problems[0]).toMatchObject({ position: { file: join(folder, 'a.yaml'), line: 3 } })
  writeFileSync(join(folder, 'b.yaml'), service('b2'))
  await shows('a,b2')
  expect(problems).toHaveLength(1)
  writeFileSync(join(folder, 'a.yaml'), service('mended'))
  await shows('b2,mended')
})

test('createManifestSource keeps the last good objects of a file that comes to hold what Kubernetes refuses', async () => {
  const folder = tempFolder({ 'a.yaml': `${service('a')}---\n${service('b')}` })
  const { shows, problems, told } = await follow({ folders: [folder] })
  const edit = (text: string) => writeFileSync(join(folder, 'a.yaml'), text)
  edit(`${service('A')}---\n${service('b')}---\n${service('c')}`)
  await eventually(() => expect(problems).toHaveLength(1))
  expect(problems[0]).toMatchObject({
    severity: 'error',
    code: 'SLICEDNS_MANIFEST_NAME',
    message: expect.stringContaining('(the objects it held before stay in use)'),
    position: { line: 4 },
  })
  expect(told).not.toContain('-a')
  edit(`${service('a2')}---\n${service('b')}---\n${service('c')}`)
  await shows('a2,b,c')
})

test('createManifestSource follows the good objects of a file in which one was refused from the start', async () => {
  const folder = tempFolder({ 'a.yaml': `${service('A')}---\n${service('b')}` })
  const { shows } = await follow({ folders: [folder] })
  writeFileSync(join(folder, 'a.yaml'), `${service('A')}---\n${service('b2')}`)
  await shows('A,b2')
})

test('createManifestSource reports what the controllers find, once', async () => {
  const folder = tempFolder({ 'a.yaml': service('bad') })
  const { shows, problems } = await follow({ folders: [folder] })
  writeFileSync(join(folder, 'b.yaml'), service('b'))
  await shows('b,bad')
  expect(problems).toMatchObject([{ code: 'X' }])
})

test('createManifestSource lets a file that is written in place be written to its end', async () => {
  const folder = tempFolder({ 'a.yaml': service('a') })
  const { shows, told } = await follow({ folders: [folder] })
  writeFileSync(join(folder, 'a.yaml'), '')
  await setTimeout(300)
  writeFileSync(join(folder, 'a.yaml'), `${service('a')}---\n${service('b')}`)
  await shows('a,b')
  expect(told).not.toContain('-a')
})

test('createManifestSource reads standard input, beside folders or alone', async () => {
  const folder = tempFolder({ 'a.yaml': service('a') })
  const stdin = async function* () {
    yield Buffer.from(service('b').slice(0, 20))
    yield Buffer.from(`${service('b').slice(20)}---\nbroken: [`)
  }
  const { told, problems, shows } = await follow({ folders: ['-', folder], stdin: stdin() })
  expect(told).toEqual(['+a', '+b', 'synced'])
  expect(problems).toMatchObject([{ code: 'SLICEDNS_MANIFEST_SYNTAX', position: { file: '-', line: 6 } }])
  writeFileSync(join(folder, 'a.yaml'), service('a2'))
  await shows('a2,b')
})

test('createManifestSource reports standard input that fails', async () => {
  const stdin = new Readable({ read: () => {} })
  stdin.destroy(Object.assign(new Error('gone'), { code: 'EIO' }))
  const { problems } = await follow({ folders: ['-'], stdin })
  expect(problems).toMatchObject([{ code: 'SLICEDNS_MANIFEST_UNREADABLE', position: { file: '-' } }])
})

test('createManifestSource rejects with a code and a way to mend where a folder is missing', async () => {
  const folder = tempFolder()
  const started = follow({ folders: [folder, join(folder, 'gone')] })
  await expect(started).rejects.toMatchObject({
    code: 'SLICEDNS_MANIFEST_FOLDER_MISSING',
    folders: [join(folder, 'gone')],
  })
  await expect(started).rejects.toThrow(/does not exist\. Create it/)
})

test('createManifestSource goes on when taking over a change fails', async () => {
  const folder = tempFolder({ 'a.yaml': service('a') })
  const { shows, problems } = await follow({ folders: [folder], build: failing })
  writeFileSync(join(folder, 'a.yaml'), service('fail'))
  await eventually(() => expect(problems).toMatchObject([{ code: 'SLICEDNS_MANIFEST_RELOAD_FAILED' }]))
  await shows('a')
  writeFileSync(join(folder, 'a.yaml'), service('b'))
  await shows('b')
})

test('createManifestSource loads 10,000 Services of one file in far less than 4 seconds, with progress', async () => {
  const text = Array.from({ length: 10_000 }, (_, index) => service(`s${index}`)).join('---\n')
  const progress: number[] = []
  const startedAt = performance.now()
  const { summaries } = await follow({
    folders: [tempFolder({ 'all.yaml': text })],
    onProgress: ({ objectsRead }) => progress.push(objectsRead),
  })
  expect(performance.now() - startedAt).toBeLessThan(3000)
  expect(summaries[0]?.objectsServed).toBe(10_000)
  expect(progress.length).toBeGreaterThan(3)
})

test('createManifestSource tells nothing after stop', async () => {
  const folder = tempFolder({ 'a.yaml': service('a') })
  const { source, told } = await follow({ folders: [folder] })
  writeFileSync(join(folder, 'a.yaml'), service('b'))
  await source.stop()
  await setTimeout(300)
  expect(told).toEqual(['+a', 'synced'])
})
