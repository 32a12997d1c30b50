import { ipFromText } from '../../wire/ip-address.ts'
import { nameFromText, ROOT } from '../../wire/name.ts'
import { RrType } from '../../wire/rrtype.ts'
import type { Service } from '../objects.ts'
import type { ServiceEntry } from '../service-entry.ts'
import { collectAddresses } from './address-rdatas.ts'
import type { NamingOptions } from './naming-options.ts'
import { absence, absenceOf, addressData, fixedData, type Found, node, type NodeData } from './node.ts'
import type { ServiceEndpoints } from './service-endpoints.ts'
import { describeService, endpointHints, notReadyCount, portHints } from './service-text.ts'
import { clusterIPTarget, endpointTargets, srvData } from './srv-data.ts'

/** What stands at the name of a Service (Kubernetes DNS specification 1.1.0, sections 2.3 to 2.5). */
export function serviceNode(
  entry: ServiceEntry,
  endpoints: () => ServiceEndpoints,
  options: NamingOptions,
): Found {
  const { service } = entry
  if (service === undefined) return onlySlices(entry)
  if (service.type === 'ExternalName') return externalNameNode(service)
  const build = service.type === 'Headless' ? headlessNode : clusterIPNode
  return build(service, { entry, endpoints }, options)
}

interface Parts {
  readonly entry: ServiceEntry
  readonly endpoints: () => ServiceEndpoints
}

function clusterIPNode(service: Service, { entry, endpoints }: Parts, options: NamingOptions): Found {
  if (options.ignoreEmptyService && endpoints().byLabel.size === 0) {
    const text = `service "${service.name}" has no ready endpoint${notReadyCount(endpoints())} and empty services are ignored`
    return absenceOf('EndpointSlice', text, () => [
      ...endpointHints(entry, endpoints()),
      'Without "ignore empty_service" it would have its name all the same.',
    ])
  }
  const numbers = service.ports.map(({ port }) => port)
  const hasSrv = service.clusterIPs.length > 0 && numbers.length > 0
  const srv = srvData(() => clusterIPTarget(service, numbers), options.ttlSeconds)
  return node(
    `${describeService(service)}, cluster IP`,
    [...addressData(collectAddresses(service.clusterIPs)), ...(hasSrv ? [srv] : [])],
    () => [...portHints(service, endpoints), ...endpointHints(entry, endpoints())],
  )
}

function headlessNode(service: Service, { entry, endpoints }: Parts, options: NamingOptions): Found {
  const { alias, byLabel } = endpoints()
  const hints = () => [...portHints(service, endpoints), ...endpointHints(entry, endpoints())]
  if (byLabel.size > 0) {
    const description = `${describeService(service)}, headless${alias === undefined ? '' : `, alias of ${alias}`}`
    return node(description, headlessData(service, endpoints(), options), hints)
  }
  const subject = `service "${service.name}" is headless`
  return options.endpoints
    ? absenceOf('EndpointSlice', `${subject} and has no ready endpoint${notReadyCount(endpoints())}`, () =>
        endpointHints(entry, endpoints()),
      )
    : absence(`${subject} and endpoints have no names here`, () => ['"noendpoints" takes them away.'])
}

/** What endpoints, of which there are some, give a name that stands for all of them. */
export function headlessData(
  service: Service,
  { addresses, alias, byLabel }: ServiceEndpoints,
  { ttlSeconds }: Pick<NamingOptions, 'ttlSeconds'>,
): readonly NodeData[] {
  if (alias !== undefined) return [fixedData(RrType.CNAME, [{ kind: 'CNAME', target: alias }])]
  const hasSrv = byLabel.values().some(({ ports }) => ports.length > 0)
  const srv = srvData(() => endpointTargets(service, byLabel.values()), ttlSeconds)
  return [...addressData(addresses), ...(hasSrv ? [srv] : [])]
}

function externalNameNode(service: Service): Found {
  const subject = `service "${service.name}" has externalName "${service.externalName}"`
  if (ipFromText(service.externalName) !== undefined) {
    return absence(`${subject}, an address where a name must be`, () => [
      'Use a Service without selector and an EndpointSlice that holds the address.',
    ])
  }
  const target = nameFromText(service.externalName)
  if (target === undefined || target === ROOT) {
    return absence(`${subject}, which is no domain name`, () => ['Correct spec.externalName.'])
  }
  return node(`${describeService(service)}, ExternalName ${target}`, [
    fixedData(RrType.CNAME, [{ kind: 'CNAME', target }]),
  ])
}

function onlySlices({ namespace, name, slices }: ServiceEntry): Found {
  return absence(`no such service "${name}" in namespace "${namespace}"`, () => [
    `EndpointSlice ${slices[0]?.name ?? ''} is labelled for it: create the Service, or correct the label kubernetes.io/service-name.`,
  ])
}
