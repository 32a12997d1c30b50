import { ipFromText, isIpv4Mapped } from '../../../wire/ip-address.ts'
import type { IpAddress } from '../../../wire/rdata.ts'
import type { Service, ServicePort } from '../../objects.ts'
import { BrokenObject } from './broken-object.ts'
import { NO_LABELS, type ObjectMeta } from './object-meta.ts'
import type { Problems } from './problems.ts'
import { shownText } from './shown-text.ts'

/** What is read of a Service's spec and status, and its shrunk ports; empty texts where they do not say. */
export interface ServiceFields {
  readonly type: string
  readonly clusterIP: string
  readonly clusterIPs: readonly string[]
  readonly externalName: string
  readonly ports: readonly ServicePort[]
  readonly publishNotReadyAddresses: boolean
  readonly externalIPs: readonly string[]
  /** status.loadBalancer.ingress[].ip */
  readonly ingressIPs: readonly string[]
  /** status.loadBalancer.ingress[].hostname */
  readonly ingressHostnames: readonly string[]
}

/** A Service (core/v1). The API server has checked it, so what is odd is left out and the rest is served. */
export function shrinkService(meta: ObjectMeta, fields: ServiceFields, problems: Problems): Service {
  const isExternal = fields.type === 'ExternalName'
  if (isExternal && fields.externalName === '') throw new BrokenObject('spec.externalName is empty')
  const given = isExternal ? [] : givenClusterIPs(fields)
  const isHeadless = given[0] === 'None'
  const external = externalAddresses(fields)
  return {
    kind: 'Service',
    namespace: meta.namespace,
    name: meta.name,
    labels: NO_LABELS,
    type: isExternal ? 'ExternalName' : isHeadless ? 'Headless' : 'ClusterIP',
    clusterIPs: isHeadless || given.length === 0 ? NONE : shrinkAddresses(given, 'cluster IP', problems),
    externalName: isExternal ? fields.externalName : '',
    ports: fields.ports,
    publishNotReadyAddresses: fields.publishNotReadyAddresses || meta.toleratesUnready,
    ...(external.length > 0 && { externalAddresses: external }),
  }
}

const NONE: readonly IpAddress[] = []

/** clusterIPs, else clusterIP as before there were two. */
function givenClusterIPs({ clusterIPs, clusterIP }: ServiceFields): readonly string[] {
  const given = clusterIPs.length > 0 ? clusterIPs : [clusterIP]
  return given.filter((text) => text !== '')
}

/** Addresses that the object has for itself: of a Service, or of a Pod. What is no address is left out, with a problem. */
export function shrinkAddresses(
  texts: readonly string[],
  what: string,
  problems: Problems,
): readonly IpAddress[] {
  return texts.flatMap((text) => {
    const address = ipFromText(text)
    if (address !== undefined && !isIpv4Mapped(address)) return [address]
    const fault = address === undefined ? 'is not an IP address' : 'is an IPv4 address in IPv6 form'
    problems.add(`${what} "${shownText(text)}" ${fault}; it is left out`)
    return []
  })
}

/** Where the Service is reached from outside. What is no address is passed over: names of the cluster do not need it. */
function externalAddresses(fields: ServiceFields): readonly (IpAddress | string)[] {
  if (fields.externalIPs.length + fields.ingressIPs.length + fields.ingressHostnames.length === 0) return NONE
  const texts = [...fields.externalIPs, ...fields.ingressIPs]
  return [
    ...texts.flatMap((text) => ipFromText(text) ?? []),
    ...fields.ingressHostnames.filter((name) => name !== ''),
  ]
}
