import type { EndpointSlice } from '../objects.ts'
import type { Addressed, BuiltPod, BuiltService } from './address-controller.ts'
import { createSliceNames, selectEndpoints } from './endpoint-slice-controller.ts'
import { type MirrorExclusion, mirrorEndpoints, mirrorExclusion } from './endpoint-slice-mirroring.ts'
import type { Inventory } from './inventory.ts'
import { PodIndex } from './pod-index.ts'
import { type Report, failure, named } from './problem.ts'
import type { EndpointsDraft } from './read-endpoints.ts'
import type { ServiceDraft } from './read-service.ts'

/** Bounds the endpoints made by selectors that find the same Pods again and again. */
const ENDPOINTS_MADE_MAX = 1_000_000

/** What the controllers of Services and endpoints work on. */
export type Cluster = Omit<Inventory, keyof Addressed> & Addressed

/** A Service that selects Pods, and those it found, whatever their state. */
export interface Selection {
  readonly service: ServiceDraft
  readonly pods: readonly BuiltPod[]
}

export interface Slices {
  /** Ordered by namespace and name. */
  readonly all: readonly EndpointSlice[]
  /** By `namespace/name` of the Service that they belong to. */
  readonly byService: ReadonlyMap<string, readonly EndpointSlice[]>
  readonly selections: readonly Selection[]
  /** The Endpoints that were not mirrored, with the reason. */
  readonly excluded: ReadonlyMap<EndpointsDraft, MirrorExclusion>
}

/** The EndpointSlices of a cluster: those its selectors give, those that mirror Endpoints, and those written. */
export function makeSlices(cluster: Cluster, report: Report): Slices {
  const written = cluster.slices.map(({ slice }) => slice)
  const takeName = createSliceNames(new Set(written.map(keyOf)))
  const index = new PodIndex(
    cluster.pods.map((pod) => ({ namespace: pod.draft.namespace, labels: pod.draft.labels, pod })),
  )
  const services = new Map(cluster.services.map((service) => [keyOf(service.draft), service.draft]))
  const selections: Selection[] = []
  const excluded = new Map<EndpointsDraft, MirrorExclusion>()
  const made: EndpointSlice[] = []
  let room = ENDPOINTS_MADE_MAX
  for (const service of cluster.services) {
    const { namespace, selector } = service.draft
    if (Object.keys(selector).length === 0) continue
    const pods = index.select(namespace, selector).map(({ pod }) => pod)
    selections.push({ service: service.draft, pods })
    const served = pods.slice(0, room)
    if (served.length < pods.length) report(tooManyEndpoints(service))
    room -= served.length
    made.push(...selectEndpoints(service, served, takeName))
  }
  for (const endpoints of cluster.endpoints) {
    const exclusion = mirrorExclusion(endpoints, services.get(keyOf(endpoints)))
    if (exclusion === undefined) made.push(...mirrorEndpoints(endpoints, takeName))
    else excluded.set(endpoints, exclusion)
  }
  const all = [...written, ...made].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  const byService = Map.groupBy(all, ({ namespace, serviceName }) => `${namespace}/${serviceName}`)
  return { all, byService, selections, excluded }
}

export function keyOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`
}

function tooManyEndpoints({ draft }: BuiltService): ReturnType<typeof failure> {
  const message = `${named(draft.manifest)} is not given all Pods it selects: the selectors of all Services together may find ${ENDPOINTS_MADE_MAX} endpoints. Narrow the selectors`
  return failure(draft.manifest, ['spec', 'selector'], 'SLICEDNS_MANIFEST_TOO_MANY_ENDPOINTS', message)
}
