import type { ApiObject } from '../helpers/api-object.ts'
import type { Addresses, EndpointFields, Place, PortFields } from './builders.ts'
import { clusterIPSpec, externalNameSpec, headlessSpec, serviceObject, sliceObject } from './builders.ts'

/** Makes the objects of one state at a place. */
export type MakeState = (place: Place, addresses: Addresses) => readonly ApiObject[]

const HTTP: readonly PortFields[] = [{ name: 'http', port: 80 }]
const HTTP_TARGET: readonly PortFields[] = [{ name: 'http', port: 8080 }]
const SEVERAL: readonly PortFields[] = [
  { name: 'http', port: 80 },
  { name: 'https', port: 443 },
  { name: 'dns-tcp', port: 53 },
  { name: 'dns', port: 53, protocol: 'UDP' },
]

const READY = { ready: true }
const NOT_READY = { ready: false }
const TERMINATING = { ready: false, serving: true, terminating: true }

function endpoints4(addresses: Addresses, count: number, fields: Partial<EndpointFields> = {}): EndpointFields[] {
  return Array.from({ length: count }, () => ({ conditions: READY, ...fields, addresses: [addresses.pod4()] }))
}

function endpoints6(addresses: Addresses, count: number, fields: Partial<EndpointFields> = {}): EndpointFields[] {
  return Array.from({ length: count }, () => ({ conditions: READY, ...fields, addresses: [addresses.pod6()] }))
}

function named(endpoints: readonly EndpointFields[], name: string): EndpointFields[] {
  return endpoints.map((endpoint, index) => ({ ...endpoint, hostname: `${name}-${index}` }))
}

/** Services with a cluster IP. */
const CLUSTER_IP_STATES: Readonly<Record<string, MakeState>> = {
  'cluster-ip': (place, addresses) => [
    serviceObject(place, clusterIPSpec([addresses.cluster4()], HTTP)),
    sliceObject(place, { ports: HTTP_TARGET, endpoints: endpoints4(addresses, 2) }),
  ],
  'cluster-ip-6': (place, addresses) => [
    serviceObject(place, clusterIPSpec([addresses.cluster6()], HTTP)),
    sliceObject(place, { addressType: 'IPv6', ports: HTTP_TARGET, endpoints: endpoints6(addresses, 2) }),
  ],
  'cluster-ip-dual': (place, addresses) => [
    serviceObject(place, clusterIPSpec([addresses.cluster4(), addresses.cluster6()], SEVERAL)),
    sliceObject(place, { ports: SEVERAL, endpoints: endpoints4(addresses, 1) }),
    sliceObject(place, { suffix: 'b', addressType: 'IPv6', ports: SEVERAL, endpoints: endpoints6(addresses, 1) }),
  ],
  'cluster-ip-unnamed-port': (place, addresses) => [
    serviceObject(place, clusterIPSpec([addresses.cluster4()], [{ port: 6379 }])),
    sliceObject(place, { ports: [{ name: '', port: 6379 }], endpoints: endpoints4(addresses, 1) }),
  ],
  'cluster-ip-same-number': (place, addresses) => [
    serviceObject(
      place,
      clusterIPSpec(
        [addresses.cluster4()],
        [
          { name: 'dns', port: 53, protocol: 'UDP' },
          { name: 'dns-tcp', port: 53 },
          { name: 'assoc', port: 2905, protocol: 'SCTP' },
        ],
      ),
    ),
  ],
  'cluster-ip-no-ports': (place, addresses) => [serviceObject(place, clusterIPSpec([addresses.cluster4()], []))],
  'cluster-ip-no-slices': (place, addresses) => [
    serviceObject(place, clusterIPSpec([addresses.cluster4()], SEVERAL)),
  ],
  'cluster-ip-not-ready': (place, addresses) => [
    serviceObject(place, clusterIPSpec([addresses.cluster4()], HTTP)),
    sliceObject(place, { ports: HTTP_TARGET, endpoints: endpoints4(addresses, 1, { conditions: NOT_READY }) }),
  ],
  'cluster-ip-hostnames': (place, addresses) => [
    serviceObject(place, clusterIPSpec([addresses.cluster4()], HTTP)),
    sliceObject(place, { ports: HTTP_TARGET, endpoints: named(endpoints4(addresses, 2), 'member') }),
  ],
  'node-port': (place, addresses) => [
    serviceObject(place, {
      ...clusterIPSpec([addresses.cluster4()], [{ name: 'http', port: 80 }]),
      type: 'NodePort',
    }),
    sliceObject(place, { ports: HTTP_TARGET, endpoints: endpoints4(addresses, 1) }),
  ],
  'load-balancer': (place, addresses) => [
    {
      ...serviceObject(place, {
        ...clusterIPSpec([addresses.cluster4(), addresses.cluster6()], HTTP),
        type: 'LoadBalancer',
        externalIPs: ['203.0.113.7'],
      }),
      status: { loadBalancer: { ingress: [{ ip: '203.0.113.8' }] } },
    },
    sliceObject(place, { ports: HTTP_TARGET, endpoints: endpoints4(addresses, 1) }),
  ],
}

