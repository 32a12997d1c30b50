import type { EndpointSlice } from '../objects.ts'
import type { Addressed, BuiltPod } from './address-controller.ts'
import { selectEndpoints } from './endpoint-slice-controller.ts'
import { type MirrorExclusion, mirrorEndpoints, mirrorExclusion } from './endpoint-slice-mirroring.ts'
import type { Inventory } from './inventory.ts'
import { PodIndex } from './pod-index.ts'
import { type ObjectProblem, type Report, failure } from './problem.ts'
import type { EndpointsDraft } from './read-endpoints.ts'
import { type Draft, byName } from './read-metadata.ts'
import type { ServiceDraft } from './read-service.ts'
import { SliceNames } from './slice-names.ts'

/** Bounds the endpoints made by selectors that find the same Pods again and again. */
const ENDPOINTS_MADE_MAX = 1_000_000

/** What the controllers of endpoints work on. */
export interface Cluster extends Omit<Inventory, keyof Addressed>, Addressed {
  readonly servicesByKey: ReadonlyMap<string, ServiceDraft>
}

/** A Service that selects Pods, and those it found, whatever their state. */
export interface Selection {
  readonly service: ServiceDraft
  readonly pods: readonly BuiltPod[]
}

export interface Slices {
  /** Ordered by namespace and name. */
  readonly all: readonly EndpointSlice[]
  /** By key of the Service that they belong to. */
  readonly byService: ReadonlyMap<string, readonly EndpointSlice[]>
  /** Of those Services that were given all they select. */
  readonly selections: readonly Selection[]
  /** The Endpoints that were not mirrored, with the reason. */
  readonly excluded: ReadonlyMap<EndpointsDraft, MirrorExclusion>
}

/**
 * Makes a function that gives the EndpointSlices of a cluster: those that follow from selectors, those that mirror
 * Endpoints, and those written. What did not change from call to call stays the same value.
 */
export function createSliceController(): (cluster: Cluster, report: Report) => Slices {
  const memory: Memory = new WeakMap()
  return (cluster, report) => {
    const names = new SliceNames(cluster.slices)
    const made: EndpointSlice[] = []
    const index = new PodIndex(cluster.pods, ({ made: pod }) => pod)
    const selections: Selection[] = []
    let room = ENDPOINTS_MADE_MAX
    for (const { draft: service } of cluster.services) {
      if (Object.keys(service.selector).length === 0) continue
      const isFull = room === 0
      const pods = isFull ? [] : index.select(service.namespace, service.selector)
      const served = pods.length > room ? pods.slice(0, room) : pods
      if (isFull || served.length < pods.length) report(tooManyEndpoints(service))
      else selections.push({ service, pods })
      room -= served.length
      const slices = recall(memory.get(service), served, names) ?? selectEndpoints(service, served, names)
      memory.set(service, { pods: served, slices })
      made.push(...slices)
    }
    const excluded = new Map<EndpointsDraft, MirrorExclusion>()
    for (const endpoints of cluster.endpoints) {
      const exclusion = mirrorExclusion(endpoints, cluster.servicesByKey.get(endpoints.key))
      if (exclusion !== undefined) {
        excluded.set(endpoints, exclusion)
        continue
      }
      const slices = recall(memory.get(endpoints), [], names) ?? mirrorEndpoints(endpoints, names)
      memory.set(endpoints, { pods: [], slices })
      made.push(...slices)
    }
    const all = [...cluster.slices.map(({ slice }) => slice), ...made].toSorted(byName)
    const byService = Map.groupBy(all, ({ namespace, serviceName }) => `${namespace}/${serviceName}`)
    return { all, byService, selections, excluded }
  }
}

/** The slices that a Service or Endpoints object was given last time, and the Pods they were made of. */
type Memory = WeakMap<Draft, Remembered>

interface Remembered {
  readonly pods: readonly BuiltPod[]
  readonly slices: readonly EndpointSlice[]
}

/** The slices as they were, where their Pods are the same and their names are free. */
function recall(
  before: Remembered | undefined,
  pods: readonly BuiltPod[],
  names: SliceNames,
): readonly EndpointSlice[] | undefined {
  const isSame =
    before !== undefined &&
    before.pods.length === pods.length &&
    before.pods.every((pod, index) => pod === pods[index])
  return isSame && names.takeAgain(before.slices) ? before.slices : undefined
}

function tooManyEndpoints({ id, manifest }: ServiceDraft): ObjectProblem {
  const message = `${id} is not given all Pods it selects: the selectors of all Services together may find ${ENDPOINTS_MADE_MAX} endpoints. Narrow the selectors`
  return failure(manifest, ['spec', 'selector'], 'SLICEDNS_MANIFEST_TOO_MANY_ENDPOINTS', message)
}
