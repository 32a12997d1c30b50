import type { Service } from '../objects.ts'
import type { ServiceEndpoints } from './service-endpoints.ts'

/** What SRV names tell ports apart by. */
export interface PortIdentity {
  readonly name: string
  readonly protocol: string
}

/** `_http._tcp`, in lower case. */
export function portKey({ name, protocol }: PortIdentity): string {
  return `_${name}._${protocol}`.toLowerCase()
}

/** The ports that a Service's SRV records are about: its own, or those of its endpoints where it is headless. */
export function portsOf(service: Service, endpoints: () => ServiceEndpoints): Iterable<PortIdentity> {
  if (service.type !== 'Headless') return service.ports
  const lists = new Set(
    endpoints()
      .byLabel.values()
      .map(({ ports }) => ports),
  )
  return [...lists].flat()
}

/** The distinct keys of ports that have a name. */
export function portKeys(ports: Iterable<PortIdentity>): ReadonlySet<string> {
  return new Set([...ports].filter(({ name }) => name !== '').map(portKey))
}
