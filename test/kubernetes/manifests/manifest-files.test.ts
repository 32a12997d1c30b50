import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ManifestFiles } from '../../../src/kubernetes/manifests/manifest-files.ts'
import { tempFolder } from '../../helpers/temp-folder.ts'

const service = (name: string) => `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n`
const broken = 'a: [1\n'
const namesIn = (files: ManifestFiles) => files.manifests.map(({ name }) => name).join()
const look = (files: ManifestFiles) => files.refresh({ everyFile: false })

/** As if the file had been written long ago. */
function age(path: string): void {
  utimesSync(path, 1_700_000_000, 1_700_000_000)
}

test('ManifestFiles reads folders, and sees edits, additions and removals', async () => {
  const folder = tempFolder({ 'a.yaml': service('a'), 'b.yaml': service('b') })
  const files = new ManifestFiles([`${folder}/`])
  expect(await look(files)).toBe(true)
  expect(namesIn(files)).toBe('a,b')
  expect(await look(files)).toBe(false)
  writeFileSync(join(folder, 'a.yaml'), service('x'))
  writeFileSync(join(folder, 'aa.yaml'), service('new'))
  rmSync(join(folder, 'b.yaml'))
  expect(await look(files)).toBe(true)
  expect(namesIn(files)).toBe('x,new')
})

test('ManifestFiles keeps the manifests of files that did not change, the same objects', async () => {
  const folder = tempFolder({ 'a.yaml': service('a'), 'b.yaml': service('b') })
  const files = new ManifestFiles([folder])
  await look(files)
  const [a] = files.manifests
  writeFileSync(join(folder, 'b.yaml'), service('b2'))
  await look(files)
  expect(files.manifests[0]).toBe(a)
})

test('ManifestFiles keeps the last good objects of a file while anything in it is wrong', async () => {
  const folder = tempFolder({ 'a.yaml': `${service('a')}---\n${service('b')}` })
  const files = new ManifestFiles([folder])
  await look(files)
  writeFileSync(join(folder, 'a.yaml'), `${service('c')}---\n${broken}`)
  expect(await look(files)).toBe(true)
  expect(namesIn(files)).toBe('a,b')
  expect(files.problems).toMatchObject([
    { code: 'SLICEDNS_MANIFEST_SYNTAX', position: { file: join(folder, 'a.yaml'), line: 7 } },
  ])
  expect(files.problems[0]?.message).toContain('before stay in use')
  writeFileSync(join(folder, 'a.yaml'), 'kind: Service\n')
  await look(files)
  expect(namesIn(files)).toBe('a,b')
  writeFileSync(join(folder, 'a.yaml'), service('mended'))
  expect(await look(files)).toBe(true)
  expect(namesIn(files)).toBe('mended')
  expect(files.problems).toEqual([])
})

test('ManifestFiles takes what is good in a file that was never right', async () => {
  const folder = tempFolder({ 'a.yaml': `${service('a')}---\n${broken}---\n${service('b')}` })
  const files = new ManifestFiles([folder])
  await look(files)
  expect(namesIn(files)).toBe('a,b')
  expect(files.problems).toHaveLength(1)
  writeFileSync(join(folder, 'a.yaml'), `${service('c')}---\n${broken}`)
  await look(files)
  expect(namesIn(files)).toBe('c')
})

test('ManifestFiles keeps the objects of a folder that is gone until it is back', async () => {
  const parent = tempFolder({ 'm/a.yaml': service('a') })
  const folder = join(parent, 'm')
  const files = new ManifestFiles([folder])
  await look(files)
  renameSync(folder, join(parent, 'away'))
  expect(await look(files)).toBe(true)
  expect(files.missingRoots).toEqual([folder])
  expect(files.problems).toMatchObject([{ code: 'SLICEDNS_MANIFEST_UNREADABLE', position: { file: folder } }])
  expect(namesIn(files)).toBe('a')
  mkdirSync(folder)
  writeFileSync(join(folder, 'b.yaml'), service('b'))
  await look(files)
  expect(namesIn(files)).toBe('b')
  expect(files.problems).toEqual([])
})

