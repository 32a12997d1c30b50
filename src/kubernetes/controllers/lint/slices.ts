import { SERVICE_NAME } from '../labels.ts'
import { type ObjectProblem, named, warning } from '../problem.ts'
import type { EndpointSliceDraft } from '../read-endpoint-slice.ts'
import type { Linted } from './linted.ts'

/** Written EndpointSlices that belong to no Service, and FQDN slices beside address slices. */
export function lintSlices({ cluster, slices, report }: Linted): void {
  for (const draft of cluster.slices) {
    const { namespace, serviceName, addressType } = draft.slice
    const service = `${namespace}/${serviceName}`
    if (!cluster.servicesByKey.has(service)) {
      report(withoutService(draft))
      continue
    }
    const siblings = addressType === 'FQDN' ? (slices.byService.get(service) ?? []) : []
    const hasAddresses = siblings.some((slice) => slice.addressType !== 'FQDN' && slice.endpoints.length > 0)
    if (hasAddresses) report(besideAddresses(draft))
  }
}

function withoutService({ manifest, slice }: EndpointSliceDraft): ObjectProblem {
  const why =
    slice.serviceName === ''
      ? `has no label ${SERVICE_NAME}. Add it, with the name of a Service`
      : `is labelled for Service "${slice.serviceName}", which namespace "${slice.namespace}" does not have. Make that Service, or mend the label`
  const path = ['metadata', 'labels', SERVICE_NAME]
  return warning(manifest, path, 'SLICEDNS_MANIFEST_SLICE_WITHOUT_SERVICE', `${named(manifest)} ${why}`)
}

function besideAddresses({ manifest, slice }: EndpointSliceDraft): ObjectProblem {
  const message = `${named(manifest)} holds host names, but Service "${slice.serviceName}" has slices of addresses too: those win, and the host names have no effect. Remove one or the other`
  return warning(manifest, ['addressType'], 'SLICEDNS_MANIFEST_FQDN_BESIDE_ADDRESSES', message)
}
