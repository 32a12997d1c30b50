import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scanManifestFolders } from '../../../src/kubernetes/manifests/manifest-folder.ts'
import { tempFolder } from '../../helpers/temp-folder.ts'

async function found(folder: string, ...roots: readonly string[]): Promise<string[]> {
  const { files } = await scanManifestFolders(roots.length === 0 ? [folder] : roots)
  return files.map(({ path }) => path.slice(folder.length + 1))
}

test('scanManifestFolders finds YAML and JSON files at every depth, by name', async () => {
  const folder = tempFolder({
    'b.yml': '',
    'a.yaml': '',
    'C.YAML': '',
    'sub/deep/x.json': '',
    'aa/y.yaml': '',
    'README.md': '',
    yaml: '',
    'old.yaml~': '',
    '.hidden.yaml': '',
    '.git/z.yaml': '',
  })
  expect(await found(folder)).toEqual(['C.YAML', 'a.yaml', 'aa/y.yaml', 'b.yml', 'sub/deep/x.json'])
})

test('scanManifestFolders takes a file as it is, and several folders in their order', async () => {
  const folder = tempFolder({ 'z/1.yaml': '', 'a/2.yaml': '', 'manifests.txt': '' })
  const roots = ['manifests.txt', 'z', 'a', 'z'].map((name) => join(folder, name))
  expect(await found(folder, ...roots)).toEqual(['manifests.txt', 'z/1.yaml', 'a/2.yaml'])
})

test('scanManifestFolders reads a ConfigMap volume through its links, once', async () => {
  const folder = tempFolder({ '..2026_01/a.yaml': '', '..2026_01/b.yaml': '' })
  symlinkSync('..2026_01', join(folder, '..data'))
  symlinkSync('..data/a.yaml', join(folder, 'a.yaml'))
  symlinkSync('..data/b.yaml', join(folder, 'b.yaml'))
  const scan = await scanManifestFolders([folder])
  expect(scan.files.map(({ path }) => path)).toEqual([join(folder, 'a.yaml'), join(folder, 'b.yaml')])
  expect([...scan.directories.keys()]).toContain(join(folder, '..2026_01'))
})

test('scanManifestFolders ends in a circle of links, and counts a file once', async () => {
  const folder = tempFolder({ 'a/x.yaml': '' })
  symlinkSync('..', join(folder, 'a', 'up'))
  symlinkSync('loop', join(folder, 'loop'))
  linkSync(join(folder, 'a', 'x.yaml'), join(folder, 'a', 'y.yaml'))
  expect(await found(folder)).toEqual(['a/x.yaml'])
})

test('scanManifestFolders reports what is missing, dangling, looping or no regular file', async () => {
  const folder = tempFolder({ 'a.yaml': '' })
  symlinkSync('nowhere', join(folder, 'dangling.yaml'))
  symlinkSync('loop.yaml', join(folder, 'loop.yaml'))
  symlinkSync('nowhere', join(folder, 'dangling'))
  execFileSync('mkfifo', [join(folder, 'pipe.yaml')])
  mkdirSync(join(folder, 'folder.yaml'))
  const { unreadable } = await scanManifestFolders([folder, join(folder, 'gone')])
  expect([...unreadable].map(([path, reason]) => `${path.slice(folder.length + 1)} ${reason}`)).toEqual([
    'dangling.yaml ENOENT',
    'loop.yaml ELOOP',
    'pipe.yaml not a regular file',
    'gone ENOENT',
  ])
})

test('scanManifestFolders watches the parent of a folder for its name alone, and what is left of a missing way', async () => {
  const folder = tempFolder({ 'm/a.yaml': '', 'm/sub/b.yaml': '' })
  const { directories } = await scanManifestFolders([join(folder, 'm'), join(folder, 'x', 'y')])
  expect(directories.get(folder)?.names).toEqual(new Set(['m', 'x']))
  expect(directories.get(join(folder, 'm'))?.names).toBeUndefined()
  expect(directories.has(join(folder, 'm', 'sub'))).toBe(true)
})

test('scanManifestFolders gives a changed file another signature', async () => {
  const folder = tempFolder({ 'a.yaml': 'a' })
  const [before] = (await scanManifestFolders([folder])).files
  const [same] = (await scanManifestFolders([folder])).files
  writeFileSync(join(folder, 'a.yaml'), 'ab')
  const [after] = (await scanManifestFolders([folder])).files
  expect(same?.signature).toBe(before?.signature)
  expect(after?.signature).not.toBe(before?.signature)
})
