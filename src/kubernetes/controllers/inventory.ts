import type { Manifest, ManifestPosition } from '../manifests/manifest.ts'
import { isDnsLabel } from './object-name.ts'
import { ProblemCollector } from './problem-collector.ts'
import { type ObjectProblem, named, warning } from './problem.ts'
import type { EndpointSliceDraft } from './read-endpoint-slice.ts'
import type { EndpointsDraft } from './read-endpoints.ts'
import { type ReadManifest, type Reading, readManifest } from './read-manifest.ts'
import { type Draft, byName, compareText } from './read-metadata.ts'
import type { PodDraft } from './read-pod.ts'
import type { ServiceDraft } from './read-service.ts'
import type { WorkloadDraft } from './read-workload.ts'

/** Everything that the manifests hold, each list ordered by namespace, name and kind. */
export interface Inventory {
  readonly services: readonly ServiceDraft[]
  readonly endpoints: readonly EndpointsDraft[]
  readonly slices: readonly EndpointSliceDraft[]
  readonly pods: readonly PodDraft[]
  readonly workloads: readonly WorkloadDraft[]
  readonly namespaces: readonly Draft[]
  /** Every namespace that an object is in, written or not. */
  readonly namespacesInUse: ReadonlySet<string>
  readonly ignoredKinds: ReadonlyMap<string, number>
  readonly problems: readonly ObjectProblem[]
}

type Drafts = Extract<Reading, { draft: Draft }>['of']

/** Makes a function that takes the inventory of a set of manifests; it reads a manifest it has seen only once. */
export function createStocktaking(): (manifests: readonly Manifest[]) => Inventory {
  const seen = new WeakMap<Manifest, ReadManifest>()
  const compare = createComparison()
  return (manifests) => {
    const problems = new ProblemCollector()
    const readings = new Map<string, Extract<Reading, { draft: Draft }>>()
    const namespacesInUse = new Set<string>()
    const ignoredKinds = new Map<string, number>()
    for (const manifest of manifests) {
      const read = seen.get(manifest) ?? readManifest(manifest)
      seen.set(manifest, read)
      for (const problem of read.problems) problems.report(problem)
      if (isDnsLabel(manifest.namespace)) namespacesInUse.add(manifest.namespace)
      const { reading } = read
      if (reading.of === 'ignored') ignoredKinds.set(reading.kind, (ignoredKinds.get(reading.kind) ?? 0) + 1)
      if (reading.of === 'ignored' || reading.of === 'refused') continue
      const { id } = reading.draft
      const earlier = readings.get(id)
      if (earlier !== undefined) problems.report(compare(earlier.draft.manifest, manifest))
      readings.set(id, reading)
    }
    return { ...sorted(readings.values()), namespacesInUse, ignoredKinds, problems: problems.finish() }
  }
}

/** Reports two manifests of one object; remembers what it said, so that it is the same problem until one of them moves. */
function createComparison(): (earlier: Manifest, later: Manifest) => ObjectProblem {
  const said = new WeakMap<Manifest, { readonly place: ManifestPosition; readonly problem: ObjectProblem }>()
  return (earlier, later) => {
    const place = later.locate()
    const before = said.get(earlier)
    if (before?.place === place) return before.problem
    const problem = duplicate(earlier, later, place)
    said.set(earlier, { place, problem })
    return problem
  }
}

/** As with `kubectl apply`, the later one wins: in the order of the manifests. */
function duplicate(
  earlier: Manifest,
  later: Manifest,
  { file, line, column }: ManifestPosition,
): ObjectProblem {
  const message = `${named(later)} is written twice: the one at ${file}:${line}:${column} is served, this one is not. Remove one`
  return warning(earlier, [], 'SLICEDNS_MANIFEST_DUPLICATE', message)
}

function sorted(readings: Iterable<Extract<Reading, { draft: Draft }>>): Pick<Inventory, Drafts> {
  const drafts = {
    services: [] as ServiceDraft[],
    endpoints: [] as EndpointsDraft[],
    slices: [] as EndpointSliceDraft[],
    pods: [] as PodDraft[],
    workloads: [] as WorkloadDraft[],
    namespaces: [] as Draft[],
  }
  for (const reading of readings) {
    const list: Draft[] = drafts[reading.of]
    list.push(reading.draft)
  }
  for (const list of Object.values(drafts)) list.sort((a, b) => byName(a, b) || compareText(a.id, b.id))
  return drafts
}
