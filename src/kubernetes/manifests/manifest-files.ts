import { isAbsolute, join, sep } from 'node:path'
import { makeEntry, readContents } from './file-entry.ts'
import type { FileContents, FileEntry } from './file-entry.ts'
import type { ParseStep } from './manifest-file.ts'
import { scanManifestFolders } from './manifest-folder.ts'
import type { FolderScan, FoundFile, WatchedDirectory } from './manifest-folder.ts'
import { unreadable } from './manifest-problem.ts'
import type { Manifest, ManifestProblem } from './manifest.ts'
import { createPause } from '../pause.ts'

/** How far a long load has come. */
export interface LoadProgress {
  readonly filesRead: number
  readonly filesTotal: number
  readonly objectsRead: number
}

/** Whoever writes a file in place empties it first: such a file is given this time before it counts as empty. */
const settleMs = 700

/** So many files are read ahead, which hides the time each takes to open. */
const readAheadCount = 16

/**
 * The manifests in some folders and files, kept current by `refresh`. A file that was right once is all or nothing: while anything
 * in it does not parse, or is an object that Kubernetes would refuse, its last good objects stay. A file that was never right gives what is good in it. Whatever cannot be
 * read, a folder that is gone among it, keeps what it gave last.
 */
export class ManifestFiles {
  readonly #roots: readonly string[]
  readonly #onProgress: (progress: LoadProgress) => void
  #entries: ReadonlyMap<string, FileEntry> = new Map()
  #scan: FolderScan = { files: [], directories: new Map(), unreadable: new Map() }
  #isUnsettled = false

  constructor(roots: readonly string[], onProgress: (progress: LoadProgress) => void = () => {}) {
    this.#roots = roots.map(withoutLastSeparator)
    this.#onProgress = onProgress
  }

  get manifests(): readonly Manifest[] {
    return [...this.#entries.values()].flatMap((entry) => entry.manifests)
  }

  get problems(): readonly ManifestProblem[] {
    const found = [...this.#scan.unreadable].map(([path, reason]) => unreadable(path, reason))
    return [...found, ...[...this.#entries.values()].flatMap((entry) => entry.problems)]
  }

  get fileCount(): number {
    return this.#entries.size
  }

  /** What was given and is not there. */
  get missingRoots(): readonly string[] {
    return this.#roots.filter((root) => this.#scan.unreadable.get(root) === 'ENOENT')
  }

  /** Where changes show; see FolderScan. */
  get directories(): ReadonlyMap<string, WatchedDirectory> {
    return this.#scan.directories
  }

  /** Whether a file is perhaps just being written, so that it is worth looking again soon. */
  get isUnsettled(): boolean {
    return this.#isUnsettled
  }

  /**
   * Looks again; true where anything is different. Files are read where their inode, size or times changed, or all of them
   * with `everyFile`; they are parsed where their contents changed.
   */
  async refresh({ everyFile }: { readonly everyFile: boolean }): Promise<boolean> {
    const scan = await scanManifestFolders(this.#roots)
    const kept = [...this.#entries].filter(([path]) => isBelowAny(path, scan.unreadable))
    const read = await this.#readFiles(scan.files, everyFile)
    const entries = new Map([...kept, ...read])
    const isChanged =
      !hasSameContents(this.#entries, entries) ||
      [...this.#scan.unreadable].join() !== [...scan.unreadable].join()
    this.#entries = entries
    this.#scan = scan
    return isChanged
  }

  /** The entries of the files, in their order: of two objects of one name the later counts. */
  async #readFiles(files: readonly FoundFile[], everyFile: boolean): Promise<[string, FileEntry][]> {
    this.#isUnsettled = false
    const isUnread = (file: FoundFile) =>
      everyFile || this.#entries.get(file.path)?.signature !== file.signature
    const toRead = files.filter(isUnread)
    const fresh = new Map<string, FileEntry>()
    const pause = createPause()
    let objectsRead = 0
    const report = (objectsInFile = 0) => {
      this.#onProgress({
        filesRead: fresh.size,
        filesTotal: toRead.length,
        objectsRead: objectsRead + objectsInFile,
      })
    }
    const step = (objectsInFile: number) => {
      const waited = pause()
      if (waited !== undefined) report(objectsInFile)
      return waited
    }
    for (let index = 0; index < toRead.length; index += readAheadCount) {
      const batch = toRead.slice(index, index + readAheadCount)
      const contents = await Promise.all(batch.map(readContents))
      for (const [place, file] of batch.entries()) {
        const entry = await this.#makeEntry(file, contents[place] ?? new Uint8Array(), step)
        fresh.set(file.path, entry)
        objectsRead += entry.manifests.length
        await step(0)
      }
    }
    if (toRead.length > 0) report()
    return files.flatMap(({ path }) => {
      const entry = fresh.get(path) ?? this.#entries.get(path)
      return entry === undefined ? [] : [[path, entry]]
    })
  }

  async #makeEntry(file: FoundFile, contents: FileContents, step: ParseStep): Promise<FileEntry> {
    const previous = this.#entries.get(file.path)
    const isEmptied = contents instanceof Uint8Array && contents.length === 0 && previous !== undefined
    if (isEmptied && previous.manifests.length > 0 && Date.now() - file.modifiedMs < settleMs) {
      this.#isUnsettled = true
      return { ...previous, signature: '' }
    }
    return await makeEntry(file, contents, previous, step)
  }
}

function hasSameContents(a: ReadonlyMap<string, FileEntry>, b: ReadonlyMap<string, FileEntry>): boolean {
  if (a.size !== b.size) return false
  for (const [path, entry] of b) {
    const other = a.get(path)
    if (other?.manifests !== entry.manifests || other.problems !== entry.problems) return false
  }
  return true
}

function isBelowAny(path: string, parents: ReadonlyMap<string, string>): boolean {
  for (const parent of parents.keys()) {
    if (path === parent || path.startsWith(parent + sep)) return true
    if (parent === '.' && !isAbsolute(path)) return true
  }
  return false
}

/** `manifests/` and `manifests` are one. */
function withoutLastSeparator(root: string): string {
  const path = join(root)
  return path.length > 1 && path.endsWith(sep) ? path.slice(0, -1) : path
}
