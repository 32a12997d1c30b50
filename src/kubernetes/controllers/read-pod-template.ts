import type { Labels, Protocol } from '../objects.ts'
import type { Field } from './field.ts'
import { TOPOLOGY_ZONE } from './labels.ts'
import { LABEL_RULE, isDnsLabel } from './object-name.ts'
import type { Path } from './problem.ts'
import { readPortNumber, readProtocol } from './read-ports.ts'

/** What a Pod and a workload's template have in common. */
export interface PodTemplate {
  readonly labels: Labels
  /** spec.hostname and spec.subdomain; empty where they are not given. */
  readonly hostname: string
  readonly subdomain: string
  readonly hostNetwork: boolean
  /** The topology zone of its node, where the Pod says which that must be; else empty. */
  readonly topologyZone: string
  readonly containerPorts: readonly ContainerPort[]
  /** Where the Pod's spec stands in its manifest. */
  readonly specPath: Path
}

/** A container port that has a name, which a Service's targetPort may call for. */
interface ContainerPort {
  readonly name: string
  readonly protocol: Protocol
  readonly containerPort: number
}

/** A PodTemplateSpec, or a Pod itself. Throws `InvalidField`. */
export function readPodTemplate(template: Field): PodTemplate {
  const spec = template.at('spec')
  const labels = template.at('metadata').at('labels').texts()
  const sidecars = spec.at('initContainers').items().filter(isSidecar)
  return {
    labels,
    hostname: readLabel(spec.at('hostname')),
    subdomain: readLabel(spec.at('subdomain')),
    hostNetwork: spec.at('hostNetwork').boolean() ?? false,
    topologyZone: labels[TOPOLOGY_ZONE] ?? spec.at('nodeSelector').texts()[TOPOLOGY_ZONE] ?? '',
    containerPorts: [...spec.at('containers').items(), ...sidecars].flatMap((container) =>
      container.at('ports').items().flatMap(readContainerPort),
    ),
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

function readContainerPort(field: Field): ContainerPort | [] {
  const name = field.at('name').text() ?? ''
  const number = field.at('containerPort')
  const containerPort = readPortNumber(number) ?? number.missing()
  return name === '' ? [] : { name, protocol: readProtocol(field), containerPort }
}
