import { ADDRESSES_PER_SUBSET_MAX, type MirrorExclusion } from '../endpoint-slice-mirroring.ts'
import { SKIP_MIRROR } from '../labels.ts'
import { type ObjectProblem, type Path, named, warning } from '../problem.ts'
import type { EndpointsDraft } from '../read-endpoints.ts'
import type { Linted } from './linted.ts'

interface Exclusion {
  readonly code: string
  readonly path: Path
  readonly why: string
}

/** Why Endpoints have no effect, in words. */
const EXCLUSIONS: Readonly<Record<MirrorExclusion, Exclusion>> = {
  'skip-mirror': {
    code: 'SLICEDNS_MANIFEST_SKIP_MIRROR',
    path: ['metadata', 'labels', SKIP_MIRROR],
    why: `label ${SKIP_MIRROR} is "true". Remove it, or write EndpointSlices`,
  },
  leader: {
    code: 'SLICEDNS_MANIFEST_LEADER_ELECTION',
    path: ['metadata', 'annotations'],
    why: 'they carry the leader-election annotation control-plane.alpha.kubernetes.io/leader. Remove it if they are meant as endpoints',
  },
  'no service': {
    code: 'SLICEDNS_MANIFEST_ENDPOINTS_WITHOUT_SERVICE',
    path: ['metadata', 'name'],
    why: 'there is no Service of that name. Make one without a selector',
  },
  selector: {
    code: 'SLICEDNS_MANIFEST_ENDPOINTS_BESIDE_SELECTOR',
    path: ['metadata', 'name'],
    why: 'the Service has a selector, so its endpoints are the Pods it selects. Remove the selector or the Endpoints',
  },
}

/** Endpoints that are not mirrored into EndpointSlices, whole or in part. */
export function lintEndpoints({ cluster, slices, report }: Linted): void {
  for (const [endpoints, exclusion] of slices.excluded) report(excluded(endpoints, EXCLUSIONS[exclusion]))
  for (const endpoints of cluster.endpoints) {
    if (slices.excluded.has(endpoints)) continue
    for (const [index, { addresses }] of endpoints.subsets.entries()) {
      if (addresses.length > ADDRESSES_PER_SUBSET_MAX) report(tooMany(endpoints, index, addresses.length))
    }
  }
}

function excluded({ manifest }: EndpointsDraft, { code, path, why }: Exclusion): ObjectProblem {
  return warning(manifest, path, code, `${named(manifest)} are not mirrored: ${why}`)
}

function tooMany({ manifest }: EndpointsDraft, index: number, count: number): ObjectProblem {
  const message = `${named(manifest)}: subsets[${index}] has ${count} addresses, of which the first ${ADDRESSES_PER_SUBSET_MAX} are mirrored. Write EndpointSlices instead`
  return warning(manifest, ['subsets', index], 'SLICEDNS_MANIFEST_ENDPOINTS_TOO_MANY', message)
}
