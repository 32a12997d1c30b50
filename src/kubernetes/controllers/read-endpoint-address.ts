import { ipFromText } from '../../wire/ip-address.ts'
import type { IpAddress } from '../../wire/rdata.ts'
import { endpointFqdn, endpointHostname, endpointIpFault } from '../endpoint-address.ts'
import type { Manifest } from '../manifests/manifest.ts'
import type { Field } from './field.ts'
import type { Family } from './ip-family.ts'
import { type Report, named, warning } from './problem.ts'

/** What reading one endpoint needs to know of its object. */
export interface EndpointContext {
  readonly manifest: Manifest
  readonly report: Report
}

/** The IP address of an endpoint, or undefined, with a warning, where it cannot be served. */
export function readIpAddress(
  field: Field,
  context: EndpointContext,
  family?: Family,
): IpAddress | undefined {
  const text = field.text() ?? ''
  const address = ipFromText(text)
  const fault = endpointIpFault(address, family)
  return fault === undefined ? address : refuse(field, context, `"${text}" ${fault}`)
}

/** The host name that an endpoint of a slice of type FQDN has for an address, without a final dot. */
export function readFqdnAddress(field: Field, context: EndpointContext): string | undefined {
  const text = field.text() ?? ''
  const read = endpointFqdn(text)
  return 'name' in read ? read.name : refuse(field, context, `"${text}" ${read.fault}`)
}

/** The hostname of an endpoint; empty, with a warning, where it cannot be a DNS label. */
export function readEndpointHostname(field: Field, { manifest, report }: EndpointContext): string {
  const text = field.text() ?? ''
  const hostname = endpointHostname(text)
  if (hostname !== undefined) return hostname
  const message = `${named(manifest)}: hostname "${text}" is not a DNS label: the endpoint is served under the name made from its address`
  report(warning(manifest, field.path, 'SLICEDNS_MANIFEST_ENDPOINT_HOSTNAME', message))
  return ''
}

/** targetRef.name where it names a Pod, else empty. */
export function readTargetPod(endpoint: Field): string {
  const target = endpoint.at('targetRef')
  return target.at('kind').value === 'Pod' ? (target.at('name').text() ?? '') : ''
}

function refuse(field: Field, { manifest, report }: EndpointContext, why: string): undefined {
  const message = `${named(manifest)}: address ${why}; this endpoint is left out`
  report(warning(manifest, field.path, 'SLICEDNS_MANIFEST_ENDPOINT_ADDRESS', message))
  return undefined
}
