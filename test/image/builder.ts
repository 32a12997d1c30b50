import { existsSync } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { at } from '../helpers/deploy-files.ts'
import { ROOT } from '../helpers/source-tree.ts'
import { run } from './command.ts'

/** An image that was built: its files unpacked, and its configuration as the OCI image specification has it. */
export interface BuiltImage {
  readonly rootfs: string
  readonly config: unknown
}

/** In place of the public image of that kind: no registry is asked. */
const BASE = 'localhost/slicedns-base'

/** What the Dockerfile calls; ldd is a program of bash. */
const PROGRAMS = [
  'sh',
  'bash',
  'cp',
  'mkdir',
  'chmod',
  'chown',
  'ln',
  'sed',
  'grep',
  'xargs',
  'id',
  'setcap',
  'strip',
]

/** Licenses of the libraries that go into the image, where Debian has them. */
const NOTICES = ['libc6', 'libgcc-s1', 'libstdc++6'].map((name) => `/usr/share/doc/${name}/copyright`)

/** Builds images with buildah into a folder of its own: no daemon, nothing that stays behind. */
export class ImageBuilder {
  readonly #folder: string
  readonly #storage: readonly string[]

  constructor(folder: string) {
    this.#folder = folder
    const [root, runroot] = [join(folder, 'storage'), join(folder, 'storage-run')]
    this.#storage = ['--root', root, '--runroot', runroot, '--storage-driver', 'vfs']
  }

  /**
   * Makes an image of this machine's own programs, as far as the Dockerfile calls them, with the libraries they are linked with
   * and the Node.js that runs this one.
   */
  async makeBase(): Promise<void> {
    const base = join(this.#folder, 'base')
    await mkdir(join(base, 'usr/local/bin'), { recursive: true })
    await copyFile(process.execPath, join(base, 'usr/local/bin/node'))
    const programs = await Promise.all(PROGRAMS.map((name) => findProgram(name)))
    const linked = await run('ldd', [...programs, process.execPath])
    const libraries = [...linked.matchAll(/(?:=> |^\s+)(\/\S+) \(/gm)].map(([, path = '']) => path)
    const notices = NOTICES.filter((path) => existsSync(path))
    const files = new Set([...programs, await findProgram('ldd'), ...libraries, ...notices])
    await run('cp', ['--parents', '--dereference', '--target-directory', base, ...files])
    const container = await this.#buildah('from', 'scratch')
    await this.#buildah('add', '--quiet', container, base, '/')
    await this.#buildah('commit', '--quiet', container, BASE)
    await this.#buildah('rm', container)
  }

  /** Builds the Dockerfile on that base. `runBase` is what the image stands on, the base itself or `scratch`. */
  async build(tag: string, runBase: 'base' | 'scratch'): Promise<BuiltImage> {
    const image = `localhost/${tag}`
    const bases = [`BUILD_BASE=${BASE}`, ...(runBase === 'base' ? [`RUN_BASE=${BASE}`] : [])]
    const args = ['--isolation', 'chroot', '--tag', image, ...bases.flatMap((arg) => ['--build-arg', arg])]
    await this.#buildah('build', ...args, ROOT)
    const container = await this.#buildah('from', '--pull-never', image)
    const rootfs = await this.#buildah('mount', container)
    const inspected: unknown = JSON.parse(await this.#buildah('inspect', '--type', 'image', image))
    return { rootfs, config: at(inspected, 'OCIv1.config') }
  }

  async #buildah(...args: readonly string[]): Promise<string> {
    return (await run('buildah', [...this.#storage, ...args])).trim()
  }
}

/** Where the shell of the build finds it. */
async function findProgram(name: string): Promise<string> {
  return (await run('sh', ['-c', `PATH=/sbin:/bin:/usr/sbin:/usr/bin command -v ${name}`])).trim()
}
