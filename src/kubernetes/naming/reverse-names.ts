import { ipToText } from '../../wire/ip-address.ts'
import { type DomainName, nameFromLabels } from '../../wire/name.ts'
import type { IpAddress } from '../../wire/rdata.ts'
import { addressFromReverseName } from '../../wire/reverse-name.ts'
import { RrType } from '../../wire/rrtype.ts'
import type { EndpointSlice } from '../objects.ts'
import { endpointLabel } from './endpoint-label.ts'
import type { NamingContext } from './naming-context.ts'
import { absenceOf, type Absence, fixedData, type Found, node } from './node.ts'
import { isInKnownRange, rangeOfReverseName } from './reverse-range.ts'
import { isReady } from './service-endpoints.ts'
import { describeService } from './service-text.ts'
import { serviceLabels } from './srv-data.ts'

/** A name in in-addr.arpa or ip6.arpa, in lower case: a PTR where a Service or endpoint has the address. */
export function findReverseName(lowerName: DomainName, zone: DomainName, context: NamingContext): Found {
  const address = addressFromReverseName(lowerName)
  if (address === undefined) return findAbovePtr(lowerName, zone, context)
  const targets = ptrTargets(address, context)
  const [first] = targets
  if (first === undefined) return missingPtr(address, { lowerName, zone }, context)
  const rdatas = targets.map(({ target }) => ({ kind: 'PTR', target }) as const)
  return node(`address of ${first.description}`, [fixedData(RrType.PTR, rdatas)])
}

/** Where a PTR leads. */
export interface PtrTarget {
  readonly target: DomainName
  readonly description: string
}

/** The Service that has it as a cluster IP, else its endpoints in their fixed order (differences.md 8). */
export function ptrTargets(address: IpAddress, context: NamingContext): readonly PtrTarget[] {
  const owner = clusterIPTarget(address, context)
  return owner === undefined ? endpointTargets(address, context) : [owner]
}

function clusterIPTarget(address: IpAddress, context: NamingContext): PtrTarget | undefined {
  const [first] = context.store
    .servicesAt(address)
    .filter(({ namespace }) => context.isExposed(namespace))
    .flatMap((service) => {
      const target = nameFromLabels(serviceLabels(service), context.options.primaryZone)
      return target === undefined ? [] : [{ target, description: describeService(service) }]
    })
    .toSorted((one, other) => (one.target < other.target ? -1 : 1))
  return first
}

interface EndpointTarget extends PtrTarget {
  readonly hasHostname: boolean
  readonly isHeadless: boolean
}

function endpointTargets(address: IpAddress, context: NamingContext): readonly PtrTarget[] {
  const { endpoints, ptr } = context.options
  if (!endpoints) return []
  const distinct = new Map<DomainName, EndpointTarget>()
  for (const slice of context.store.slicesAt(address)) {
    for (const target of targetsOfSlice(slice, address, context)) {
      if (distinct.get(target.target)?.hasHostname !== true) distinct.set(target.target, target)
    }
  }
  const targets = [...distinct.values()].toSorted(inFixedOrder)
  if (ptr === 'hostname') return targets.filter(({ hasHostname }) => hasHostname)
  return ptr === 'first' ? targets.slice(0, 1) : targets
}

function targetsOfSlice(
  slice: EndpointSlice,
  address: IpAddress,
  context: NamingContext,
): readonly EndpointTarget[] {
  const entry = context.view(slice.namespace, slice.serviceName)?.entry
  const service = entry?.service
  if (entry === undefined || service === undefined || service.type === 'ExternalName') return []
  return slice.endpoints.flatMap((endpoint) => {
    if (!isReady(endpoint, entry) || !endpoint.addresses.some((other) => other === address)) return []
    const label = endpointLabel(endpoint, address, context.options)
    const target = nameFromLabels([label, ...serviceLabels(service)], context.options.primaryZone)
    const description = `endpoint ${label} of ${describeService(service)}`
    const hasHostname = endpoint.hostname !== ''
    return target === undefined
      ? []
      : [{ target, description, hasHostname, isHeadless: service.type === 'Headless' }]
  })
}

function inFixedOrder(one: EndpointTarget, other: EndpointTarget): number {
  if (one.hasHostname !== other.hasHostname) return one.hasHostname ? -1 : 1
  if (one.isHeadless !== other.isHeadless) return one.isHeadless ? -1 : 1
  return one.target < other.target ? -1 : 1
}

/**
 * A name that is no whole address. Names above a PTR exist, but where others are asked for what is not known here it is
 * not for this cluster to say that there is nothing else below (differences.md 1).
 */
function findAbovePtr(lowerName: DomainName, zone: DomainName, context: NamingContext): Found {
  const range = rangeOfReverseName(lowerName)
  if (range === undefined)
    return outsideUnlessKnown('no reverse name of an address', { lowerName, zone }, context)
  const text = `no Service or ready endpoint has an address from ${ipToText(range.low)} to ${ipToText(range.high)}`
  const { options, store } = context
  const isNamed = (address: IpAddress): boolean => ptrTargets(address, context).length > 0
  const isAbovePtr =
    !options.fallsThrough(lowerName) &&
    (store.someClusterIPWithin(range.low, range.high, isNamed) ||
      (options.endpoints && store.someEndpointWithin(range.low, range.high, isNamed)))
  return isAbovePtr
    ? node('parent of reverse names', [])
    : outsideUnlessKnown(text, { lowerName, zone }, context)
}

interface ReverseName {
  readonly lowerName: DomainName
  readonly zone: DomainName
}

function missingPtr(address: IpAddress, name: ReverseName, context: NamingContext): Absence {
  const text = `no Service or ready endpoint has address ${ipToText(address)}`
  return outsideUnlessKnown(text, name, context, () => slicesThatHold(address, context))
}

/** Why addresses of EndpointSlices have no PTR. */
function slicesThatHold(address: IpAddress, context: NamingContext): readonly string[] {
  if (!context.options.endpoints) return []
  return context.store.slicesAt(address).map(({ namespace, name, serviceName }) => {
    const service = context.view(namespace, serviceName)?.entry.service
    const holds = `EndpointSlice ${name} in namespace ${namespace} holds it`
    if (service === undefined) return `${holds}, but there is no service "${serviceName}" to name it after.`
    return `${holds} for service "${serviceName}", but not as a ready endpoint that may have a PTR.`
  })
}

/** Before the first sync, addresses that are not the cluster's go on to others where that is configured. */
function outsideUnlessKnown(
  text: string,
  { lowerName, zone }: ReverseName,
  context: NamingContext,
  hints?: () => readonly string[],
): Absence {
  const isOutside = context.options.fallsThrough(lowerName) && !isInKnownRange(lowerName, zone)
  return { ...absenceOf('EndpointSlice', text, hints), isOutside }
}
