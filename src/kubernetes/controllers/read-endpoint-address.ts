import { ipFromText, isIpv4Mapped } from '../../wire/ip-address.ts'
import type { IpAddress } from '../../wire/rdata.ts'
import type { Manifest } from '../manifests/manifest.ts'
import { specialKind } from '../special-address.ts'
import type { Field } from './field.ts'
import { type Family, familyOf } from './ip-family.ts'
import { isDnsLabel, isDnsSubdomain } from './object-name.ts'
import { type Report, named, warning } from './problem.ts'

/** What reading one endpoint needs to know of its object. */
export interface EndpointContext {
  readonly manifest: Manifest
  readonly report: Report
}

/**
 * The IP address of an endpoint, or undefined, with a warning, where it cannot be served. With `family`, an address
 * of the other one cannot. Kubernetes takes leading zeros for decimal, other software for octal: they are refused.
 */
export function readIpAddress(
  field: Field,
  context: EndpointContext,
  family?: Family,
): IpAddress | undefined {
  const text = field.text() ?? ''
  const address = ipFromText(text)
  if (address === undefined) return refuse(field, context, `"${text}" is not an IP address`)
  if (isIpv4Mapped(address)) {
    return refuse(field, context, `"${text}" is an IPv4 address in IPv6 form: write it as IPv4`)
  }
  if (family !== undefined && familyOf(address) !== family) {
    return refuse(field, context, `"${text}" does not belong in a slice of addressType ${family}`)
  }
  const kind = specialKind(address)
  if (kind !== undefined) {
    return refuse(field, context, `"${text}" is ${article(kind)} ${kind} address, which Kubernetes refuses`)
  }
  return address
}

function article(word: string): string {
  return word.startsWith('u') ? 'an' : 'a'
}

/** The host name that an endpoint of a slice of type FQDN has for an address, without a final dot. */
export function readFqdnAddress(field: Field, context: EndpointContext): string | undefined {
  const text = field.text() ?? ''
  const name = text.endsWith('.') ? text.slice(0, -1) : text
  if (ipFromText(name) !== undefined) {
    return refuse(
      field,
      context,
      `"${text}" is an IP address, and a slice of addressType FQDN holds host names`,
    )
  }
  if (isDnsSubdomain(name.toLowerCase()) && name.split('.').every((label) => label.length <= 63)) return name
  return refuse(field, context, `"${text}" is not a host name`)
}

/** The hostname of an endpoint; empty, with a warning, where it cannot be a DNS label. */
export function readEndpointHostname(field: Field, { manifest, report }: EndpointContext): string {
  const text = field.text() ?? ''
  const hostname = text.toLowerCase()
  if (hostname === '' || isDnsLabel(hostname)) return hostname
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
