import { ipFromText, isIpv4Mapped } from '../../wire/ip-address.ts'
import type { IpAddress } from '../../wire/rdata.ts'
import type { Manifest } from '../manifests/manifest.ts'
import type { Field } from './field.ts'
import { type Draft, type OwnerReference, readDraft, readOwners, rootOf } from './read-metadata.ts'
import { type PodTemplate, readPodTemplate } from './read-pod-template.ts'
import type { WorkloadDraft } from './read-workload.ts'

/** A Pod as written or as its workload makes it, before it has addresses. */
export interface PodDraft extends Draft, PodTemplate {
  readonly owners: readonly OwnerReference[]
  /** The workload that made it here; undefined for a Pod that is written. */
  readonly workload: WorkloadDraft | undefined
  /** status.podIPs, where the file gives them. */
  readonly givenIPs: readonly IpAddress[]
  /** Phase Succeeded or Failed: no slice has it. */
  readonly isTerminal: boolean
  /** From the deletionTimestamp on. */
  readonly isTerminating: boolean
  /** Phase Unknown: the Pod has no name of its own, but its slices keep it as not ready. */
  readonly isLost: boolean
  /** The Ready condition: true unless the status says otherwise, for nothing runs here that could set it. */
  readonly isReady: boolean
}

const PHASES = ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'] as const

/** A Pod (core/v1). Throws `InvalidField`. */
export function readPod(manifest: Manifest): PodDraft {
  const root = rootOf(manifest)
  const status = root.at('status')
  const phase = status.at('phase').choice(PHASES) ?? 'Running'
  return {
    ...readDraft(manifest),
    ...readPodTemplate(root),
    owners: readOwners(root.at('metadata')),
    workload: undefined,
    givenIPs: readPodIPs(status),
    isTerminal: phase === 'Succeeded' || phase === 'Failed',
    isTerminating: root.at('metadata').at('deletionTimestamp').isGiven,
    isLost: phase === 'Unknown',
    isReady: phase === 'Running' && isConditionReady(status),
  }
}

function readPodIPs(status: Field): IpAddress[] {
  const list = status.at('podIPs').items()
  const fields = list.length > 0 ? list.map((item) => item.at('ip')) : [status.at('podIP')]
  return fields.filter((field) => field.isGiven && field.value !== '').map(readPodIP)
}

function readPodIP(field: Field): IpAddress {
  const address = ipFromText(field.text() ?? '') ?? field.fail('must be an IP address')
  return isIpv4Mapped(address) ? field.fail('must be written as IPv4') : address
}

function isConditionReady(status: Field): boolean {
  const ready = status
    .at('conditions')
    .items()
    .find((condition) => condition.at('type').value === 'Ready')
  return ready === undefined || ready.at('status').value === 'True'
}
