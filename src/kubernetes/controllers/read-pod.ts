import { ipFromText } from '../../wire/ip-address.ts'
import type { IpAddress } from '../../wire/rdata.ts'
import type { Manifest } from '../manifests/manifest.ts'
import type { Labels, Protocol } from '../objects.ts'
import type { Field } from './field.ts'
import { LABEL_RULE, isDnsLabel } from './object-name.ts'
import type { Path } from './problem.ts'
import { type Draft, type OwnerReference, readDraft, readOwners, rootOf } from './read-metadata.ts'
import { readPortNumber, readProtocol } from './read-ports.ts'

/** A container port that has a name, which a Service's targetPort may call for. */
export interface ContainerPort {
  readonly name: string
  readonly protocol: Protocol
  readonly containerPort: number
}

/** What a Pod and a workload's template have in common. */
export interface PodTemplate {
  readonly labels: Labels
  /** spec.hostname and spec.subdomain; empty where they are not given. */
  readonly hostname: string
  readonly subdomain: string
  readonly hostNetwork: boolean
  readonly containerPorts: readonly ContainerPort[]
  /** Where the Pod's spec stands in its manifest. */
  readonly specPath: Path
}

/** A Pod as written or as its workload makes it, before it has addresses. */
export interface PodDraft extends Draft, PodTemplate {
  readonly owners: readonly OwnerReference[]
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
    givenIPs: readPodIPs(status),
    isTerminal: phase === 'Succeeded' || phase === 'Failed',
    isTerminating: root.at('metadata').at('deletionTimestamp').isGiven,
    isLost: phase === 'Unknown',
    isReady: phase === 'Running' && isConditionReady(status),
  }
}

/** A PodTemplateSpec, or a Pod itself. */
export function readPodTemplate(template: Field): PodTemplate {
  const spec = template.at('spec')
  return {
    labels: template.at('metadata').at('labels').texts(),
    hostname: readLabel(spec.at('hostname')),
    subdomain: readLabel(spec.at('subdomain')),
    hostNetwork: spec.at('hostNetwork').boolean() ?? false,
    containerPorts: [
      ...spec.at('containers').items(),
      ...spec.at('initContainers').items().filter(isSidecar),
    ].flatMap((container) => container.at('ports').items().flatMap(readContainerPort)),
    specPath: spec.path,
  }
}

function readLabel(field: Field): string {
  const label = field.text() ?? ''
  return label === '' || isDnsLabel(label) ? label : field.fail(LABEL_RULE)
}

/** An init container that goes on running, and so may own a named port. */
function isSidecar(container: Field): boolean {
  return container.at('restartPolicy').value === 'Always'
}

function readContainerPort(field: Field): ContainerPort[] {
  const name = field.at('name').text() ?? ''
  const containerPort = readPortNumber(field.at('containerPort')) ?? field.at('containerPort').missing()
  return name === '' ? [] : [{ name, protocol: readProtocol(field), containerPort }]
}

function readPodIPs(status: Field): IpAddress[] {
  const list = status
    .at('podIPs')
    .items()
    .map((item) => item.at('ip'))
  const fields = list.length > 0 ? list : [status.at('podIP')]
  return fields
    .filter((field) => field.isGiven && field.value !== '')
    .map((field) => ipFromText(field.text() ?? '') ?? field.fail('must be an IP address'))
}

function isConditionReady(status: Field): boolean {
  const ready = status
    .at('conditions')
    .items()
    .find((condition) => condition.at('type').value === 'Ready')
  return ready === undefined || ready.at('status').value === 'True'
}
