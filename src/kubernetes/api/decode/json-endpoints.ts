import type { EndpointSlice } from '../../objects.ts'
import type { ShrunkEndpoints } from '../api-event.ts'
import type { Door } from './door.ts'
import { booleanOf, itemsOf, memberOf, textOf, textsOf } from './json-fields.ts'
import { readPorts } from './json-objects.ts'
import type { ObjectMeta } from './object-meta.ts'
import { type EndpointFields, shrinkEndpoint } from './shrink-endpoint.ts'
import { shrinkAddressType, shrinkEndpointSlice } from './shrink-endpoint-slice.ts'
import { type SubsetFields, shrinkEndpoints } from './shrink-endpoints.ts'

/** An EndpointSlice (discovery.k8s.io/v1). */
export function readEndpointSlice(object: unknown, meta: ObjectMeta, door: Door): EndpointSlice {
  const addressType = shrinkAddressType(textOf(object, 'addressType'))
  const endpoints = itemsOf(object, 'endpoints').flatMap(
    (endpoint) => shrinkEndpoint(readEndpoint(endpoint, door), addressType, door.problems) ?? [],
  )
  return shrinkEndpointSlice(meta, { addressType, ports: readPorts(object, door), endpoints }, door)
}

function readEndpoint(endpoint: unknown, { texts }: Door): EndpointFields {
  return {
    addresses: textsOf(endpoint, 'addresses'),
    hostname: texts.same(textOf(endpoint, 'hostname')),
    ready: booleanOf(memberOf(endpoint, 'conditions'), 'ready', true),
    podName: readTargetPod(endpoint),
    topologyZone: texts.same(textOf(endpoint, 'zone')),
  }
}

/** targetRef.name where targetRef.kind is Pod, else empty. */
function readTargetPod(holder: unknown): string {
  const target = memberOf(holder, 'targetRef')
  return textOf(target, 'kind') === 'Pod' ? textOf(target, 'name') : ''
}

/** Endpoints (core/v1). */
export function readEndpoints(object: unknown, meta: ObjectMeta, door: Door): ShrunkEndpoints {
  const subsets = itemsOf(object, 'subsets').map((subset): SubsetFields => ({
    addresses: [
      ...itemsOf(subset, 'addresses').map((address) => readAddress(address, true, door)),
      ...itemsOf(subset, 'notReadyAddresses').map((address) => readAddress(address, false, door)),
    ],
    ports: readPorts(subset, door),
  }))
  return shrinkEndpoints(meta, subsets, door)
}

function readAddress(address: unknown, ready: boolean, { texts }: Door): EndpointFields {
  return {
    addresses: [textOf(address, 'ip')],
    hostname: texts.same(textOf(address, 'hostname')),
    ready,
    podName: readTargetPod(address),
    topologyZone: '',
  }
}
