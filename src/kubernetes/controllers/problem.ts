import type { Manifest, ManifestProblem } from '../manifests/manifest.ts'

export type Path = readonly (string | number)[]
export type Report = (problem: ObjectProblem) => void

/** A problem, and which object it is about. */
export interface ObjectProblem extends ManifestProblem {
  readonly manifest: Manifest
}

/** A problem at `path` of an object that is served all the same; see `ManifestProblem`. */
export function warning(manifest: Manifest, path: Path, code: string, message: string): ObjectProblem {
  return located(manifest, path, { severity: 'warning', code, message })
}

/** Something to know about an object that works. */
export function note(manifest: Manifest, code: string, message: string): ObjectProblem {
  return located(manifest, [], { severity: 'note', code, message })
}

/** A problem at `path` for which the object is not served. */
export function failure(manifest: Manifest, path: Path, code: string, message: string): ObjectProblem {
  return located(manifest, path, { severity: 'error', code, message })
}

/** `Service shop/web`, as messages name an object. */
export function named(object: { kind: string; namespace: string; name: string }): string {
  return object.namespace === ''
    ? `${object.kind} ${object.name}`
    : `${object.kind} ${object.namespace}/${object.name}`
}

/** A problem at `path`. Locating reads the document again: it waits until somebody looks, who sees where it stands then. */
export function located(
  manifest: Manifest,
  path: Path,
  what: Omit<ManifestProblem, 'position'>,
): ObjectProblem {
  return {
    ...what,
    manifest,
    get position() {
      return manifest.locate(...path)
    },
  }
}