test('ManifestFiles sees a second edit of the same size within one tick of the clock', async () => {
  const folder = tempFolder({ 'a.yaml': service('a') })
  const files = new ManifestFiles([folder])
  for (const name of 'bcdefghijk') {
    writeFileSync(join(folder, 'a.yaml'), service(name))
    await look(files)
    expect(namesIn(files)).toBe(name)
  }
})

test('ManifestFiles keeps the manifests of a file that was read again and holds the same', async () => {
  const folder = tempFolder({ 'a.yaml': service('a') })
  age(join(folder, 'a.yaml'))
  const files = new ManifestFiles([folder])
  await look(files)
  const [before] = files.manifests
  expect(await files.refresh({ everyFile: true })).toBe(false)
  expect(files.manifests[0]).toBe(before)
})

test('ManifestFiles gives a file that was just emptied time to be written', async () => {
  const folder = tempFolder({ 'a.yaml': service('a') })
  const path = join(folder, 'a.yaml')
  const files = new ManifestFiles([folder])
  await look(files)
  writeFileSync(path, '')
  expect(await look(files)).toBe(false)
  expect(files.isUnsettled).toBe(true)
  expect(namesIn(files)).toBe('a')
  age(path)
  expect(await look(files)).toBe(true)
  expect(files.isUnsettled).toBe(false)
  expect(namesIn(files)).toBe('')
})

test('ManifestFiles refuses a file of more than 64 MiB', async () => {
  const folder = tempFolder({ 'big.yaml': new Uint8Array(64 * 1024 * 1024 + 1), 'a.yaml': service('a') })
  const files = new ManifestFiles([folder])
  await look(files)
  expect(files.problems).toMatchObject([{ code: 'SLICEDNS_MANIFEST_TOO_LARGE' }])
  expect(namesIn(files)).toBe('a')
})

test('ManifestFiles tells how far it came, and lets other work pass', async () => {
  const many = Array.from({ length: 3000 }, (_, index) => service(`s${index}`)).join('---\n')
  const folder = tempFolder({ 'a.yaml': many, 'b.yaml': service('b') })
  const told: { filesRead: number; filesTotal: number; objectsRead: number }[] = []
  const files = new ManifestFiles([folder], (progress) => told.push(progress))
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  await look(files)
  clearInterval(timer)
  expect(turns).toBeGreaterThan(1)
  expect(told.length).toBeGreaterThan(1)
  expect(told.at(-1)).toEqual({ filesRead: 2, filesTotal: 2, objectsRead: 3001 })
  expect(told.map(({ objectsRead }) => objectsRead)).toEqual(
    told.map(({ objectsRead }) => objectsRead).toSorted((a, b) => a - b),
  )
})

test('ManifestFiles keeps the objects of documents that did not change, and knows where they stand now', async () => {
  const folder = tempFolder({ 'a.yaml': ['a', 'b', 'c'].map((name) => `---\n${service(name)}`).join('') })
  const files = new ManifestFiles([folder])
  await look(files)
  const [a, b, c] = files.manifests
  const changed = `---\n${service('b')}  annotations:\n    x: y\n`
  writeFileSync(join(folder, 'a.yaml'), `---\n${service('a')}${changed}---\n${service('c')}`)
  expect(await look(files)).toBe(true)
  expect(files.manifests[0]).toBe(a)
  expect(files.manifests[1]).not.toBe(b)
  expect(files.manifests[2]).toBe(c)
  expect(c?.locate('kind').line).toBe(15)
})

test('ManifestFiles takes the same objects again when a broken file is mended', async () => {
  const good = `---\n${service('a')}---\n${service('b')}`
  const folder = tempFolder({ 'a.yaml': good })
  const files = new ManifestFiles([folder])
  await look(files)
  const before = files.manifests
  writeFileSync(join(folder, 'a.yaml'), `${good}---\n${broken}`)
  await look(files)
  writeFileSync(join(folder, 'a.yaml'), `# mended\n${good}`)
  await look(files)
  expect(files.problems).toEqual([])
  expect(files.manifests[1]).toBe(before[1])
  expect(before[1]?.locate().line).toBe(8)
})
