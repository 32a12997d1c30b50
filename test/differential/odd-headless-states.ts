import { headlessSpec, serviceObject, sliceObject } from './builders.ts'
import type { MakeState } from './state-parts.ts'
import { endpoints4, endpoints6, HTTP, HTTP_TARGET, NOT_READY, READY } from './state-parts.ts'

/** Headless Services whose endpoints have odd names, addresses or ports, or host names for addresses. */
export const ODD_HEADLESS_STATES: Readonly<Record<string, MakeState>> = {
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
  'headless-several-addresses': (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, {
      ports: HTTP_TARGET,
      endpoints: [{ addresses: [addresses.pod4(), addresses.pod4()], conditions: READY, hostname: 'multi' }],
    }),
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
  'headless-odd-address': (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, {
      ports: HTTP_TARGET,
      endpoints: [...endpoints4(addresses, 1), { addresses: ['10.244.010.1'], conditions: READY }],
    }),
  ],
  'headless-hostname-case': (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, {
      ports: HTTP_TARGET,
      endpoints: [
        ...endpoints4(addresses, 1, { hostname: 'pod-b' }),
        ...endpoints4(addresses, 1, { hostname: 'Pod-B' }),
      ],
    }),
  ],
  'headless-two-names': (place, addresses) => {
    const shared = addresses.pod4()
    return [
      serviceObject(place, headlessSpec(HTTP)),
      sliceObject(place, {
        ports: HTTP_TARGET,
        endpoints: [
          { addresses: [shared], conditions: READY, hostname: 'one' },
          { addresses: [shared], hostname: 'other' },
          { addresses: [shared], conditions: NOT_READY, hostname: 'third' },
        ],
      }),
    ]
  },
  'headless-odd-spelling': (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, {
      addressType: 'IPv6',
      ports: HTTP_TARGET,
      endpoints: [
        { addresses: [addresses.pod6().toUpperCase().replace('::', ':0:0:0:')], conditions: READY },
      ],
    }),
  ],
  'headless-special-address': (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, {
      ports: HTTP_TARGET,
      endpoints: [...endpoints4(addresses, 1), { addresses: ['169.254.9.9'], conditions: READY }],
    }),
    sliceObject(place, {
      suffix: 'b',
      addressType: 'IPv6',
      ports: HTTP_TARGET,
      endpoints: [...endpoints6(addresses, 1), { addresses: ['fe80::9'], conditions: READY }],
    }),
  ],
  'headless-wrong-family': (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, {
      ports: HTTP_TARGET,
      endpoints: [...endpoints4(addresses, 1), { addresses: [addresses.pod6()], conditions: READY }],
    }),
  ],
  'headless-mapped-address': (place, addresses) => [
    serviceObject(place, headlessSpec(HTTP)),
    sliceObject(place, {
      addressType: 'IPv6',
      ports: HTTP_TARGET,
      endpoints: [
        ...endpoints6(addresses, 1),
        { addresses: [`::ffff:${addresses.pod4()}`], conditions: READY },
      ],
    }),
  ],
}
