import type { Service } from '../objects.ts'
import type { ServiceEntry } from '../service-entry.ts'
import { portKeys, portsOf } from './port-key.ts'
import type { ServiceEndpoints } from './service-endpoints.ts'

/** How many names a sentence lists before it says "and N more". */
const LISTED = 5

/** `Service web in namespace shop`, as descriptions begin. */
export function describeService({ namespace, name }: Pick<Service, 'namespace' | 'name'>): string {
  return `Service ${name} in namespace ${namespace}`
}

/** `a, b, c and 12 more`. */
export function listed(names: Iterable<string>): string {
  const all = [...names]
  const more = all.length - LISTED
  return all.slice(0, LISTED).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

/** ` (2 not ready)`, or nothing where none is. */
export function notReadyCount({ notReady }: ServiceEndpoints): string {
  return notReady.size === 0 ? '' : ` (${notReady.size} not ready)`
}

/** What is to be known of a Service's endpoints, and what to do where there are none. */
export function endpointHints(
  { slices, name }: ServiceEntry,
  endpoints: ServiceEndpoints,
): readonly string[] {
  const hints: string[] = []
  const { byLabel, notReady } = endpoints
  if (byLabel.size > 0) hints.push(`Ready endpoints: ${listed(byLabel.keys())}.`)
  if (notReady.size > 0) hints.push(`Endpoints that are not ready: ${listed(notReady)}.`)
  if (byLabel.size + notReady.size > 0) return hints
  return slices.length === 0
    ? [`No EndpointSlice is labelled kubernetes.io/service-name=${name}: does the selector match a Pod?`]
    : ['Its EndpointSlices hold no endpoint: does the selector match a running Pod?']
}

/** The names that its SRV records are at. */
export function portHints(service: Service, endpoints: () => ServiceEndpoints): readonly string[] {
  const keys = portKeys(portsOf(service, endpoints))
  const missing = [...portKeys(service.ports)].filter((key) => !keys.has(key))
  const named =
    keys.size > 0
      ? `SRV records by port: ${listed(keys)}.`
      : 'It has no named port: SRV records of unnamed ports are at its own name.'
  if (missing.length === 0) return [named]
  const unmatched = `Its EndpointSlices have no port named as in the Service: ${listed(missing)}.`
  return keys.size > 0 ? [named, unmatched] : [unmatched]
}
