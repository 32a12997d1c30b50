import type { ApiObject } from '../helpers/api-object.ts'
import type { Place } from './builders.ts'
import { clusterIPSpec, externalNameSpec, headlessSpec, serviceObject, sliceObject } from './builders.ts'
import type { MakeState } from './state-parts.ts'
import { endpoints4, HTTP, HTTP_TARGET, READY } from './state-parts.ts'

/** ExternalName Services, and slices that no Service stands for. */
export const OTHER_STATES: Readonly<Record<string, MakeState>> = {
  'external-name': (place) => [serviceObject(place, externalNameSpec('web.outside.example', HTTP))],
  'external-name-dot': (place) => [serviceObject(place, externalNameSpec('web.outside.example.'))],
  'external-name-upper': (place) => [serviceObject(place, externalNameSpec('WEB.Outside.Example'))],
  'external-name-ip': (place) => [serviceObject(place, externalNameSpec('192.0.2.80'))],
  'external-name-nx': (place) => [serviceObject(place, externalNameSpec('nx.outside.example'))],
  'external-name-nodata': (place) => [serviceObject(place, externalNameSpec('nodata.outside.example'))],
  'external-name-servfail': (place) => [serviceObject(place, externalNameSpec('servfail.outside.example'))],
  'external-name-refused': (place) => [serviceObject(place, externalNameSpec('refused.outside.example'))],
  'external-name-extra': (place) => [serviceObject(place, externalNameSpec('extra.outside.example'))],
  'external-name-chain': (place) => [serviceObject(place, externalNameSpec('chain.outside.example'))],
  'external-name-inside': (place, addresses) => [
    serviceObject(place, externalNameSpec(`${place.name}-target.${place.namespace}.svc.cluster.local`)),
    serviceObject({ ...place, name: `${place.name}-target` }, clusterIPSpec([addresses.cluster4()], HTTP)),
  ],
  'external-name-links': (place, addresses) => [
    ...aliasChain(place, 3),
    serviceObject({ ...place, name: `${place.name}-link-3` }, clusterIPSpec([addresses.cluster4()], HTTP)),
  ],
  'external-name-too-long': (place, addresses) => [
    ...aliasChain(place, 14),
    serviceObject({ ...place, name: `${place.name}-link-14` }, clusterIPSpec([addresses.cluster4()], HTTP)),
  ],
  'external-name-missing': (place) => [
    serviceObject(place, externalNameSpec(`nobody.${place.namespace}.svc.cluster.local`)),
  ],
  'external-name-self': (place) => [
    serviceObject(place, externalNameSpec(`${place.name}.${place.namespace}.svc.cluster.local`)),
  ],
  'external-name-below-self': (place) => [
    serviceObject(place, externalNameSpec(`below.${place.name}.${place.namespace}.svc.cluster.local`)),
  ],
  'external-name-loop': (place) => [
    serviceObject(place, externalNameSpec(`${place.name}-back.${place.namespace}.svc.cluster.local`)),
    serviceObject(
      { ...place, name: `${place.name}-back` },
      externalNameSpec(`${place.name}.${place.namespace}.svc.cluster.local`),
    ),
  ],
  'external-name-slices': (place, addresses) => [
    serviceObject(place, externalNameSpec('web.outside.example')),
    sliceObject(place, { ports: HTTP_TARGET, endpoints: endpoints4(addresses, 1) }),
  ],
  'slices-only': (place, addresses) => [
    sliceObject(place, { ports: HTTP_TARGET, endpoints: endpoints4(addresses, 2) }),
  ],
  'slices-unlabelled': (place, addresses) => [
    sliceObject(place, { serviceName: '', ports: HTTP_TARGET, endpoints: endpoints4(addresses, 1) }),
  ],
  'slices-shared-address': (place, addresses) => {
    const shared = addresses.pod4()
    const other = { ...place, name: `${place.name}-other` }
    return [
      serviceObject(place, headlessSpec(HTTP)),
      sliceObject(place, {
        ports: HTTP_TARGET,
        endpoints: [{ addresses: [shared], conditions: READY, hostname: 'first' }],
      }),
      serviceObject(other, clusterIPSpec([addresses.cluster4()], HTTP)),
      sliceObject(other, { ports: HTTP_TARGET, endpoints: [{ addresses: [shared], conditions: READY }] }),
    ]
  },
  'slices-of-cluster-ip': (place, addresses) => {
    const owned = addresses.cluster4()
    const other = { ...place, name: `${place.name}-other` }
    return [
      serviceObject(place, clusterIPSpec([owned], HTTP)),
      serviceObject(other, headlessSpec(HTTP)),
      sliceObject(other, { ports: HTTP_TARGET, endpoints: [{ addresses: [owned], conditions: READY }] }),
    ]
  },
  'slices-labelled-otherwise': (place, addresses) => [
    serviceObject({ ...place, labels: { ...place.labels, tier: 'front' } }, headlessSpec(HTTP)),
    sliceObject(
      { ...place, labels: { ...place.labels, tier: 'back' } },
      { ports: HTTP_TARGET, endpoints: endpoints4(addresses, 1) },
    ),
  ],
}

/** So many aliases, each to the next; the last one to a Service that is not among them. */
function aliasChain(place: Place, links: number): ApiObject[] {
  return Array.from({ length: links }, (_, index) => {
    const name = index === 0 ? place.name : `${place.name}-link-${index}`
    const target = `${place.name}-link-${index + 1}.${place.namespace}.svc.cluster.local`
    return serviceObject({ ...place, name }, externalNameSpec(target))
  })
}
