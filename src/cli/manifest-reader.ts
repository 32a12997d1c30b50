import { createControllers } from '../kubernetes/controllers/controllers.ts'
import type { LoadSummary, TellerOptions } from '../kubernetes/manifests/cluster-teller.ts'
import type { ManifestProblem } from '../kubernetes/manifests/manifest.ts'
import { createManifestSource } from '../kubernetes/manifests/manifest-source.ts'
import type { ObjectSource } from '../kubernetes/manifests/object-source.ts'
import { createObjectSource } from '../kubernetes/manifests/object-source.ts'
import { MissingFolderError } from '../kubernetes/manifests/missing-folder-error.ts'
import type { Source } from '../kubernetes/source.ts'
import type { ClusterIdentity, Log } from '../plugins/plugin.ts'
import { BUILT_IN_COREFILE } from './folder-corefile.ts'
import type { ShowProgress } from './progress.ts'

export interface ManifestReaderOptions {
  /** Objects given in code, for `kubernetes` without `manifests`. */
  readonly objects?: readonly unknown[] | undefined
  /** Whether edits of folders show while the server runs. */
  readonly watch: boolean
  /** Told now and then while a folder is read, and with undefined at its end. */
  readonly onProgress?: ShowProgress | undefined
}

/** Makes the sources of clusters that stand in files or in code, and keeps what is wrong with them. */
export class ManifestReader {
  readonly #options: ManifestReaderOptions
  readonly #log: Log
  readonly #summaries = new Map<ClusterIdentity, LoadSummary>()
  readonly #objectSources: ObjectSource[] = []

  constructor(options: ManifestReaderOptions, log: Log) {
    this.#options = options
    this.#log = log
  }

  /** What is wrong as things stand now. */
  get problems(): readonly ManifestProblem[] {
    return [...this.#summaries.values()].flatMap(({ problems }) => problems)
  }

  source(identity: ClusterIdentity): Source {
    const { objects, watch, onProgress } = this.#options
    const teller = this.#tellerOptions(identity)
    if (identity.folders.length > 0) {
      const { folders } = identity
      const source = createManifestSource({ ...teller, folders, stdin: process.stdin, watch, onProgress })
      return {
        start: (sink) =>
          source.start(sink).catch((error: unknown) => Promise.reject(placed(error, identity))),
        stop: async () => {
          await source.stop()
          this.#summaries.delete(identity)
        },
      }
    }
    const source = createObjectSource({ ...teller, objects: objects ?? [] })
    this.#objectSources.push(source)
    return source
  }

  replaceObjects(objects: readonly unknown[]): void {
    for (const source of this.#objectSources) source.replace(objects)
  }

  #tellerOptions(identity: ClusterIdentity): TellerOptions {
    return {
      build: createControllers(),
      onProblems: (problems) => {
        // What is logged must not stand behind a line of progress.
        this.#options.onProgress?.(undefined)
        for (const problem of problems) this.#report(problem)
        const notes = problems.filter(({ severity }) => severity === 'note').length
        if (notes > 0) this.#log.info('notes on the manifests: "slicedns check" lists them', { notes })
      },
      onLoaded: (summary) => {
        this.#options.onProgress?.(undefined)
        this.#summaries.set(identity, summary)
        const { filesRead, manifestsRead, objectsApplied, objectsRemoved, ignoredKinds } = summary
        const objectsIgnored = ignoredKinds.values().reduce((sum, number) => sum + number, 0)
        const counts = { filesRead, manifestsRead, objectsIgnored, objectsApplied, objectsRemoved }
        this.#log.info('read manifests', counts)
      },
    }
  }

  #report(problem: ManifestProblem): void {
    if (problem.severity === 'note') return
    const line = problemLine(problem)
    if (problem.severity === 'error') this.#log.error(line, { code: problem.code })
    else this.#log.warn(line, { code: problem.code })
  }
}

/** The error with the place in the Corefile, where there is one. */
function placed(error: unknown, { folders, folderPositions = [] }: ClusterIdentity): unknown {
  if (!(error instanceof MissingFolderError)) return error
  const position = folderPositions[folders.findIndex((folder) => error.folders.includes(folder))]
  if (position === undefined || position.file === BUILT_IN_COREFILE) return error
  return new MissingFolderError(error.folders, `${position.file}:${position.line}:${position.column}`)
}

/** `file:line:column: what is wrong and how to mend it`. */
export function problemLine({ position: { file, line, column }, message }: ManifestProblem): string {
  return `${file}:${line}:${column}: ${message}`
}
