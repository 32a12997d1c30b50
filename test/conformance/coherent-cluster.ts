import * as fc from 'fast-check'

import type { NamingOptions } from '../../src/kubernetes/naming/naming-options.ts'
import type { ClusterObject, EndpointSlice, Service } from '../../src/kubernetes/objects.ts'
import { anyObject, anyOptions } from '../helpers/any-cluster.ts'
import { endpoint, namespace, service, slice } from '../helpers/cluster.ts'

/** A cluster and the options under which it is asked. */
export interface CoherentCluster {
  readonly objects: readonly ClusterObject[]
  readonly options: Partial<NamingOptions>
}

const SPACES = ['default', 'shop'] as const
const NAMES = ['web', 'db', 'queue', 'cache'] as const
const PORTS = [':80', 'http:80', 'https:443', 'dns:53/UDP', 'dns:53/TCP', 'diameter:3868/SCTP'] as const
const NUMBERLESS = 'nothing:'
const POOLS = {
  IPv4: ['10.1.0.1', '10.1.0.2', '10.1.7.3', '192.0.2.1'],
  IPv6: ['fd00:1::1', 'fd00:1::', 'fd00:2::1', '::5'],
  FQDN: ['a.example', 'B.example', 'web.default.svc.cluster.local'],
} as const

/** One endpoint of a slice, without its address. */
const anyEndpoint = fc.record({
  hostname: fc.constantFrom('', '', 'pod-a', 'pod-b'),
  ready: fc.constantFrom(true, true, true, false),
  podName: fc.constantFrom('', 'pod-1', 'with.dot'),
  topologyZone: fc.constantFrom('', 'zone-a', 'zone-b', 'corp.example'),
})

const anySlice = fc.record({
  addressType: fc.constantFrom('IPv4', 'IPv4', 'IPv6', 'FQDN'),
  ports: fc.subarray([...PORTS, NUMBERLESS]),
  endpoints: fc.array(fc.tuple(fc.nat({ max: 3 }), anyEndpoint), { minLength: 1, maxLength: 4, size: 'max' }),
})

const anyService = fc.record({
  path: fc.tuple(fc.constantFrom(...SPACES), fc.constantFrom(...NAMES)).map((parts) => parts.join('/')),
  kind: fc.constantFrom('ClusterIP', 'Headless', 'Headless', 'ExternalName', 'slices only'),
  clusterIPs: fc.subarray(['10.96.0.1', '10.96.0.2', 'fd00:10:96::1'], { minLength: 1, maxLength: 2 }),
  externalName: fc.constantFrom('example.com', 'db.default.svc.cluster.local', '192.0.2.1', '.'),
  ports: fc.subarray([...PORTS]),
  publishNotReadyAddresses: fc.boolean(),
  slices: fc.array(anySlice, { maxLength: 3, size: 'max' }),
})

/**
 * Services with slices of their own and namespaces that exist, so that most names below them do too; and a few objects
 * of any shape thrown in. Most options are as by default.
 */
export const coherentCluster: fc.Arbitrary<CoherentCluster> = fc
  .record({
    services: fc.uniqueArray(anyService, {
      minLength: 3,
      maxLength: 6,
      size: 'max',
      selector: ({ path }) => path,
    }),
    strangers: fc.array(anyObject, { maxLength: 3 }),
    spaces: fc.subarray([...SPACES], { minLength: 1 }),
    odd: anyOptions,
    isOdd: fc.constantFrom(true, false, false),
    pods: fc.constantFrom('disabled', 'insecure', 'verified'),
    zonal: fc.boolean(),
    ttlSeconds: fc.constantFrom(0, 1, 5, 30, 3600),
  })
  .map(({ services, strangers, spaces, odd, isOdd, pods, zonal, ttlSeconds }) => ({
    objects: [...strangers, ...spaces.map(namespace), ...services.flatMap(objectsOf)],
    options: { ...(isOdd ? odd : { pods, zonal }), ttlSeconds },
  }))

type DraftService = typeof anyService extends fc.Arbitrary<infer Draft> ? Draft : never

function objectsOf(draft: DraftService): readonly (Service | EndpointSlice)[] {
  const { path, kind, ports, publishNotReadyAddresses } = draft
  const [space = '', name = ''] = path.split('/')
  const slices = draft.slices.map(({ addressType, ports: slicePorts, endpoints }, index) => {
    const pool = POOLS[addressType]
    const read = endpoints.map(([which, fields]) => endpoint(pool[which % pool.length] ?? '', fields))
    return slice(`${space}/${name}-${index}`, name, { addressType, ports: slicePorts, endpoints: read })
  })
  if (kind === 'slices only') return slices
  const own = service(path, {
    type: kind,
    ports,
    publishNotReadyAddresses,
    clusterIPs: kind === 'ClusterIP' ? draft.clusterIPs : [],
    externalName: kind === 'ExternalName' ? draft.externalName : '',
  })
  return [own, ...slices]
}
