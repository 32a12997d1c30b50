import { lowerCase, nameFromText } from '../../wire/name.ts'
import type { IpAddress } from '../../wire/rdata.ts'
import { RrType } from '../../wire/rrtype.ts'
import { collectAddresses } from '../naming/address-rdatas.ts'
import type { AddressRdatas, Found, NodeData } from '../naming/node.ts'
import { absence, addressData, fixedData, node } from '../naming/node.ts'
import { portKey } from '../naming/port-key.ts'
import type { NumberedPort } from '../naming/slice-endpoints.ts'
import type { ServiceView } from '../naming/service-view.ts'
import type { SrvTarget } from '../naming/srv-data.ts'
import { srvData } from '../naming/srv-data.ts'
import type { Service } from '../objects.ts'
import type { ExternalContext } from './external-options.ts'

/** Which Service, and the labels before it. */
interface ServicePath {
  readonly namespace: string
  readonly service: string
  readonly below: readonly string[]
}

/** A Service's own name, those of its ports, and of its endpoints where they have names. */
export function serviceFound(path: ServicePath, { options, context }: ExternalContext): Found {
  const view = context.view(path.namespace, path.service)
  const service = view?.entry.service
  if (view === undefined || service === undefined)
    return absence(`no such service "${path.service}" in namespace "${path.namespace}"`)
  const reach = reachOf(service, view, options.headless)
  if (reach === undefined)
    return absence(`service "${path.service}" in namespace "${path.namespace}" is not reached from outside`)
  const [label, above] = path.below
  const description = `Service ${service.name} in namespace ${service.namespace}, from outside`
  if (label === undefined) return node(description, ownData(reach, options.ttlSeconds))
  if (above === undefined) return belowService(label, { reach, view, description }, options)
  const wanted = `${label}.${above}`
  if (path.below.length > 2) return absence(`${description}: no names below a port`)
  if (reach.alias !== undefined) return aliasPort(reach, wanted, description)
  const targets = reach.targets((port) => portKey(port) === wanted)
  if (!hasPorts(targets)) return absence(`${description}: no port ${wanted}`)
  return node(`${description}, port ${wanted}`, [srvData(() => targets, options.ttlSeconds)])
}

/** SRV records lead to the host name itself: their target must be no alias (RFC 2782). */
function aliasPort({ alias, ports }: Reach, wanted: string, description: string): Found {
  const numbers = numbersOf(ports.filter((port) => portKey(port) === wanted))
  if (alias === undefined || numbers.length === 0) return absence(`${description}: no port ${wanted}`)
  const weight = Math.max(1, Math.floor(100 / numbers.length))
  const rdatas = numbers.map((port) => ({ kind: 'SRV', priority: 0, weight, port, target: alias }) as const)
  return node(`${description}, port ${wanted}`, [fixedData(RrType.SRV, rdatas)])
}

/** How a Service is reached: by addresses, or under another name; SRV records lead there. */
interface Reach {
  readonly addresses: AddressRdatas
  /** A host name of a load balancer, where there is no address. */
  readonly alias: ReturnType<typeof nameFromText>
  /** Whether endpoints have names. */
  readonly hasEndpoints: boolean
  readonly ports: readonly NumberedPort[]
  readonly targets: (isWanted: (port: NumberedPort) => boolean) => readonly SrvTarget[]
}

function reachOf(service: Service, view: ServiceView, headless: boolean): Reach | undefined {
  const { externalAddresses = [], ports, namespace, name } = service
  const labels = [name, namespace]
  if (externalAddresses.length > 0 && ports.length > 0) {
    const addresses = collectAddresses(externalAddresses.filter((address) => typeof address !== 'string'))
    return {
      addresses,
      alias: aliasOf(externalAddresses, addresses),
      hasEndpoints: false,
      ports,
      targets: (isWanted) => [{ labels, addresses, ports: numbersOf(ports.filter(isWanted)) }],
    }
  }
  const endpoints = [...view.endpoints.byLabel.values()]
  if (!headless || externalAddresses.length > 0 || endpoints.length === 0) return undefined
  const isHeadless = service.type === 'Headless'
  return {
    addresses: isHeadless ? view.endpoints.addresses : collectAddresses([]),
    alias: undefined,
    hasEndpoints: true,
    ports: isHeadless ? endpoints.flatMap((endpoint) => endpoint.ports) : [],
    targets: (isWanted) =>
      (isHeadless ? endpoints : []).map((endpoint) => ({
        labels: [endpoint.label, ...labels],
        addresses: endpoint.addresses,
        ports: numbersOf(endpoint.ports.filter(isWanted)),
      })),
  }
}

/** The first host name by name order, so that there is one CNAME and always the same (differences.md 12). */
function aliasOf(external: readonly (IpAddress | string)[], { a, aaaa }: AddressRdatas): Reach['alias'] {
  if (a.length + aaaa.length > 0) return undefined
  const names = external.flatMap((text) => (typeof text === 'string' ? (nameFromText(text) ?? []) : []))
  return names.map(lowerCase).toSorted()[0]
}

function ownData({ addresses, alias, targets }: Reach, ttlSeconds: number): readonly NodeData[] {
  if (alias !== undefined) return [fixedData(RrType.CNAME, [{ kind: 'CNAME', target: alias }])]
  const all = targets(() => true)
  return [...addressData(addresses), ...(hasPorts(all) ? [srvData(() => all, ttlSeconds)] : [])]
}

/** One label: a protocol, below which ports are, or an endpoint. */
function belowService(
  label: string,
  {
    reach,
    view,
    description,
  }: { readonly reach: Reach; readonly view: ServiceView; readonly description: string },
  { ttlSeconds }: { readonly ttlSeconds: number },
): Found {
  if (reach.ports.some((port) => port.name !== '' && label === `_${port.protocol.toLowerCase()}`))
    return node(`${description}, above its ports`, [])
  const endpoint = reach.hasEndpoints ? view.endpoints.byLabel.get(label) : undefined
  if (endpoint === undefined) return absence(`${description}: no "${label}"`)
  const labels = [endpoint.label, view.entry.name, view.entry.namespace]
  const target = { labels, addresses: endpoint.addresses, ports: numbersOf(endpoint.ports) }
  const data = [...addressData(endpoint.addresses)]
  if (target.ports.length > 0) data.push(srvData(() => [target], ttlSeconds))
  return node(`${description}, endpoint ${label}`, data)
}

function numbersOf(ports: readonly { readonly port: number }[]): readonly number[] {
  return [...new Set(ports.map(({ port }) => port))]
}

function hasPorts(targets: readonly SrvTarget[]): boolean {
  return targets.some(({ ports }) => ports.length > 0)
}
