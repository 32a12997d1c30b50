import type { Labels } from '../objects.ts'
import { generatedName, templateHash } from './generated-name.ts'
import { isDnsLabel } from './object-name.ts'
import type { WorkloadDraft } from './read-workload.ts'

interface PodIdentity {
  readonly name: string
  /** In addition to those of the template. */
  readonly labels: Labels
  /** Where the controller sets them, whatever the template says. */
  readonly hostname?: string
  readonly subdomain?: string
}

/** The name, labels and hostname that each kind of controller gives its Pods; `index` counts them from 0. */
export function podIdentity(
  { kind, key, name, firstOrdinal, serviceName, isIndexed }: WorkloadDraft,
  index: number,
  isTaken: (podName: string) => boolean,
): PodIdentity {
  const seed = `${kind} ${key}/${index}`
  switch (kind) {
    case 'StatefulSet': {
      const ordinal = String(firstOrdinal + index)
      const podName = `${name}-${ordinal}`
      return {
        name: podName,
        labels: { 'statefulset.kubernetes.io/pod-name': podName, 'apps.kubernetes.io/pod-index': ordinal },
        hostname: labelOrNone(podName),
        subdomain: labelOrNone(serviceName),
      }
    }
    case 'Deployment': {
      const hash = templateHash(`${kind} ${key}`)
      const labels = { 'pod-template-hash': hash }
      return { name: generatedName(`${name}-${hash}`, seed, isTaken), labels }
    }
    case 'Job': {
      const labels = { 'batch.kubernetes.io/job-name': name, 'job-name': name }
      if (!isIndexed) return { name: generatedName(name, seed, isTaken), labels }
      const hostname = `${name}-${index}`
      return {
        name: generatedName(hostname, seed, isTaken),
        labels: { ...labels, 'batch.kubernetes.io/job-completion-index': String(index) },
        hostname: labelOrNone(hostname),
      }
    }
    case 'ReplicaSet':
    case 'DaemonSet':
    default:
      return { name: generatedName(name, seed, isTaken), labels: {} }
  }
}

/** A name that is no DNS label cannot be a hostname. */
function labelOrNone(name: string): string {
  return isDnsLabel(name) ? name : ''
}
