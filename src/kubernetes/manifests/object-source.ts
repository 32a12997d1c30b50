import type { ClusterSink, Source } from '../source.ts'
import { ClusterTeller } from './cluster-teller.ts'
import type { TellerOptions } from './cluster-teller.ts'
import type { ManifestIdentity } from './manifest-object.ts'
import { shapeObjects } from './manifest-shape.ts'
import type { Manifest, ManifestPosition, ManifestProblem } from './manifest.ts'

export interface ObjectSourceOptions extends TellerOptions {
  /** Kubernetes objects as plain values, as JSON.parse or a YAML parser gives them; Lists as well. */
  readonly objects: readonly unknown[]
}

/** A source whose objects are given in code. */
export interface ObjectSource extends Source {
  /** From now on these are all objects. What changed is told before it returns. */
  replace(objects: readonly unknown[]): void
}

/** Nothing rejects: what is wrong with the objects is reported as problems, with a path such as `objects[2].metadata.name` as file. */
export function createObjectSource(options: ObjectSourceOptions): ObjectSource {
  const teller = new ClusterTeller(options)
  let objects = options.objects
  let sink: ClusterSink | undefined
  return {
    async start(target) {
      sink = target
      teller.tell(readObjects(objects), target)
      target.markSynced()
    },
    async stop() {
      sink = undefined
    },
    replace(next) {
      objects = next
      if (sink !== undefined) teller.tell(readObjects(objects), sink)
    },
  }
}

function readObjects(objects: readonly unknown[]) {
  const manifests: Manifest[] = []
  const problems: ManifestProblem[] = []
  for (const [index, value] of objects.entries()) {
    for (const shaped of shapeObjects(value)) {
      const path = [index, ...shaped.path]
      if ('object' in shaped) manifests.push(manifestAt(path, shaped.object))
      else problems.push({ severity: 'error', ...shaped.fault, position: positionOf(path) })
    }
  }
  return { manifests, problems, filesRead: 0 }
}

function manifestAt(start: readonly (string | number)[], identity: ManifestIdentity): Manifest {
  return { ...identity, locate: (...path) => positionOf([...start, ...path]) }
}

/** Objects in code have no lines: the way to the value stands in place of the file. */
function positionOf(path: readonly (string | number)[]): ManifestPosition {
  const keys = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
  return { file: `objects${keys.join('')}`, line: 1, column: 1 }
}
