import { podIdentity } from './pod-identity.ts'
import { PodIndex } from './pod-index.ts'
import { type ObjectProblem, type Report, failure, named } from './problem.ts'
import { byName } from './read-metadata.ts'
import type { PodDraft } from './read-pod.ts'
import type { WorkloadDraft } from './read-workload.ts'

/** Over all workloads. */
const PODS_MADE_MAX = 20_000

type RunWorkloads = (
  workloads: readonly WorkloadDraft[],
  written: readonly PodDraft[],
  report: Report,
) => readonly PodDraft[]

/**
 * Makes a function that gives the Pods of a cluster, ordered by namespace and name: those written, and those that
 * the workloads make as Kubernetes' controllers would. Written Pods that a workload owns, or would adopt, count as its
 * own. What did not change from call to call stays the same value.
 */
export function createWorkloadController(): RunWorkloads {
  const madeBefore = new WeakMap<WorkloadDraft, PodDraft[]>()
  return (workloads, written, report) => {
    const pods = [...written]
    const names = new Set(written.map(({ key }) => key))
    const countOwned = ownedCounter(workloads, written)
    let room = PODS_MADE_MAX
    for (const workload of workloads) {
      const wanted = Math.max(0, workload.replicas - countOwned(workload))
      const count = Math.min(wanted, room)
      if (count < wanted) report(tooManyPods(workload, wanted))
      room -= count
      const made = makePods(workload, count, { names, before: madeBefore.get(workload) ?? [] })
      madeBefore.set(workload, made)
      pods.push(...made)
    }
    return pods.toSorted(byName)
  }
}

/** How many of its Pods a workload finds there: its own, and for a ReplicaSet those without an owner it selects. */
function ownedCounter(
  workloads: readonly WorkloadDraft[],
  written: readonly PodDraft[],
): (workload: WorkloadDraft) => number {
  const alive = workloads.length > 0 ? written.filter((pod) => !pod.isTerminal) : []
  const owned = new Map<string, number>()
  for (const id of alive.flatMap(ownerIds)) owned.set(id, (owned.get(id) ?? 0) + 1)
  const orphans = new PodIndex(
    alive.filter((pod) => pod.owners.length === 0),
    (pod) => pod,
  )
  const ownersOfWorkloads = new Set(workloads.flatMap(ownerIds))
  return ({ kind, id, namespace, replicas, matchLabels }) => {
    // A Deployment whose ReplicaSets are there leaves the Pods to them.
    if (ownersOfWorkloads.has(id)) return replicas
    // Pods of a StatefulSet are told by their names.
    if (kind === 'StatefulSet') return 0
    const adopted = kind === 'ReplicaSet' ? orphans.select(namespace, matchLabels) : []
    return (owned.get(id) ?? 0) + adopted.length
  }
}

interface Making {
  /** Keys of the Pods there are; those made are added. */
  readonly names: Set<string>
  /** What the same workload made last time. */
  readonly before: readonly PodDraft[]
}

function makePods(workload: WorkloadDraft, count: number, { names, before }: Making): PodDraft[] {
  const { namespace, kind } = workload
  const isTaken = (podName: string): boolean => names.has(`${namespace}/${podName}`)
  const pods: PodDraft[] = []
  for (let index = 0; index < count; index++) {
    const identity = podIdentity(workload, index, isTaken)
    // A written Pod of a StatefulSet's name has its place.
    if (kind === 'StatefulSet' && isTaken(identity.name)) continue
    const same = before[pods.length]
    const pod = same?.name === identity.name ? same : makePod(workload, identity)
    names.add(pod.key)
    pods.push(pod)
  }
  return pods
}

function makePod(workload: WorkloadDraft, identity: ReturnType<typeof podIdentity>): PodDraft {
  const { namespace, kind, template, manifest } = workload
  const key = `${namespace}/${identity.name}`
  return {
    ...template,
    ...identity,
    namespace,
    key,
    id: `Pod ${key}`,
    labels: { ...template.labels, ...identity.labels },
    manifest,
    owners: [{ kind, name: workload.name }],
    workload,
    givenIPs: [],
    isTerminal: false,
    isTerminating: false,
    isLost: false,
    isReady: true,
  }
}

function ownerIds({ namespace, owners }: Pick<PodDraft, 'namespace' | 'owners'>): string[] {
  return owners.map(({ kind, name }) => named({ kind, namespace, name }))
}

function tooManyPods({ id, manifest }: WorkloadDraft, wanted: number): ObjectProblem {
  const message = `${id} wants ${wanted} Pods: only ${PODS_MADE_MAX} are made for all workloads together. Lower the replicas`
  return failure(manifest, ['spec'], 'SLICEDNS_MANIFEST_TOO_MANY_PODS', message)
}
