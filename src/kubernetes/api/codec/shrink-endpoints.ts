import { mirrorEndpoints } from '../../controllers/endpoint-slice-mirroring.ts'
import type { SubsetAddress } from '../../controllers/read-endpoints.ts'
import { SliceNames } from '../../controllers/slice-names.ts'
import type { EndpointSlice } from '../../objects.ts'
import type { ShrunkEndpoints } from '../api-event.ts'
import type { Door } from './door.ts'
import { NO_LABELS, type ObjectMeta } from './object-meta.ts'
import { type EndpointFields, shrinkEndpoint } from './shrink-endpoint.ts'
import type { PortFields } from './shrink-ports.ts'

/** A subset of Endpoints as the API gives it. */
export interface SubsetFields {
  /** Ready ones first, each with one address. */
  readonly addresses: readonly EndpointFields[]
  readonly ports: readonly PortFields[]
}

/**
 * Endpoints (core/v1) as slices. They are made for Services with a selector too and for those that ask not to be mirrored, which the
 * mirroring controller passes over as somebody else makes their slices: where there are no slices to watch, nothing else says
 * where their endpoints are.
 */
export function shrinkEndpoints(
  meta: ObjectMeta,
  subsets: readonly SubsetFields[],
  door: Door,
): ShrunkEndpoints {
  const { namespace, name } = meta
  if (meta.isLeaderLock) return { kind: 'Endpoints', namespace, name, slices: [] }
  const read = {
    namespace,
    name,
    key: `${namespace}/${name}`,
    labels: NO_LABELS,
    subsets: subsets.map(({ addresses, ports }) => ({
      ports: door.endpointPorts.share(ports),
      addresses: addresses.flatMap((fields) => shrinkAddress(fields, door)),
    })),
  }
  return {
    kind: 'Endpoints',
    namespace,
    name,
    slices: mirrorEndpoints(read, new SliceNames([])).map(withoutLabels),
  }
}

/** Those that the controller would set say nothing that is not known. */
function withoutLabels(slice: EndpointSlice): EndpointSlice {
  return { ...slice, labels: NO_LABELS }
}

function shrinkAddress(fields: EndpointFields, door: Door): SubsetAddress[] {
  const endpoint = shrinkEndpoint(fields, undefined, door.problems)
  const address = endpoint?.addresses[0]
  if (endpoint === undefined || address === undefined || typeof address === 'string') return []
  return [{ ...endpoint, addresses: [address] }]
}