/** Headless Services. */
const HEADLESS_STATES: Readonly<Record<string, MakeState>> = {
  headless: (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, { ports: HTTP_TARGET, endpoints: endpoints4(addresses, 3) }),
  ],
  'headless-hostnames': (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, {
      ports: HTTP_TARGET,
      endpoints: named(endpoints4(addresses, 3), 'db').map((endpoint, index) => ({
        ...endpoint,
        podName: `db-${index}`,
      })),
    }),
  ],
  'headless-pod-names': (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, {
      ports: HTTP_TARGET,
      endpoints: [
        ...endpoints4(addresses, 1, { podName: 'worker-7f9c' }),
        ...endpoints4(addresses, 1, { podName: `worker-${'x'.repeat(60)}` }),
      ],
    }),
  ],
  'headless-same-hostname': (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, { ports: HTTP_TARGET, endpoints: endpoints4(addresses, 2, { hostname: 'twin' }) }),
  ],
  'headless-upper-hostname': (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, { ports: HTTP_TARGET, endpoints: endpoints4(addresses, 1, { hostname: 'Pod-A' }) }),
  ],
  'headless-bad-hostname': (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, {
      ports: HTTP_TARGET,
      endpoints: [
        ...endpoints4(addresses, 1, { hostname: 'two.labels' }),
        ...endpoints4(addresses, 1, { hostname: 'h'.repeat(64) }),
      ],
    }),
  ],
  'headless-dual': (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, { ports: HTTP_TARGET, endpoints: named(endpoints4(addresses, 2), 'pair') }),
    sliceObject(place, {
      suffix: 'b',
      addressType: 'IPv6',
      ports: HTTP_TARGET,
      endpoints: named(endpoints6(addresses, 2), 'pair'),
    }),
  ],
  'headless-6': (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, {
      addressType: 'IPv6',
      ports: HTTP_TARGET,
      endpoints: [
        ...endpoints6(addresses, 1),
        { addresses: [`${addresses.pod6().split('::')[0]}::`], conditions: READY },
      ],
    }),
  ],
  'headless-not-ready': (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, { ports: HTTP_TARGET, endpoints: endpoints4(addresses, 2, { conditions: NOT_READY }) }),
  ],
  'headless-some-ready': (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, {
      ports: HTTP_TARGET,
      endpoints: [
        ...endpoints4(addresses, 1),
        ...endpoints4(addresses, 1, { conditions: NOT_READY }),
        ...endpoints4(addresses, 1, { conditions: {} }),
      ],
    }),
  ],
  'headless-terminating': (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, {
      ports: HTTP_TARGET,
      endpoints: [...endpoints4(addresses, 1), ...endpoints4(addresses, 1, { conditions: TERMINATING })],
    }),
  ],
  'headless-publish-not-ready': (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP, { publishNotReadyAddresses: true })),
    sliceObject(place, {
      ports: HTTP_TARGET,
      endpoints: [...endpoints4(addresses, 1), ...endpoints4(addresses, 1, { conditions: NOT_READY })],
    }),
  ],
  'headless-null-port': (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, { ports: [{ name: 'http' }], endpoints: endpoints4(addresses, 2) }),
  ],
  'headless-some-null-port': (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, {
      ports: [{ name: 'http' }, { name: 'admin', port: 9000 }],
      endpoints: endpoints4(addresses, 1),
    }),
  ],
  'headless-unnamed-port': (place, addresses) => [
    serviceObject(place, headlessSpec([{ port: 80 }])),
    sliceObject(place, { ports: [{ name: '', port: 9376 }], endpoints: endpoints4(addresses, 2) }),
  ],
  'headless-no-ports': (place, addresses) => [
    serviceObject(place, headlessSpec()),
    sliceObject(place, { endpoints: endpoints4(addresses, 2) }),
  ],
  'headless-several-ports': (place, addresses) => [
    serviceObject(place, headlessSpec(SEVERAL)),
    sliceObject(place, {
      ports: [...SEVERAL, { name: 'assoc', port: 2905, protocol: 'SCTP' }],
      endpoints: endpoints4(addresses, 2),
    }),
  ],
  'headless-several-slices': (place, addresses) => {
    const [shared, ...others] = endpoints4(addresses, 4)
    const both = shared === undefined ? [] : [shared]
    return [
      serviceObject(place, headlessSpec(HTTP)),
      sliceObject(place, { ports: HTTP_TARGET, endpoints: [...both, ...others.slice(0, 1)] }),
      sliceObject(place, { suffix: 'b', ports: HTTP_TARGET, endpoints: [...both, ...others.slice(1)] }),
      sliceObject(place, { suffix: 'c', ports: [], endpoints: [] }),
    ]
  },
  'headless-slices-of-other-ports': (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, { ports: HTTP_TARGET, endpoints: endpoints4(addresses, 1) }),
    sliceObject(place, { suffix: 'b', ports: [{ name: 'http', port: 8081 }], endpoints: endpoints4(addresses, 1) }),
    sliceObject(place, { suffix: 'c', endpoints: endpoints4(addresses, 1) }),
  ],
  'headless-several-addresses': (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, {
      ports: HTTP_TARGET,
      endpoints: [{ addresses: [addresses.pod4(), addresses.pod4()], conditions: READY, hostname: 'multi' }],
    }),
  ],
  'headless-large': (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, { ports: HTTP_TARGET, endpoints: endpoints4(addresses, 100) }),
    sliceObject(place, { suffix: 'b', ports: HTTP_TARGET, endpoints: endpoints4(addresses, 20) }),
  ],
  'headless-fqdn': (place) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, {
      addressType: 'FQDN',
      ports: HTTP_TARGET,
      endpoints: [
        { addresses: ['web.outside.example'], conditions: READY },
        { addresses: ['alt.outside.example'], conditions: READY },
      ],
    }),
  ],
  'headless-fqdn-one': (place) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, {
      addressType: 'FQDN',
      ports: HTTP_TARGET,
      endpoints: [{ addresses: ['web.outside.example'], conditions: READY }],
    }),
  ],
  'headless-fqdn-beside': (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, { ports: HTTP_TARGET, endpoints: endpoints4(addresses, 1) }),
    sliceObject(place, {
      suffix: 'b',
      addressType: 'FQDN',
      ports: HTTP_TARGET,
      endpoints: [{ addresses: ['web.outside.example'], conditions: READY }],
    }),
  ],
  'headless-no-slices': (place) => [serviceObject(place, headlessSpec(HTTP))],
  'headless-empty-slice': (place) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, { ports: HTTP_TARGET, endpoints: [] }),
  ],
  'headless-odd-address': (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, {
      ports: HTTP_TARGET,
      endpoints: [...endpoints4(addresses, 1), { addresses: ['10.244.010.1'], conditions: READY }],
    }),
  ],
}

/** ExternalName Services, and slices that no Service stands for. */
const OTHER_STATES: Readonly<Record<string, MakeState>> = {
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
    serviceObject(
      { ...place, name: `${place.name}-target` },
      clusterIPSpec([addresses.cluster4()], HTTP),
    ),
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

/** Every state that a Service and its slices are generated in. */
export const SERVICE_STATES: Readonly<Record<string, MakeState>> = {
  ...CLUSTER_IP_STATES,
  ...HEADLESS_STATES,
  ...OTHER_STATES,
}
