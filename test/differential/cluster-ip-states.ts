import { clusterIPSpec, serviceObject, sliceObject } from './builders.ts'
import type { MakeState } from './state-parts.ts'
import { endpoints4, endpoints6, HTTP, HTTP_TARGET, named, NOT_READY, SEVERAL } from './state-parts.ts'

/** Services with a cluster IP. */
export const CLUSTER_IP_STATES: Readonly<Record<string, MakeState>> = {
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
    sliceObject(place, {
      suffix: 'b',
      addressType: 'IPv6',
      ports: SEVERAL,
      endpoints: endpoints6(addresses, 1),
    }),
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
  'cluster-ip-no-ports': (place, addresses) => [
    serviceObject(place, clusterIPSpec([addresses.cluster4()], [])),
  ],
  'cluster-ip-no-slices': (place, addresses) => [
    serviceObject(place, clusterIPSpec([addresses.cluster4()], SEVERAL)),
  ],
  'cluster-ip-not-ready': (place, addresses) => [
    serviceObject(place, clusterIPSpec([addresses.cluster4()], HTTP)),
    sliceObject(place, {
      ports: HTTP_TARGET,
      endpoints: endpoints4(addresses, 1, { conditions: NOT_READY }),
    }),
  ],
  'cluster-ip-zones': (place, addresses) => [
    serviceObject(place, clusterIPSpec([addresses.cluster4()], HTTP)),
    sliceObject(place, { ports: HTTP_TARGET, endpoints: endpoints4(addresses, 2, { zone: 'zone-a' }) }),
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
