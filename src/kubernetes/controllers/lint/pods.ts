import type { Manifest } from '../../manifests/manifest.ts'
import { hasLabels } from '../pod-index.ts'
import { type ObjectProblem, named, warning } from '../problem.ts'
import type { ServiceDraft } from '../read-service.ts'
import type { PodDraft } from '../read-pod.ts'
import type { Linted } from './linted.ts'

/** Pods whose hostname or subdomain gives them no name. Of a workload's Pods, which are all alike, one is reported. */
export function lintPods({ cluster, report }: Linted): void {
  const reported = new Set<Manifest>()
  for (const { draft: pod } of cluster.pods) {
    if (pod.isTerminal || reported.has(pod.manifest)) continue
    const why = hostnameProblem(pod, cluster.servicesByKey.get(`${pod.namespace}/${pod.subdomain}`))
    if (why === undefined) continue
    reported.add(pod.manifest)
    report(podProblem(pod, why))
  }
}

/** Why the Pod has no name of its own below a Service; undefined where it has one, or asks for none. */
function hostnameProblem(pod: PodDraft, service: ServiceDraft | undefined): string | undefined {
  const { namespace, hostname, subdomain } = pod
  if (subdomain === '') {
    const isAsked = hostname !== '' && !hasHostnameByKind(pod)
    return isAsked
      ? `hostname "${hostname}" gives no name without a subdomain. Add subdomain, the name of a headless Service`
      : undefined
  }
  if (service === undefined) {
    return `subdomain "${subdomain}" names no Service in namespace "${namespace}". Make a headless Service of that name`
  }
  if (service.type !== 'Headless') {
    return `subdomain "${subdomain}" names a Service that is not headless. Give the Service clusterIP: None`
  }
  const pairs = Object.entries(service.selector)
  if (!hasLabels(pod, pairs)) {
    return `subdomain "${subdomain}" names a Service that does not select it. Give it the labels ${pairs.map((pair) => pair.join('=')).join(', ')}`
  }
  return hostname === ''
    ? `subdomain "${subdomain}" gives no name without a hostname. Add hostname, the Pod's label below the Service`
    : undefined
}

/** Their controllers set the hostname: nobody asked for it. */
function hasHostnameByKind({ workload }: PodDraft): boolean {
  return workload !== undefined && (workload.kind === 'StatefulSet' || workload.isIndexed)
}

function podProblem({ manifest, workload, specPath, subdomain }: PodDraft, why: string): ObjectProblem {
  const isStateful = workload?.kind === 'StatefulSet'
  const path = isStateful
    ? ['spec', 'serviceName']
    : [...specPath, subdomain === '' ? 'hostname' : 'subdomain']
  // What is a Pod's subdomain is written in a StatefulSet as serviceName.
  const text = isStateful ? why.replace('subdomain', 'serviceName') : why
  return warning(manifest, path, 'SLICEDNS_MANIFEST_POD_HOSTNAME', `${named(manifest)}: ${text}`)
}
