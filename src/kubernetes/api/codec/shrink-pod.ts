import type { Pod } from '../../objects.ts'
import type { Door } from './door.ts'
import { NO_LABELS, type ObjectMeta } from './object-meta.ts'
import { shrinkAddresses } from './shrink-service.ts'

/** What is read of a Pod's status; empty texts where it does not say. */
export interface PodFields {
  readonly phase: string
  readonly podIP: string
  /** status.podIPs[].ip */
  readonly podIPs: readonly string[]
}

const DEAD_PHASES: ReadonlySet<string> = new Set(['Succeeded', 'Failed', 'Unknown'])

/** A Pod (core/v1). */
export function shrinkPod(meta: ObjectMeta, { phase, podIP, podIPs }: PodFields, door: Door): Pod {
  const given = podIPs.length > 0 ? podIPs : [podIP]
  return {
    kind: 'Pod',
    namespace: meta.namespace,
    name: meta.name,
    labels: NO_LABELS,
    podIPs: shrinkAddresses(
      given.filter((text) => text !== ''),
      'Pod IP',
      door.problems,
    ),
    alive: !meta.isTerminating && !DEAD_PHASES.has(phase),
  }
}
