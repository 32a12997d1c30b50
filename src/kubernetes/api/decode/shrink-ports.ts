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
export function shrinkServicePorts(ports: readonly PortFields[], problems: Problems): readonly ServicePort[] {
  return ports.flatMap((fields): ServicePort[] => {
    const protocol = shrinkProtocol(fields.protocol, problems)
    if (protocol === undefined) return []
    if (isPortNumber(fields.port)) {
      return [{ name: shrinkName(fields.name, problems), protocol, port: fields.port }]
    }
    problems.add(`port ${fields.port} is not between 1 and 65535; this port is left out`)
    return []
  })
}

/** The ports of endpoints. A port without a number is kept: it says that there are others than those. */
export function shrinkEndpointPorts(
  ports: readonly PortFields[],
  problems: Problems,
): readonly EndpointPort[] {
  return ports.flatMap((fields): EndpointPort[] => {
    const protocol = shrinkProtocol(fields.protocol, problems)
    if (protocol === undefined) return []
    const isNumber = isPortNumber(fields.port)
    if (!isNumber && fields.port !== 0) problems.add(`port ${fields.port} is not between 0 and 65535`)
    return [{ name: shrinkName(fields.name, problems), protocol, port: isNumber ? fields.port : undefined }]
  })
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
