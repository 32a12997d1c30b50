import { hasLabels } from '../pod-index.ts'
import { type ObjectProblem, named, warning } from '../problem.ts'
import type { WorkloadDraft } from '../read-workload.ts'
import type { Linted } from './linted.ts'

/** Workloads whose selector does not find the Pods that they make: Kubernetes refuses them. */
export function lintWorkloads({ cluster, report }: Linted): void {
  for (const workload of cluster.workloads) {
    const pairs = Object.entries(workload.matchLabels)
    if (workload.kind !== 'Job' && !hasLabels(workload.template, pairs)) report(mismatch(workload, pairs))
  }
}

function mismatch({ manifest }: WorkloadDraft, pairs: readonly [string, string][]): ObjectProblem {
  const labels = pairs.map((pair) => pair.join('=')).join(', ')
  const message = `${named(manifest)}: its template lacks the labels of its selector, ${labels}, so Kubernetes refuses it. Give both the same`
  const path = ['spec', 'template', 'metadata', 'labels']
  return warning(manifest, path, 'SLICEDNS_MANIFEST_WORKLOAD_SELECTOR', message)
}
