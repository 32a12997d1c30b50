import type { Manifest } from '../manifests/manifest.ts'
import type { Labels } from '../objects.ts'
import type { Field } from './field.ts'
import { type Draft, type OwnerReference, readDraft, readOwners, rootOf } from './read-metadata.ts'
import { type PodTemplate, readPodTemplate } from './read-pod-template.ts'

type WorkloadKind = 'Deployment' | 'ReplicaSet' | 'StatefulSet' | 'DaemonSet' | 'Job'

/** An object that makes Pods. */
export interface WorkloadDraft extends Draft {
  readonly kind: WorkloadKind
  readonly owners: readonly OwnerReference[]
  /** How many Pods it runs: replicas, or what is left of a Job; one for a DaemonSet, as there is one node. */
  readonly replicas: number
  readonly template: PodTemplate
  /** spec.selector.matchLabels; empty where matchExpressions would narrow it, which are not read. */
  readonly matchLabels: Labels
  /** Of a StatefulSet: spec.ordinals.start and spec.serviceName. */
  readonly firstOrdinal: number
  readonly serviceName: string
  /** A Job whose completionMode is Indexed. */
  readonly isIndexed: boolean
}

const REPLICAS_MAX = 2 ** 31 - 1

/** A workload (apps/v1, batch/v1). Throws `InvalidField`. */
export function readWorkload(manifest: Manifest, kind: WorkloadKind): WorkloadDraft {
  const root = rootOf(manifest)
  const spec = root.at('spec')
  const templateField = spec.at('template')
  if (!templateField.isGiven) return templateField.missing()
  const isStateful = kind === 'StatefulSet'
  return {
    ...readDraft(manifest),
    kind,
    owners: readOwners(root.at('metadata')),
    replicas: readReplicas(kind, spec, root.at('status')),
    template: readPodTemplate(templateField),
    matchLabels: readMatchLabels(spec.at('selector')),
    firstOrdinal: isStateful ? (spec.at('ordinals').at('start').integer(0, REPLICAS_MAX) ?? 0) : 0,
    serviceName: isStateful ? (spec.at('serviceName').text() ?? '') : '',
    isIndexed: kind === 'Job' && readIsIndexed(spec),
  }
}

function readMatchLabels(selector: Field): Labels {
  return selector.at('matchExpressions').items().length > 0 ? {} : selector.at('matchLabels').texts()
}

function readReplicas(kind: WorkloadKind, spec: Field, status: Field): number {
  if (kind === 'DaemonSet') return 1
  if (kind === 'Job') return readJobReplicas(spec, status)
  return spec.at('replicas').integer(0, REPLICAS_MAX) ?? 1
}

/** A Job runs `parallelism` Pods, and never more than it has completions left; none once it ended. */
function readJobReplicas(spec: Field, status: Field): number {
  const parallelism = spec.at('parallelism').integer(0, REPLICAS_MAX) ?? 1
  const completions = spec.at('completions').integer(0, REPLICAS_MAX)
  const succeeded = status.at('succeeded').integer(0, REPLICAS_MAX) ?? 0
  const hasEnded = status
    .at('conditions')
    .items()
    .some((condition) => isEnd(condition.at('type').value) && condition.at('status').value === 'True')
  if (hasEnded || spec.at('suspend').boolean() === true) return 0
  if (completions === undefined) return succeeded > 0 ? 0 : parallelism
  return Math.min(parallelism, Math.max(0, completions - succeeded))
}

function readIsIndexed(spec: Field): boolean {
  if (spec.at('completionMode').choice(['NonIndexed', 'Indexed']) !== 'Indexed') return false
  const completions = spec.at('completions')
  return completions.isGiven || completions.missing()
}

function isEnd(condition: unknown): boolean {
  return condition === 'Complete' || condition === 'Failed'
}
