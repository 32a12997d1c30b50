import { isDnsLabel } from '../../controllers/object-name.ts'
import type { EndpointPort, Protocol, ServicePort } from '../../objects.ts'
import type { Problems } from './problems.ts'
import { shownText } from './shown-text.ts'

/** A port of a Service, a slice or a subset as the API gives it. */
export interface PortFields {
  readonly name: string
  /** Empty means TCP. */
  readonly protocol: string
  /** 0 where it is not given. */
  readonly port: number
}

const PROTOCOLS: readonly Protocol[] = ['TCP', 'UDP', 'SCTP']

/** The ports of a Service. One without a number or of another protocol is left out, with a problem. */
export function shrinkServicePorts(given: readonly PortFields[], problems: Problems): readonly ServicePort[] {
  const ports: ServicePort[] = []
  for (const { name, protocol: protocolText, port } of given) {
    const protocol = shrinkProtocol(protocolText, problems)
    if (protocol === undefined) continue
    if (isPortNumber(port)) ports.push({ name: shrinkName(name, problems), protocol, port })
    else problems.add(`port ${port} is not between 1 and 65535; this port is left out`)
  }
  return ports
}

/** The ports of endpoints. Number 0 means none, as it does to kube-proxy; such a port is kept, for it is one. */
export function shrinkEndpointPorts(
  given: readonly PortFields[],
  problems: Problems,
): readonly EndpointPort[] {
  const ports: EndpointPort[] = []
  for (const { name, protocol: protocolText, port } of given) {
    const protocol = shrinkProtocol(protocolText, problems)
    if (protocol === undefined) continue
    const isNumber = isPortNumber(port)
    if (!isNumber && port !== 0) problems.add(`port ${port} is not between 0 and 65535`)
    ports.push({ name: shrinkName(name, problems), protocol, port: isNumber ? port : undefined })
  }
  return ports
}

function shrinkProtocol(text: string, problems: Problems): Protocol | undefined {
  if (text === '') return 'TCP'
  const protocol = PROTOCOLS.find((known) => known === text)
  if (protocol === undefined) {
    problems.add(`protocol "${shownText(text)}" is not TCP, UDP or SCTP; this port is left out`)
  }
  return protocol
}

function shrinkName(text: string, problems: Problems): string {
  if (text === '' || isDnsLabel(text)) return text
  problems.add(`port name "${shownText(text)}" is not a DNS label; this port has no name`)
  return ''
}

function isPortNumber(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535
}
