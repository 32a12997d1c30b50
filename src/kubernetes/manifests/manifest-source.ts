import type { ClusterSink, Source } from '../source.ts'
import { ClusterTeller } from './cluster-teller.ts'
import type { ReadManifests, TellerOptions } from './cluster-teller.ts'
import { FolderWatch } from './folder-watch.ts'
import type { FolderWatchTiming } from './folder-watch.ts'
import { ManifestFiles } from './manifest-files.ts'
import type { LoadProgress } from './manifest-files.ts'
import type { ManifestFile } from './manifest-file.ts'
import type { ManifestProblem } from './manifest.ts'
import { MissingFolderError } from './missing-folder-error.ts'
import { fileProblem } from './manifest-problem.ts'
import { readStandardInput } from './standard-input.ts'

export interface ManifestSourceOptions extends TellerOptions {
  /** Folders or files; `-` is standard input. */
  readonly folders: readonly string[]
  /** What `-` stands for, such as process.stdin. It is read once. */
  readonly stdin?: AsyncIterable<Uint8Array> | undefined
  /** Whether changes of the files are followed after the first load. */
  readonly watch: boolean
  /** Called now and then while a long load goes on, and at its end. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined
  /** For tests. */
  readonly timing?: FolderWatchTiming | undefined
}

/**
 * A source that knows the cluster described by manifest files. `start` rejects with MissingFolderError where a folder is missing;
 * everything else that is wrong is a problem, and what is right is served. Does not keep the process alive.
 */
export function createManifestSource(options: ManifestSourceOptions): Source {
  return new ManifestSource(options)
}

class ManifestSource implements Source {
  readonly #options: ManifestSourceOptions
  readonly #files: ManifestFiles
  readonly #teller: ClusterTeller
  #stdin: Omit<ManifestFile, 'documents'> = { manifests: [], problems: [] }
  #watch: FolderWatch | undefined
  #isStopped = false
  #looking: Promise<void> | undefined
  /** What is asked of the look after the one that goes on. */
  #nextLook: Look | undefined
  #settling: NodeJS.Timeout | undefined

  constructor(options: ManifestSourceOptions) {
    this.#options = options
    this.#files = new ManifestFiles(
      options.folders.filter((folder) => folder !== '-'),
      options.onProgress,
    )
    this.#teller = new ClusterTeller(options)
  }

  async start(sink: ClusterSink): Promise<void> {
    const { folders, stdin, watch, timing } = this.#options
    await this.#files.refresh({ everyFile: true })
    const missing = this.#files.missingRoots
    if (missing.length > 0) throw new MissingFolderError(missing)
    if (folders.includes('-') && stdin !== undefined) this.#stdin = await readStandardInput(stdin)
    this.#teller.tell(this.#read(), sink)
    sink.markSynced()
    if (!watch || this.#isStopped) return
    const onChange = (look: Look) => this.#request(look, sink)
    this.#watch = new FolderWatch({ onChange, timing })
    this.#follow(sink)
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#watch?.stop()
    clearTimeout(this.#settling)
    await this.#looking
  }

  #read(): ReadManifests {
    const { manifests, problems, fileCount } = this.#files
    return {
      // Of two objects of one name the later counts: standard input is what was asked for last.
      manifests: [...manifests, ...this.#stdin.manifests],
      problems: [...problems, ...this.#stdin.problems],
      filesRead: fileCount,
    }
  }

  /** Looks now, or again once the look that goes on has ended. */
  #request(look: Look, sink: ClusterSink): void {
    this.#nextLook = { everyFile: look.everyFile || this.#nextLook?.everyFile === true }
    this.#looking ??= this.#lookWhileAsked(sink).finally(() => {
      this.#looking = undefined
    })
  }

  async #lookWhileAsked(sink: ClusterSink): Promise<void> {
    while (this.#nextLook !== undefined && !this.#isStopped) {
      const look = this.#nextLook
      this.#nextLook = undefined
      try {
        await this.#look(look, sink)
      } catch (error) {
        this.#options.onProblems?.([reloadFailed(this.#options.folders, error)])
      }
    }
  }

  async #look(look: Look, sink: ClusterSink): Promise<void> {
    const isChanged = await this.#files.refresh(look)
    if (this.#isStopped) return
    if (isChanged) this.#teller.tell(this.#read(), sink)
    this.#follow(sink)
  }

  /** Watches where changes show now, and looks again where something may have been missed. */
  #follow(sink: ClusterSink): void {
    if (this.#watch?.update(this.#files.directories) === true) this.#request({ everyFile: false }, sink)
    if (!this.#files.isUnsettled) return
    clearTimeout(this.#settling)
    this.#settling = setTimeout(() => this.#request({ everyFile: false }, sink), settlingMs).unref()
  }
}

interface Look {
  readonly everyFile: boolean
}

/** Between looks at a file that is perhaps just being written. */
const settlingMs = 150

/** What was served goes on. */
function reloadFailed(folders: readonly string[], error: unknown): ManifestProblem {
  const reason = error instanceof Error ? error.message : String(error)
  const message = `the manifests changed, and taking that over failed: ${reason}. What was served before goes on; please report this`
  return fileProblem(folders.join(' '), 'SLICEDNS_MANIFEST_RELOAD_FAILED', message)
}
