import * as fc from 'fast-check'
import { test } from 'vitest'

import {
  type ApiResource,
  ENDPOINTS,
  ENDPOINT_SLICES,
  NAMESPACES,
  PODS,
  SERVICES,
} from '../../../../src/kubernetes/api/api-resource.ts'
import type { ApiObject } from '../../../helpers/api-object.ts'
import { itemOf } from './decode-harness.ts'

/** Texts that mean something, and any others. */
const text = fc.oneof(
  fc.constantFrom(
    '',
    'db',
    'DB',
    'Pod',
    'None',
    'TCP',
    'SCTP',
    'ExternalName',
    'IPv4',
    'IPv6',
    'FQDN',
    'true',
    'a.b.',
  ),
  fc.constantFrom(
    '10.0.0.1',
    '010.0.0.1',
    '255.255.255.255',
    '256.1.1.1',
    '127.0.0.1',
    'fd00::1',
    'FE80::1',
    '::',
  ),
  fc.constantFrom('2026-01-02T03:04:05.6Z', 'kubernetes.io/service-name', '__proto__'),
  fc.string({ unit: 'grapheme', maxLength: 70 }),
)
const port = fc.oneof(
  fc.constantFrom(0, 1, 80, 65_535, 65_536, -1),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
)
const labels = fc.dictionary(
  fc.constantFrom(
    'kubernetes.io/service-name',
    'endpointslice.kubernetes.io/skip-mirror',
    'endpoints.kubernetes.io/last-change-trigger-time',
    'control-plane.alpha.kubernetes.io/leader',
    'service.alpha.kubernetes.io/tolerate-unready-endpoints',
    'app',
  ),
  text,
)
const targetRef = some({ kind: text, name: text, namespace: text })
const list = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[] | null> =>
  fc.oneof(fc.constant(null), fc.array(item, { maxLength: 4 }))
const ports = list(some({ name: text, protocol: text, port, appProtocol: text }))
const address = some({ ip: text, hostname: text, targetRef, nodeName: text })

/** What stands in an object of that kind beside its metadata. */
const FIELDS: readonly (readonly [ApiResource, fc.Arbitrary<object>])[] = [
  [
    SERVICES,
    some({
      spec: some({
        type: text,
        clusterIP: text,
        clusterIPs: list(text),
        externalName: text,
        externalIPs: list(text),
        publishNotReadyAddresses: fc.boolean(),
        ports,
        selector: labels,
      }),
      status: some({ loadBalancer: some({ ingress: list(some({ ip: text, hostname: text })) }) }),
    }),
  ],
  [
    ENDPOINT_SLICES,
    some({
      addressType: fc.constantFrom('IPv4', 'IPv6', 'FQDN', 'IP', ''),
      ports,
      endpoints: list(
        some({
          addresses: list(text),
          conditions: some({ ready: fc.boolean(), serving: fc.boolean() }),
          hostname: text,
          targetRef,
          nodeName: text,
          zone: text,
        }),
      ),
    }),
  ],
  [
    ENDPOINTS,
    some({ subsets: list(some({ addresses: list(address), notReadyAddresses: list(address), ports })) }),
  ],
  [PODS, some({ status: some({ phase: text, podIP: text, podIPs: list(some({ ip: text })) }) })],
  [NAMESPACES, some({ status: some({ phase: text }) })],
]

const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 70 })

test.each(FIELDS.map(([resource, fields]) => [resource.kind, resource, fields] as const))(
  'createCodec gives the same of any %s in protobuf and in JSON',
  (kind, resource, fields) => {
    const metadata = fc.record(
      {
        name,
        ...(kind !== 'Namespace' && { namespace: name }),
        resourceVersion: text,
        labels,
        annotations: labels,
        deletionTimestamp: fc.constant('2026-01-02T03:04:05Z'),
      },
      { requiredKeys: kind === 'Namespace' ? ['name'] : ['name', 'namespace'] },
    )
    const object = fc
      .tuple(metadata, fields)
      .map(([meta, rest]): ApiObject => Object.assign({ apiVersion: 'v1', kind, metadata: meta }, rest))
    // `itemOf` compares the two.
    fc.assert(
      fc.property(object, (given) => {
        itemOf(resource, given)
      }),
      { numRuns: 150 },
    )
  },
)

/** An object with any of the members. */
function some(members: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> {
  return fc.record(members, { requiredKeys: [] })
}
