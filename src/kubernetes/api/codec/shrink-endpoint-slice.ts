import type { Endpoint, EndpointSlice } from '../../objects.ts'
import { BrokenObject } from './broken-object.ts'
import type { Door } from './door.ts'
import { NO_LABELS, type ObjectMeta } from './object-meta.ts'
import { shownText } from './shown-text.ts'
import { type PortFields, shrinkEndpointPorts } from './shrink-ports.ts'

const ADDRESS_TYPES: readonly EndpointSlice['addressType'][] = ['IPv4', 'IPv6', 'FQDN']

/** Throws `BrokenObject` for a type that nothing can be served of. */
export function shrinkAddressType(text: string): EndpointSlice['addressType'] {
  const type = ADDRESS_TYPES.find((known) => known === text)
  if (type === undefined) throw new BrokenObject(`addressType "${shownText(text)}" is not known`)
  return type
}

/** An EndpointSlice (discovery.k8s.io/v1) of endpoints that are shrunk already. */
export function shrinkEndpointSlice(
  meta: ObjectMeta,
  parts: {
    readonly addressType: EndpointSlice['addressType']
    readonly ports: readonly PortFields[]
    readonly endpoints: readonly Endpoint[]
  },
  door: Door,
): EndpointSlice {
  return {
    kind: 'EndpointSlice',
    namespace: meta.namespace,
    name: meta.name,
    labels: NO_LABELS,
    serviceName: meta.serviceName,
    addressType: parts.addressType,
    ports: door.endpointPorts.share(shrinkEndpointPorts(parts.ports, door.problems)),
    // The copy has no room for more: an array that was pushed to has room for half as many again.
    endpoints: parts.endpoints.slice(),
  }
}
