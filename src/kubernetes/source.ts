import type { ClusterObject, ObjectReference } from './objects.ts'

/** Where a source tells what it knows. The cluster store is one; tests have others. */
export interface ClusterSink {
  /** This object is now so. Whether that says anything new. */
  apply(object: ClusterObject): boolean
  /** This object is gone. */
  remove(reference: ObjectReference): void
  /**
   * Everything that existed at the start has been told, but for kinds that are marked as unavailable: from now on what is not known
   * does not exist.
   */
  markSynced(): void
  /**
   * Objects of this kind cannot be had, `why` says on one line, NOT_SYNCED where they are only not told yet; or can be again
   * (undefined). Names that depend on them are not denied meanwhile.
   */
  markUnavailable(kind: ClusterObject['kind'], why: string | undefined): void
  /**
   * How the source can be asked what it is doing, and why what it told may be out of date by now: a sentence each. Told once, at
   * the start.
   */
  describe(state: () => readonly string[], doubts?: () => readonly string[]): void
}

/** Why nothing is said of what is not known: it may be told any moment. */
export const NOT_SYNCED = 'not synced with the API server yet'

/** Something that knows a cluster's objects: a folder of manifests, or an API server. */
export interface Source {
  /** Resolves when the first complete state was told to the sink; goes on telling changes until `stop`. */
  start(sink: ClusterSink): Promise<void>
  stop(): Promise<void>
}
