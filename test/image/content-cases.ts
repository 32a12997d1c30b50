import assert from 'node:assert/strict'
import { lstat, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { at, listAt, textAt } from '../helpers/deploy-files.ts'
import { run } from './command.ts'
import { runContainer } from './container.ts'
import type { ImageCase } from './image-case.ts'

/** Each file of the image is one of these. */
const EXPECTED = [
  /^(?:coredns|slicedns|etc\/(?:group|passwd))$/,
  /^lib(?:64)?\/.*\.so[.\d]*$/,
  /^opt\/slicedns\//,
  /^usr\/local\/bin\/node$/,
  /^usr\/share\/doc\//,
]

export const CONTENT_CASES: readonly ImageCase[] = [
  {
    name: 'the image says its user by number, starts the server and exposes port 53',
    run: async ({ image: { config } }) => {
      assert.equal(textAt(config, 'User'), '65532:65532')
      assert.deepEqual(listAt(config, 'Entrypoint'), ['/slicedns'])
      assert.equal(at(config, 'Cmd'), undefined)
      assert.equal(textAt(config, 'WorkingDir'), '/')
      assert.deepEqual(Object.keys(Object(at(config, 'ExposedPorts'))).toSorted(), ['53/tcp', '53/udp'])
    },
  },
  {
    name: 'the image holds Node.js, its libraries and the program: no shell, no package manager, no package',
    run: async ({ image: { rootfs } }) => {
      const files = await filesOf(rootfs)
      assert.deepEqual(
        files.filter((path) => !EXPECTED.some((pattern) => pattern.test(path))),
        [],
      )
      assert.deepEqual(
        files.filter((path) => path.includes('node_modules')),
        [],
      )
      assert.ok(files.length < 60, `${files.length} files`)
    },
  },
  {
    name: 'the one capability in the image is that of the program, and nothing is set-user-ID or writable by others',
    run: async ({ image: { rootfs } }) => {
      assert.equal(
        (await run('getcap', ['-r', '.'], rootfs)).trim(),
        './usr/local/bin/node cap_net_bind_service=ep',
      )
      for (const path of await filesOf(rootfs)) {
        const status = await lstat(join(rootfs, path))
        assert.equal([status.uid, status.gid].join(':'), '0:0', path)
        if (!status.isSymbolicLink()) assert.equal(status.mode & 0o6022, 0, path)
      }
    },
  },
  {
    name: 'the licenses of everything that the program was bundled from are in the image',
    run: async ({ image: { rootfs } }) => {
      const notices = await readFile(join(rootfs, 'opt/slicedns/dist/bundle/LICENSES.txt'), 'utf8')
      for (const name of ['dns2', 'js-yaml', 'lru-cache', 'pino', 'yaml'])
        assert.match(notices, new RegExp(`^${name}\\n=+\\n\\n[^]{100}`, 'm'), name)
      assert.match(await readFile(join(rootfs, 'opt/slicedns/LICENSE'), 'utf8'), /Apache License/)
    },
  },
  {
    name: 'the program is there as V8 reads it, for the user it runs as',
    run: async ({ image, folder }) => {
      const environment = ['NODE_DEBUG_NATIVE=COMPILE_CACHE']
      const { stderr } = await runContainer(folder, { image, args: ['-version'], environment })
      assert.match(stderr, /code cache for ESM \S+\/bundle\/main\.js was accepted/)
      assert.doesNotMatch(stderr, /rejected/)
    },
  },
  {
    name: 'the image can stand on another base, which brings its own libraries and a shell',
    run: async ({ onBase, folder }) => {
      const shell = { image: onBase, command: ['/bin/sh', '-c', '/slicedns -version; id -u'], args: [] }
      const { stdout, code } = await runContainer(folder, shell)
      assert.match(stdout, /^SliceDNS-[\d.]+\nlinux\/\w+, node 2[4-9]\.[\d.]+\n65532\n$/)
      assert.equal(code, 0)
    },
  },
]

/** The files and links below a folder, sorted. */
async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted()
}
