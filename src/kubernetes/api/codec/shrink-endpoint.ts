import { ipFromText, ipToText } from '../../../wire/ip-address.ts'
import type { IpAddress } from '../../../wire/rdata.ts'
import { endpointFqdn, endpointHostname, endpointIpFault } from '../../endpoint-address.ts'
import type { Endpoint, EndpointSlice } from '../../objects.ts'
import type { Problems } from './problems.ts'
import { shownText } from './shown-text.ts'

/** An endpoint as the API gives it. */
export interface EndpointFields {
  /** Texts, or what `ipFromText` makes of them. */
  readonly addresses: readonly (IpAddress | string)[]
  readonly hostname: string
  readonly ready: boolean
  readonly podName: string
  readonly topologyZone: string
}

/** The endpoint, or undefined, with a problem, where an address cannot be served. `type` is undefined for either family. */
export function shrinkEndpoint(
  fields: EndpointFields,
  type: EndpointSlice['addressType'] | undefined,
  problems: Problems,
): Endpoint | undefined {
  if (isServedAsItIs(fields, type)) return fields
  const { addresses, hostname, ready, podName, topologyZone } = fields
  const served = type === 'FQDN' ? shrinkFqdns(addresses, problems) : shrinkIps(addresses, type, problems)
  if (served === undefined) return undefined
  return { addresses: served, hostname: shrinkHostname(hostname, problems), ready, podName, topologyZone }
}

/** Nearly all are, so that nothing else is made of them. */
function isServedAsItIs(
  fields: EndpointFields,
  type: EndpointSlice['addressType'] | undefined,
): fields is Endpoint {
  const { addresses, hostname } = fields
  if (type === 'FQDN' || addresses.length === 0 || endpointHostname(hostname) !== hostname) return false
  for (const address of addresses) {
    if (typeof address === 'string' || endpointIpFault(address, type) !== undefined) return false
  }
  return true
}

function shrinkIps(
  given: EndpointFields['addresses'],
  family: 'IPv4' | 'IPv6' | undefined,
  problems: Problems,
): readonly IpAddress[] | undefined {
  if (given.length === 0) return refuse('an endpoint has no address', problems)
  const addresses = areRead(given) ? given : readAddresses(given, problems)
  for (const address of addresses ?? []) {
    const fault = endpointIpFault(address, family)
    if (fault !== undefined) return refuse(`endpoint address "${ipToText(address)}" ${fault}`, problems)
  }
  return addresses
}

function areRead(given: EndpointFields['addresses']): given is readonly IpAddress[] {
  for (const value of given) if (typeof value === 'string') return false
  return true
}

function readAddresses(
  given: EndpointFields['addresses'],
  problems: Problems,
): readonly IpAddress[] | undefined {
  // An array that was mapped has no room for more: one that was pushed to has, for 16.
  const addresses = given.map((value) => (typeof value === 'string' ? ipFromText(value) : value))
  if (areAddresses(addresses)) return addresses
  const text = shownText(addressText(given[addresses.indexOf(undefined)] ?? ''))
  return refuse(`endpoint address "${text}" is not an IP address`, problems)
}

function areAddresses(addresses: readonly (IpAddress | undefined)[]): addresses is readonly IpAddress[] {
  for (const address of addresses) if (address === undefined) return false
  return true
}

function shrinkFqdns(given: EndpointFields['addresses'], problems: Problems): readonly string[] | undefined {
  if (given.length === 0) return refuse('an endpoint has no address', problems)
  const names: string[] = []
  for (const value of given) {
    const text = addressText(value)
    const read = endpointFqdn(text)
    if ('fault' in read) return refuse(`endpoint address "${shownText(text)}" ${read.fault}`, problems)
    names.push(read.name)
  }
  return names
}

function refuse(why: string, problems: Problems): undefined {
  problems.add(`${why}; this endpoint is left out`)
  return undefined
}

function shrinkHostname(text: string, problems: Problems): string {
  const hostname = endpointHostname(text)
  if (hostname !== undefined) return hostname
  problems.add(
    `hostname "${shownText(text)}" is not a DNS label: the endpoint is served under the name made from its address`,
  )
  return ''
}

function addressText(value: IpAddress | string): string {
  return typeof value === 'string' ? value : ipToText(value)
}
