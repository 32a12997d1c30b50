import { headlessSpec, serviceObject, sliceObject } from './builders.ts'
import type { MakeState } from './state-parts.ts'
import {
  endpoints4,
  endpoints6,
  HTTP,
  HTTP_TARGET,
  named,
  NOT_READY,
  READY,
  SEVERAL,
  TERMINATING,
} from './state-parts.ts'

/** Headless Services. */
export const HEADLESS_STATES: Readonly<Record<string, MakeState>> = {
  headless: (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, { ports: HTTP_TARGET, endpoints: endpoints4(addresses, 3) }),
  ],
  'headless-hostnames': (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, {
      ports: HTTP_TARGET,
      endpoints: endpoints4(addresses, 3).map(({ addresses: own }, index) => ({
        addresses: own,
        conditions: READY,
        hostname: `db-${index}`,
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
    sliceObject(place, {
      ports: HTTP_TARGET,
      endpoints: endpoints4(addresses, 2, { conditions: NOT_READY }),
    }),
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
    sliceObject(place, {
      suffix: 'b',
      ports: [{ name: 'http', port: 8081 }],
      endpoints: endpoints4(addresses, 1),
    }),
    sliceObject(place, { suffix: 'c', endpoints: endpoints4(addresses, 1) }),
  ],
  'headless-large': (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, { ports: HTTP_TARGET, endpoints: endpoints4(addresses, 100) }),
    sliceObject(place, { suffix: 'b', ports: HTTP_TARGET, endpoints: endpoints4(addresses, 20) }),
  ],
  'headless-zones': (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, {
      ports: HTTP_TARGET,
      endpoints: [
        ...endpoints4(addresses, 2, { zone: 'zone-a' }),
        ...endpoints4(addresses, 1, { zone: 'Zone.B' }),
        ...endpoints4(addresses, 1, { zone: 'zone-c', conditions: NOT_READY }),
        ...endpoints4(addresses, 1),
      ],
    }),
  ],
  'headless-no-slices': (place) => [serviceObject(place, headlessSpec(HTTP))],
  'headless-empty-slice': (place) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, { ports: HTTP_TARGET, endpoints: [] }),
  ],
}
