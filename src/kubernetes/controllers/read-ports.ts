import type { EndpointPort, Protocol } from '../objects.ts'
import type { Field } from './field.ts'
import { LABEL_RULE, isDnsLabel } from './object-name.ts'

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const

export function readProtocol(port: Field): Protocol {
  return port.at('protocol').choice(PROTOCOLS) ?? 'TCP'
}

export function readPortNumber(field: Field): number | undefined {
  return field.integer(1, 65535)
}

/** A port's name; empty where it has none. */
export function readPortName(port: Field): string {
  const field = port.at('name')
  const name = field.text() ?? ''
  return name === '' || isDnsLabel(name) ? name : field.fail(LABEL_RULE)
}

/** A port of an EndpointSlice. Number 0 is allowed there and means none, as it does to kube-proxy. */
export function readEndpointPort(port: Field): EndpointPort {
  return {
    name: readPortName(port),
    protocol: readProtocol(port),
    port: port.at('port').integer(0, 65535) || undefined,
  }
}
