import type { Manifest, ManifestProblem } from '../manifests/manifest.ts'
import type { ClusterObject } from '../objects.ts'
import { createAddressController } from './address-controller.ts'
import { createSliceController } from './slice-controller.ts'
import { createStocktaking } from './inventory.ts'
import { findProblems } from './lint/lint.ts'
import { makeNamespaces } from './namespace-controller.ts'
import { ProblemCollector } from './problem-collector.ts'
import { createWorkloadController } from './workload-controller.ts'

/** The cluster that a set of manifests describes. */
export interface ClusterBuild {
  /** Namespaces, Services, Pods, EndpointSlices, each ordered by namespace and name. */
  readonly objects: readonly ClusterObject[]
  readonly problems: readonly ManifestProblem[]
  /** How many objects there were of each kind that DNS has no use for. */
  readonly ignoredKinds: ReadonlyMap<string, number>
}

/**
 * Makes a function that does for manifests what Kubernetes' controllers do for a cluster. It remembers the addresses
 * it allocated: an object keeps its own from call to call until it is gone. The order of the manifests decides
 * only which of two manifests of one object counts.
 */
export function createControllers(): (manifests: readonly Manifest[]) => ClusterBuild {
  const takeStock = createStocktaking()
  const runWorkloads = createWorkloadController()
  const assignAddresses = createAddressController()
  const makeSlices = createSliceController()
  return (manifests) => {
    const inventory = takeStock(manifests)
    const problems = new ProblemCollector()
    const pods = runWorkloads(inventory.workloads, inventory.pods, problems.report)
    const addressed = assignAddresses(inventory.services, pods)
    const servicesByKey = new Map(inventory.services.map((service) => [service.key, service]))
    const cluster = { ...inventory, ...addressed, servicesByKey }
    const slices = makeSlices(cluster, problems.report)
    findProblems({ cluster, slices, report: problems.report })
    const objects = [
      ...makeNamespaces(inventory.namespaces, inventory.namespacesInUse),
      ...addressed.services.map(({ made }) => made),
      ...addressed.pods.map(({ made }) => made),
      ...slices.all,
    ]
    return {
      objects,
      problems: [...inventory.problems, ...problems.finish()],
      ignoredKinds: inventory.ignoredKinds,
    }
  }
}
