import type { Labels } from '../objects.ts'
import { generatedName, templateHash } from './generated-name.ts'
import { isDnsLabel } from './object-name.ts'
import { PodIndex } from './pod-index.ts'
import { type Report, failure, named } from './problem.ts'
import type { PodDraft } from './read-pod.ts'
import type { WorkloadDraft } from './read-workload.ts'

/** Over all workloads. */
const PODS_MADE_MAX = 20_000

/** A Pod, and the workload that made it, if one did. */
export interface ClusterPod extends PodDraft {
  readonly workload: WorkloadDraft | undefined
}

/**
 * The Pods of a cluster, ordered by namespace and name: those written, and those that the workloads make as
 * Kubernetes' controllers would. Written Pods that a workload owns, or would adopt, count as its own.
 */
export function runWorkloads(
  workloads: readonly WorkloadDraft[],
  written: readonly PodDraft[],
  report: Report,
): ClusterPod[] {
  const pods: ClusterPod[] = written.map((pod) => ({ ...pod, workload: undefined }))
  const names = new Set(written.map(nameOf))
  const countOwned = ownedCounter(written)
  const replacedDeployments = new Set(workloads.flatMap(ownerIds))
  let room = PODS_MADE_MAX
  for (const workload of workloads) {
    if (replacedDeployments.has(named(workload))) continue
    const wanted = Math.max(0, workload.replicas - countOwned(workload))
    const count = Math.min(wanted, room)
    if (count < wanted) report(tooManyPods(workload, wanted))
    room -= count
    for (let index = 0; index < count; index++) {
      const pod = makePod(workload, index, names)
      if (pod === undefined) continue
      pods.push(pod)
      names.add(nameOf(pod))
    }
  }
  return pods.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
}

/** How many of its Pods a workload finds there: its own, and for a ReplicaSet those without an owner it selects. */
function ownedCounter(written: readonly PodDraft[]): (workload: WorkloadDraft) => number {
  const alive = written.filter((pod) => !pod.isTerminal)
  const owned = new Map<string, number>()
  for (const id of alive.flatMap(ownerIds)) owned.set(id, (owned.get(id) ?? 0) + 1)
  const orphans = new PodIndex(alive.filter((pod) => pod.owners.length === 0))
  return (workload) => {
    // Pods of a StatefulSet are told by their names.
    if (workload.kind === 'StatefulSet') return 0
    const adopted =
      workload.kind === 'ReplicaSet' ? orphans.select(workload.namespace, workload.matchLabels) : []
    return (owned.get(named(workload)) ?? 0) + adopted.length
  }
}

/** One Pod; undefined where a written one has its place in a StatefulSet. */
function makePod(workload: WorkloadDraft, index: number, names: ReadonlySet<string>): ClusterPod | undefined {
  const { namespace, kind, name, template } = workload
  const isTaken = (podName: string): boolean => names.has(`${namespace}/${podName}`)
  const { name: podName, ...identity } = podIdentity(workload, index, isTaken)
  if (kind === 'StatefulSet' && isTaken(podName)) return undefined
  return {
    ...template,
    ...identity,
    namespace,
    name: podName,
    labels: { ...template.labels, ...identity.labels },
    manifest: workload.manifest,
    owners: [{ kind, name }],
    givenIPs: [],
    isTerminal: false,
    isTerminating: false,
    isLost: false,
    isReady: true,
    workload,
  }
}

interface PodIdentity {
  readonly name: string
  /** In addition to those of the template. */
  readonly labels: Labels
  readonly hostname?: string
  readonly subdomain?: string
}

/** The name, labels and hostname that each kind of controller gives its Pods. */
function podIdentity(
  { kind, namespace, name, firstOrdinal, serviceName, isIndexed }: WorkloadDraft,
  index: number,
  isTaken: (podName: string) => boolean,
): PodIdentity {
  const seed = `${kind} ${namespace}/${name}/${index}`
  switch (kind) {
    case 'StatefulSet': {
      const ordinal = String(firstOrdinal + index)
      const podName = `${name}-${ordinal}`
      const labels = {
        'statefulset.kubernetes.io/pod-name': podName,
        'apps.kubernetes.io/pod-index': ordinal,
      }
      return { name: podName, labels, hostname: isDnsLabel(podName) ? podName : '', subdomain: serviceName }
    }
    case 'Deployment': {
      const hash = templateHash(`${kind} ${namespace}/${name}`)
      return { name: generatedName(`${name}-${hash}`, seed, isTaken), labels: { 'pod-template-hash': hash } }
    }
    case 'Job': {
      const labels = { 'batch.kubernetes.io/job-name': name, 'job-name': name }
      if (!isIndexed) return { name: generatedName(name, seed, isTaken), labels }
      const hostname = `${name}-${index}`
      return {
        name: generatedName(hostname, seed, isTaken),
        labels: { ...labels, 'batch.kubernetes.io/job-completion-index': String(index) },
        hostname: isDnsLabel(hostname) ? hostname : '',
      }
    }
    case 'ReplicaSet':
    case 'DaemonSet':
    default:
      return { name: generatedName(name, seed, isTaken), labels: {} }
  }
}

function ownerIds({ namespace, owners }: Pick<PodDraft, 'namespace' | 'owners'>): string[] {
  return owners.map(({ kind, name }) => named({ kind, namespace, name }))
}

function nameOf({ namespace, name }: { namespace: string; name: string }): string {
  return `${namespace}/${name}`
}

function tooManyPods(workload: WorkloadDraft, wanted: number): ReturnType<typeof failure> {
  const message = `${named(workload)} wants ${wanted} Pods: only ${PODS_MADE_MAX} are made for all workloads together. Lower the replicas`
  return failure(workload.manifest, ['spec'], 'SLICEDNS_MANIFEST_TOO_MANY_PODS', message)
}
