import type { ApiObject } from '../helpers/api-object.ts'
import type { Addresses, EndpointFields, Place, PortFields } from './builders.ts'

/** Makes the objects of one state at a place. */
export type MakeState = (place: Place, addresses: Addresses) => readonly ApiObject[]

export const HTTP: readonly PortFields[] = [{ name: 'http', port: 80 }]
export const HTTP_TARGET: readonly PortFields[] = [{ name: 'http', port: 8080 }]
export const SEVERAL: readonly PortFields[] = [
  { name: 'http', port: 80 },
  { name: 'https', port: 443 },
  { name: 'dns-tcp', port: 53 },
  { name: 'dns', port: 53, protocol: 'UDP' },
]

export const READY = { ready: true }
export const NOT_READY = { ready: false }
export const TERMINATING = { ready: false, serving: true, terminating: true }

export function endpoints4(
  addresses: Addresses,
  count: number,
  fields: Partial<EndpointFields> = {},
): EndpointFields[] {
  return Array.from({ length: count }, () => ({
    conditions: READY,
    ...fields,
    addresses: [addresses.pod4()],
  }))
}

export function endpoints6(
  addresses: Addresses,
  count: number,
  fields: Partial<EndpointFields> = {},
): EndpointFields[] {
  return Array.from({ length: count }, () => ({
    conditions: READY,
    ...fields,
    addresses: [addresses.pod6()],
  }))
}

export function named(endpoints: readonly EndpointFields[], name: string): EndpointFields[] {
  return endpoints.map((endpoint, index) => ({ ...endpoint, hostname: `${name}-${index}` }))
}
