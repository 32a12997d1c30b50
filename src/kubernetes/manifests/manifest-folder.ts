import type { BigIntStats } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { errorCode } from './manifest-problem.ts'

/** A file to read, as it stood when the folders were looked through. */
export interface FoundFile {
  /** As shown to the user: the folder as it was given, and the way from there. */
  readonly path: string
  /** Changes with the file's contents: inode, size and times. */
  readonly signature: string
  readonly sizeOctets: number
  readonly modifiedMs: number
}

/** A directory to watch. */
export interface WatchedDirectory {
  /** Tells it from its successor of the same name. */
  readonly identity: string
  /** The names in it that matter; undefined where all do. */
  readonly names: ReadonlySet<string> | undefined
}

/** What a look through the folders gave. */
export interface FolderScan {
  /** In the order of the folders given, and by name within each. */
  readonly files: readonly FoundFile[]
  /** Where changes show, by path. */
  readonly directories: ReadonlyMap<string, WatchedDirectory>
  /** What was given, or lies below it, and could not be looked at; the operating system's error code says why. */
  readonly unreadable: ReadonlyMap<string, string>
}

/**
 * Looks for `.yaml`, `.yml` and `.json` files in folders, at every depth; a path that is a file itself is taken whatever its name.
 * Hidden names are passed over, which leaves out the `..data` of a ConfigMap volume while its files are found through their
 * symbolic links. Links are followed; a folder or file that is reached twice counts once, so loops end. Never throws.
 */
export async function scanManifestFolders(roots: readonly string[]): Promise<FolderScan> {
  const scan = new Scan()
  for (const root of roots) await scan.visitRoot(root)
  return scan
}

/** The names of files that are read. */
export const manifestName = /\.(?:ya?ml|json)$/i

/** All 10,000 files of a folder at once took longer (190 ms to 55 ms) and held up everything else for 100 ms. */
const statBatch = 64

class Scan implements FolderScan {
  readonly files: FoundFile[] = []
  readonly directories = new Map<string, WatchedDirectory & { readonly names: Set<string> | undefined }>()
  readonly unreadable = new Map<string, string>()
  readonly #visited = new Set<string>()

  async visitRoot(root: string): Promise<void> {
    // Its parent tells when it is removed, created, or replaced by a rename.
    await this.#watchName(root)
    const found = await tryStat(root)
    if (typeof found === 'string') this.unreadable.set(root, found)
    else if (found.isDirectory()) await this.#visitFolder(root, found)
    else this.#visitFile(root, found)
  }

  async #visitFolder(path: string, stats: BigIntStats): Promise<void> {
    this.directories.set(path, { identity: identityOf(stats), names: undefined })
    if (!this.#isFirstVisit(stats)) return
    const entries = await readdir(path, { withFileTypes: true }).catch(errorCode)
    if (typeof entries === 'string') {
      this.unreadable.set(path, entries)
      return
    }
    const wanted = entries
      // What is neither a folder nor named like a manifest is not worth a look, nor a complaint.
      .filter((entry) => !entry.name.startsWith('.') && (!entry.isFile() || manifestName.test(entry.name)))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    for (let start = 0; start < wanted.length; start += statBatch) {
      const batch = wanted.slice(start, start + statBatch)
      const stated = await Promise.all(batch.map((entry) => tryStat(join(path, entry.name))))
      for (const [index, entry] of batch.entries()) {
        await this.#visitEntry(join(path, entry.name), entry.isSymbolicLink(), stated[index] ?? 'ENOENT')
      }
    }
  }

  async #visitEntry(path: string, isLink: boolean, found: BigIntStats | string): Promise<void> {
    const isManifest = manifestName.test(path)
    if (typeof found === 'string') {
      // A file that went away since the folder was read is no fault, a link that leads nowhere is.
      if (isManifest && (isLink || found !== 'ENOENT')) this.unreadable.set(path, found)
    } else if (found.isDirectory()) {
      await this.#visitFolder(path, found)
    } else if (isManifest) {
      if (isLink) await this.#watchName(await realpath(path).catch(() => path))
      this.#visitFile(path, found)
    }
  }

  #visitFile(path: string, stats: BigIntStats): void {
    if (!stats.isFile()) {
      this.unreadable.set(path, 'not a regular file')
      return
    }
    if (!this.#isFirstVisit(stats)) return
    this.files.push({
      path,
      signature: `${identityOf(stats)} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}`,
      sizeOctets: Number(stats.size),
      modifiedMs: Number(stats.mtimeMs),
    })
  }

  /** Watches for that name in its directory, or for the first name of the way there that is missing. */
  async #watchName(path: string): Promise<void> {
    const parent = dirname(path)
    if (parent === path) return
    const known = this.directories.get(parent)
    if (known !== undefined) {
      known.names?.add(basename(path))
      return
    }
    const found = await tryStat(parent)
    if (typeof found === 'string' || !found.isDirectory()) await this.#watchName(parent)
    else this.directories.set(parent, { identity: identityOf(found), names: new Set([basename(path)]) })
  }

  #isFirstVisit(stats: BigIntStats): boolean {
    const identity = `${stats.dev} ${stats.ino}`
    if (this.#visited.has(identity)) return false
    this.#visited.add(identity)
    return true
  }
}

/** An inode number is used again after a removal, so the time of birth is part of it. */
function identityOf(stats: BigIntStats): string {
  return `${stats.dev} ${stats.ino} ${stats.birthtimeNs}`
}

/** The error's code where it fails. */
async function tryStat(path: string): Promise<BigIntStats | string> {
  return await stat(path, { bigint: true }).catch(errorCode)
}
