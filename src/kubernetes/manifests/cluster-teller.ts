import type { ClusterObject } from '../objects.ts'
import type { ClusterSink } from '../source.ts'
import { ClusterDiff } from './cluster-diff.ts'
import type { Manifest, ManifestProblem } from './manifest.ts'
import { ProblemLog } from './problem-log.ts'

/** What Kubernetes' controllers would make of the manifests; it may remember what it gave before. */
export type BuildCluster = (manifests: readonly Manifest[]) => {
  /** One for each kind, namespace and name. */
  readonly objects: readonly ClusterObject[]
  readonly problems: readonly ManifestProblem[]
  /** How many objects there were of each kind that gives no names. */
  readonly ignoredKinds: ReadonlyMap<string, number>
}

/** What a load, the first or a later one, gave. */
export interface LoadSummary {
  readonly filesRead: number
  readonly manifestsRead: number
  readonly objectsServed: number
  /** New or changed since the load before, all of them at first. */
  readonly objectsApplied: number
  readonly objectsRemoved: number
  /** All problems that there are now, those reported before among them. */
  readonly problems: readonly ManifestProblem[]
  readonly ignoredKinds: ReadonlyMap<string, number>
}

export interface TellerOptions {
  readonly build: BuildCluster
  /** Gets the problems that are new since the load before. */
  readonly onProblems?: ((problems: readonly ManifestProblem[]) => void) | undefined
  readonly onLoaded?: ((summary: LoadSummary) => void) | undefined
}

/** What was read, by whatever source. */
export interface ReadManifests {
  readonly manifests: readonly Manifest[]
  readonly problems: readonly ManifestProblem[]
  readonly filesRead: number
}

/** Builds the cluster of the manifests again and again, and tells the sink what changed. */
export class ClusterTeller {
  readonly #options: TellerOptions
  readonly #diff = new ClusterDiff()
  readonly #log = new ProblemLog()

  constructor(options: TellerOptions) {
    this.#options = options
  }

  /** Tells all changes in one turn of the event loop: a query sees the whole of an edit or nothing of it. */
  tell(read: ReadManifests, sink: ClusterSink): void {
    const built = this.#options.build(read.manifests)
    const { applied, removed } = this.#diff.next(built.objects)
    for (const object of applied) sink.apply(object)
    for (const reference of removed) sink.remove(reference)
    const fresh = this.#log.next(read.problems, built.problems)
    if (fresh.length > 0) this.#options.onProblems?.(fresh)
    this.#options.onLoaded?.({
      filesRead: read.filesRead,
      manifestsRead: read.manifests.length,
      objectsServed: built.objects.length,
      objectsApplied: applied.length,
      objectsRemoved: removed.length,
      problems: [...read.problems, ...built.problems],
      ignoredKinds: built.ignoredKinds,
    })
  }
}
