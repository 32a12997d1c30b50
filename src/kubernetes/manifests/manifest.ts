/** A place in a manifest file; `-` is standard input. Line and column count from 1. */
export interface ManifestPosition {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** One Kubernetes object as it stands in a file: not checked beyond having a kind and a name. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  /** `default` where the file names none; empty for kinds without a namespace. */
  readonly namespace: string
  readonly name: string
  readonly raw: Readonly<Record<string, unknown>>
  /**
   * Where the object (no path), or the value at `path` in it, stands: `locate('spec', 'ports', 0, 'name')`. Slow: it
   * reads the document again. The nearest existing parent where the path does not exist.
   */
  locate(...path: readonly (string | number)[]): ManifestPosition
}

/** Something in the manifests that will not work, or not as its author may think; or that is good to know. */
export interface ManifestProblem {
  /**
   * `error`: the object or file is not served. `warning`: it is, and something in it will not resolve. `note`: all is well,
   * and there is something to know.
   */
  readonly severity: 'error' | 'warning' | 'note'
  /** Stable, documented in docs/errors.md: `SLICEDNS_MANIFEST_…`. */
  readonly code: string
  /** What is wrong and how to mend it, without the position. */
  readonly message: string
  readonly position: ManifestPosition
}
