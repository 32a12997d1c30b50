import type { Endpoint, EndpointPort, EndpointSlice } from '../../objects.ts'
import { PackedSlice, packSlice } from '../../packed-slice.ts'
import { BrokenObject } from './broken-object.ts'
import { NO_LABELS, type ObjectMeta } from './object-meta.ts'
import { shownText } from './shown-text.ts'

const ADDRESS_TYPES: readonly EndpointSlice['addressType'][] = ['IPv4', 'IPv6', 'FQDN']

/** Throws `BrokenObject` for a type that nothing can be served of. */
export function shrinkAddressType(text: string): EndpointSlice['addressType'] {
  const type = ADDRESS_TYPES.find((known) => known === text)
  if (type === undefined) throw new BrokenObject(`addressType "${shownText(text)}" is not known`)
  return type
}

interface SliceParts {
  readonly addressType: EndpointSlice['addressType']
  readonly ports: readonly EndpointPort[]
  readonly endpoints: readonly Endpoint[]
}

/** An EndpointSlice (discovery.k8s.io/v1) of ports and endpoints that are shrunk already. */
export function shrinkEndpointSlice(meta: ObjectMeta, parts: SliceParts): EndpointSlice {
  const { endpoints } = parts
  return packSlice({ kind: 'EndpointSlice', ...fieldsOf(meta, parts), endpoints })
}

/** An EndpointSlice whose endpoints are packed already. */
export function shrinkPackedSlice(
  meta: ObjectMeta,
  parts: Omit<SliceParts, 'endpoints'>,
  packed: string,
): EndpointSlice {
  return new PackedSlice(fieldsOf(meta, parts), packed)
}

function fieldsOf(
  { namespace, name, serviceName }: ObjectMeta,
  { addressType, ports }: Omit<SliceParts, 'endpoints'>,
) {
  return { namespace, name, labels: NO_LABELS, serviceName, addressType, ports }
}
