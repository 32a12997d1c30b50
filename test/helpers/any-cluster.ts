import * as fc from 'fast-check'
import type { NamingOptions } from '../../src/kubernetes/naming/naming-options.ts'
import type { ClusterObject, Endpoint, ObjectReference } from '../../src/kubernetes/objects.ts'
import type { IpAddress } from '../../src/wire/rdata.ts'
import { ip } from './cluster.ts'

// Few names and few addresses, so that objects meet often.
const SPACES = ['default', 'shop', '__proto__'] as const
const NAMES = ['web', 'db', 'constructor'] as const
const SLICES = ['one', 'two', 'three'] as const
const IPV4 = ['10.96.0.1', '10.96.0.2', '10.1.0.1', '10.1.0.2', '10.1.7.3', '192.0.2.1'].map(ip)
const IPV6 = ['fd00:10:96::1', 'fd00:1::1', 'fd00:1::', 'fd00:2::1', '::5'].map(ip)
const HOST_NAMES = ['a.example', 'B.example', 'a..b', '10.0.0.1', 'web.default.svc.cluster.local']
const HOSTNAMES = ['', '', 'pod-a', 'pod-b', '_tcp']

const place = { namespace: fc.constantFrom(...SPACES), labels: fc.constant({}) }
const port = {
  name: fc.constantFrom('', 'http', 'dns'),
  protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'),
}
const servicePort = fc.record({ ...port, port: fc.constantFrom(53, 80, 8080) })
const endpointPort = fc.record({ ...port, port: fc.constantFrom(53, 80, 8080, undefined) })

const serviceFields = {
  ...place,
  kind: fc.constant('Service'),
  name: fc.constantFrom(...NAMES),
  clusterIPs: fc.constant([]),
  externalName: fc.constant(''),
  ports: fc.array(servicePort, { maxLength: 3 }),
  publishNotReadyAddresses: fc.boolean(),
}

const addresses = fc.uniqueArray(fc.constantFrom<IpAddress>(...IPV4, ...IPV6), { maxLength: 2 })

const service = fc.oneof(
  fc.record({ ...serviceFields, type: fc.constant('ClusterIP'), clusterIPs: addresses }),
  fc.record({ ...serviceFields, type: fc.constant('Headless') }),
  fc.record({
    ...serviceFields,
    type: fc.constant('ExternalName'),
    externalName: fc.constantFrom('example.com', 'Web.default.svc.cluster.local.', '192.0.2.1', 'a..b', '.'),
  }),
)

function endpointOf<Address extends IpAddress | string>(choices: readonly Address[]) {
  return fc.record({
    addresses: fc.uniqueArray(fc.constantFrom(...choices), { maxLength: 2 }),
    hostname: fc.constantFrom(...HOSTNAMES),
    ready: fc.boolean(),
    podName: fc.constantFrom('', 'pod-1', 'with.dot'),
    topologyZone: fc.constantFrom('', 'zone-a', 'Corp.example', 'no name'),
  })
}

const slice = fc.constantFrom('IPv4', 'IPv6', 'FQDN').chain((addressType) =>
  fc.record({
    ...place,
    kind: fc.constant('EndpointSlice'),
    name: fc.constantFrom(...SLICES),
    serviceName: fc.constantFrom('', ...NAMES),
    addressType: fc.constant(addressType),
    ports: fc.array(endpointPort, { maxLength: 3 }),
    endpoints: fc.array<Endpoint>(
      addressType === 'FQDN' ? endpointOf(HOST_NAMES) : endpointOf(addressType === 'IPv4' ? IPV4 : IPV6),
      { maxLength: 3 },
    ),
  }),
)

const pod = fc.record({
  ...place,
  kind: fc.constant('Pod'),
  name: fc.constantFrom(...NAMES),
  podIPs: addresses,
  alive: fc.boolean(),
})

const namespace = fc.record({
  kind: fc.constant('Namespace'),
  name: fc.constantFrom(...SPACES),
  labels: fc.constant({}),
})

/** Any object of a small cluster. */
export const anyObject: fc.Arbitrary<ClusterObject> = fc.oneof(
  { weight: 3, arbitrary: service },
  { weight: 4, arbitrary: slice },
  { weight: 1, arbitrary: pod },
  { weight: 2, arbitrary: namespace },
)

/** Any options that change names. */
export const anyOptions: fc.Arbitrary<Partial<NamingOptions>> = fc.record({
  pods: fc.constantFrom('disabled', 'insecure', 'verified'),
  namespaces: fc.constantFrom(undefined, undefined, new Set<string>(['default', 'shop'])),
  endpoints: fc.boolean(),
  ignoreEmptyService: fc.boolean(),
  endpointPodNames: fc.boolean(),
  zonal: fc.boolean(),
  ptr: fc.constantFrom('all', 'hostname', 'first'),
  ownAddresses: fc.constantFrom(
    () => [],
    () => IPV4.slice(2, 4),
  ),
})

const BELOW_SERVICE = [
  '',
  'pod-a. pod-b. pod-1. 10-1-0-1. fd00-1--0. --5. a-example. _tcp. _udp. x.y.z.'.split(' '),
  '_http._tcp. _dns._udp. _http._sctp. _._tcp. http.tcp. _http._tcp.pod-a.'.split(' '),
  '_zone. pin._zone. prefer._zone. zone-a.pin._zone. zone-a.prefer._zone. zone-b.pin._zone. zone-b.prefer._zone.'.split(
    ' ',
  ),
  'corp.example.pin._zone. example.pin._zone. zone-a.florp._zone.'.split(' '),
].flat()
const BELOW_ZONE = [
  '',
  'svc.',
  'pod.',
  'dns.',
  'ns.dns.',
  'dns-version.',
  'x.',
  'absent.svc.',
  'a.absent.svc.',
]
const BELOW_IN_ADDR = [
  '',
  '10. 96.10. 0.96.10. 1.0.96.10. 1.10. 0.1.10. 1.0.1.10. 3.7.1.10. 1.2.0.192. 9. x.1.0.1.10.'.split(' '),
].flat()

/** Names that objects of such a cluster may have, and some that none has. */
export const PROBES: readonly string[] = [
  ...SPACES.flatMap((space) => NAMES.map((one) => `${one}.${space}`)).flatMap((one) =>
    BELOW_SERVICE.map((below) => `${below}${one}.svc.cluster.local`),
  ),
  ...SPACES.map((space) => `${space}.svc.cluster.local`),
  ...SPACES.flatMap((space) =>
    ['', '10-1-0-1.', 'fd00-1--1.', 'x.10-1-0-1.'].map((below) => `${below}${space}.pod.cluster.local`),
  ),
  ...BELOW_ZONE.map((below) => `${below}cluster.local`),
  ...BELOW_IN_ADDR.map((below) => `${below}in-addr.arpa`),
]

/** What to send to a sink: the object itself, or word that it is gone. */
export function referenceTo(object: ClusterObject): ObjectReference {
  return {
    kind: object.kind,
    namespace: object.kind === 'Namespace' ? '' : object.namespace,
    name: object.name,
  }
}
