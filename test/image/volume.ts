import { chmod, mkdir, mkdtemp, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/**
 * A folder as a kubelet mounts a ConfigMap: the files stand in a folder of which the link `..data` tells the name, and a change
 * exchanges that link.
 */
export class ConfigMapVolume {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  /** Makes one below `folder`. */
  static async create(folder: string, files: Readonly<Record<string, string>>): Promise<ConfigMapVolume> {
    const volume = new ConfigMapVolume(await openFolder(join(folder, 'volume-')))
    await volume.#write(files)
    const tops = new Set(Object.keys(files).map((name) => name.split('/')[0] ?? ''))
    for (const top of tops) await symlink(`..data/${top}`, join(volume.path, top))
    return volume
  }

  /** The same names with other contents. */
  async replace(files: Readonly<Record<string, string>>): Promise<void> {
    const before = await readlink(join(this.path, '..data'))
    await this.#write(files)
    await rm(join(this.path, before), { recursive: true })
  }

  async #write(files: Readonly<Record<string, string>>): Promise<void> {
    const folder = await openFolder(join(this.path, '..2026_'))
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await writeFile(join(folder, name), text)
    }
    const link = join(this.path, '..data')
    await symlink(folder.slice(this.path.length + 1), `${link}_tmp`)
    await rename(`${link}_tmp`, link)
  }
}

/** A new folder that every user may read. */
async function openFolder(prefix: string): Promise<string> {
  const folder = await mkdtemp(prefix)
  await chmod(folder, 0o755)
  return folder
}
