import { ipFromText } from '../../../wire/ip-address.ts'
import type { Endpoint, EndpointSlice } from '../../objects.ts'
import type { ShrunkEndpoints } from '../api-event.ts'
import type { Door } from './door.ts'
import { type JsonObject, asBoolean, asItems, asObject, asText, asTexts } from './json-fields.ts'
import { readPorts } from './json-ports.ts'
import type { ObjectMeta } from './object-meta.ts'
import { type EndpointFields, shrinkEndpoint } from './shrink-endpoint.ts'
import { shrinkAddressType, shrinkEndpointSlice } from './shrink-endpoint-slice.ts'
import { type SubsetFields, shrinkEndpoints } from './shrink-endpoints.ts'

/** An EndpointSlice (discovery.k8s.io/v1). */
export function readEndpointSlice(object: JsonObject, meta: ObjectMeta, door: Door): EndpointSlice {
  const addressType = shrinkAddressType(asText(object['addressType'], 'addressType'))
  const ports = door.endpointPorts.share(readPorts(object['ports'], door.texts))
  const endpoints: Endpoint[] = []
  for (const item of asItems(object['endpoints'], 'endpoints')) {
    const fields = readEndpoint(asObject(item, 'endpoints'), addressType, door)
    const endpoint = shrinkEndpoint(fields, addressType, door.problems)
    if (endpoint !== undefined) endpoints.push(endpoint)
  }
  return shrinkEndpointSlice(meta, { addressType, ports, endpoints })
}

function readEndpoint(
  endpoint: JsonObject,
  type: EndpointSlice['addressType'],
  { texts }: Door,
): EndpointFields {
  const addresses = asTexts(endpoint['addresses'], 'addresses')
  return {
    addresses: type === 'FQDN' ? addresses : addresses.map((text) => ipFromText(text) ?? text),
    hostname: texts.same(asText(endpoint['hostname'], 'hostname')),
    ready: asBoolean(asObject(endpoint['conditions'], 'conditions')['ready'], 'ready') ?? true,
    podName: readTargetPod(endpoint['targetRef']),
    topologyZone: texts.same(asText(endpoint['zone'], 'zone')),
  }
}

/** targetRef.name where targetRef.kind is Pod, else empty. */
function readTargetPod(targetRef: unknown): string {
  const { kind, name } = asObject(targetRef, 'targetRef')
  return asText(kind, 'kind') === 'Pod' ? asText(name, 'name') : ''
}

/** Endpoints (core/v1). */
export function readEndpoints(object: JsonObject, meta: ObjectMeta, door: Door): ShrunkEndpoints {
  const subsets = asItems(object['subsets'], 'subsets').map((item): SubsetFields => {
    const { addresses, notReadyAddresses, ports } = asObject(item, 'subsets')
    return {
      addresses: [
        ...asItems(addresses, 'addresses').map((address) => readAddress(address, true, door)),
        ...asItems(notReadyAddresses, 'notReadyAddresses').map((address) =>
          readAddress(address, false, door),
        ),
      ],
      ports: readPorts(ports, door.texts),
    }
  })
  return shrinkEndpoints(meta, subsets, door)
}

function readAddress(item: unknown, ready: boolean, { texts }: Door): EndpointFields {
  const { ip, hostname, targetRef } = asObject(item, 'addresses')
  return {
    addresses: [asText(ip, 'ip')],
    hostname: texts.same(asText(hostname, 'hostname')),
    ready,
    podName: readTargetPod(targetRef),
    topologyZone: '',
  }
}
