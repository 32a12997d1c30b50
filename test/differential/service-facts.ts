import { ipFromText, ipToText, isIpv4, isIpv4Mapped } from '../../src/wire/ip-address.ts'
import type { ApiObject } from '../helpers/api-object.ts'
import { clusterIPsOf, endpointsIn, fieldAt, portsIn, textAt } from './api-fields.ts'
import type { RawEndpoint, RawPort } from './api-fields.ts'
import type { Profile } from './corefiles.ts'

/** What stands below a Service by the name of one endpoint. */
export interface EndpointFacts {
  readonly label: string
  /** Canonical texts. */
  readonly addresses: readonly string[]
  readonly hosts: readonly string[]
}

/**
 * A Service with its slices, as docs/differences.md reads them: written apart from src/, so that the test does not believe
 * the code it tests.
 */
export interface ServiceFacts {
  readonly namespace: string
  readonly name: string
  readonly type: 'ClusterIP' | 'Headless' | 'ExternalName' | 'none'
  readonly clusterIPs: readonly string[]
  readonly externalName: string
  /** Whether its own name exists. */
  readonly exists: boolean
  /** Where its name leads, with a final dot, if it is an alias. */
  readonly alias: string | undefined
  readonly endpoints: ReadonlyMap<string, EndpointFacts>
  /** Ports that SRV records speak of: of the Service, or of slices with a ready endpoint where it is headless. */
  readonly ports: readonly RawPort[]
  readonly publishesNotReady: boolean
  readonly hasNotReady: boolean
  readonly hasFqdnSlice: boolean
  readonly hasNullPort: boolean
  /** Hostnames that are no labels, by the address of their endpoint. */
  readonly misnamed: ReadonlyMap<string, string>
  /** Addresses of endpoints whose hostname has capital letters. */
  readonly upperNamedAddresses: ReadonlySet<string>
  /** What stands for the address of a ready endpoint and is none of its slice's family. */
  readonly badAddresses: readonly string[]
  /** For addresses in a spelling of their own: the label made of that, and the one made of the canonical spelling. */
  readonly oddLabels: ReadonlyMap<string, string>
  /** Ready because the Service says so. */
  readonly publishedAddresses: ReadonlySet<string>
  /** Ready addresses of the slices, whether or not the Service exists. */
  readonly readyAddresses: ReadonlySet<string>
}

export function readService(
  place: { readonly namespace: string; readonly name: string },
  service: ApiObject | undefined,
  slices: readonly ApiObject[],
  profile: Profile,
): ServiceFacts {
  const publishesNotReady = fieldAt(service, 'spec', 'publishNotReadyAddresses') === true
  const type = typeOf(service)
  const served = profile.endpoints ? withoutFqdnBesideAddresses(slices) : []
  const isReady = ({ ready }: RawEndpoint): boolean => ready || publishesNotReady
  const endpoints = readEndpoints(served, isReady, profile)
  const externalName = textAt(service, 'spec', 'externalName')
  const hosts = [...endpoints.values()].flatMap((endpoint) => endpoint.hosts)
  const all = slices.flatMap((slice) => endpointsIn(slice))
  const facts = {
    ...place,
    type,
    clusterIPs: clusterIPsOf(service),
    externalName,
    alias: aliasOf(type, externalName, hosts),
    endpoints,
    ports: type === 'Headless' ? readyPorts(served, isReady) : portsIn(service),
    publishesNotReady,
    hasNotReady: all.some(({ ready }) => !ready),
    hasFqdnSlice: slices.some((slice) => textAt(slice, 'addressType') === 'FQDN'),
    hasNullPort: slices.some((slice) => portsIn(slice).some(({ port }) => port === undefined)),
    misnamed: misnamedIn(all),
    upperNamedAddresses: addressesWhere(all, ({ hostname }) => hostname !== hostname.toLowerCase()),
    badAddresses: slices.flatMap((slice) => badAddressesIn(slice)),
    oddLabels: oddLabelsIn(all),
    publishedAddresses: addressesWhere(all, ({ ready }) => !ready && publishesNotReady),
    readyAddresses: new Set([...endpoints.values()].flatMap(({ addresses }) => addresses)),
  }
  return { ...facts, exists: existsAtAll(facts, profile) }
}

function existsAtAll(
  { type, endpoints, alias }: Pick<ServiceFacts, 'type' | 'endpoints' | 'alias'>,
  { ignoreEmptyService }: Profile,
): boolean {
  if (type === 'none') return false
  if (type === 'ExternalName') return alias !== undefined
  return endpoints.size > 0 || (type === 'ClusterIP' && !ignoreEmptyService)
}

function typeOf(service: ApiObject | undefined): ServiceFacts['type'] {
  if (service === undefined) return 'none'
  if (textAt(service, 'spec', 'type') === 'ExternalName') return 'ExternalName'
  return textAt(service, 'spec', 'clusterIP') === 'None' ? 'Headless' : 'ClusterIP'
}

function aliasOf(
  type: ServiceFacts['type'],
  externalName: string,
  hosts: readonly string[],
): string | undefined {
  if (type === 'ExternalName')
    return ipFromText(externalName) === undefined ? absolute(externalName) : undefined
  const [first] = hosts.toSorted()
  return type === 'Headless' && first !== undefined ? absolute(first) : undefined
}

function withoutFqdnBesideAddresses(slices: readonly ApiObject[]): readonly ApiObject[] {
  const ofAddresses = slices.filter((slice) => textAt(slice, 'addressType') !== 'FQDN')
  return ofAddresses.some((slice) => endpointsIn(slice).length > 0) ? ofAddresses : slices
}

function readEndpoints(
  slices: readonly ApiObject[],
  isReady: (endpoint: RawEndpoint) => boolean,
  { endpointPodNames }: Profile,
): ReadonlyMap<string, EndpointFacts> {
  const endpoints = new Map<string, EndpointFacts>()
  for (const slice of slices) {
    const addressType = textAt(slice, 'addressType')
    for (const endpoint of endpointsIn(slice).filter(isReady)) {
      for (const text of endpoint.addresses) {
        const address = canonicalAddress(text, addressType)
        const isHost = addressType === 'FQDN'
        if (address === undefined && !isHost) continue
        const label = labelOf(endpoint, address ?? text, endpointPodNames)
        const { addresses, hosts } = endpoints.get(label) ?? { addresses: [], hosts: [] }
        endpoints.set(label, {
          label,
          addresses: isHost ? addresses : [...new Set([...addresses, address ?? ''])],
          hosts: isHost ? [...hosts, text] : hosts,
        })
      }
    }
  }
  return endpoints
}

function labelOf({ hostname, podName }: RawEndpoint, address: string, endpointPodNames: boolean): string {
  if (hostname !== '' && isLabel(hostname)) return hostname.toLowerCase()
  if (endpointPodNames && podName !== '' && podName.length <= 63) return podName.toLowerCase()
  return dashed(address)
}

/** An address or host name as a label. */
export function dashed(text: string): string {
  const label = text.toLowerCase().replaceAll(/[.:]/g, '-')
  return label.endsWith('-') ? `${label}0` : label
}

function readyPorts(
  slices: readonly ApiObject[],
  isReady: (endpoint: RawEndpoint) => boolean,
): readonly RawPort[] {
  return slices
    .filter((slice) => textAt(slice, 'addressType') !== 'FQDN' && endpointsIn(slice).some(isReady))
    .flatMap((slice) => portsIn(slice))
}

/** Unspecified, loopback, link-local: what Kubernetes refuses as the address of an endpoint. */
const SPECIAL = /^(0\.0\.0\.0$|127\.|169\.254\.|224\.0\.0\.|::1?$|fe[89ab].:|ff.2:)/

/** Undefined for what is no strict address of the slice's family, or cannot be an endpoint's. */
function canonicalAddress(text: string, addressType: string): string | undefined {
  const address = ipFromText(text)
  if (address === undefined || isIpv4Mapped(address) || SPECIAL.test(ipToText(address))) return undefined
  return isIpv4(address) === (addressType === 'IPv4') ? ipToText(address) : undefined
}

function addressesWhere(
  endpoints: readonly RawEndpoint[],
  matches: (endpoint: RawEndpoint) => boolean,
): ReadonlySet<string> {
  return new Set(endpoints.filter(matches).flatMap(({ addresses }) => addresses))
}

function oddLabelsIn(endpoints: readonly RawEndpoint[]): ReadonlyMap<string, string> {
  const labels = endpoints.flatMap(({ hostname, addresses }) =>
    hostname === '' ? addresses.map((text) => [dashed(text), dashed(canonicalText(text))] as const) : [],
  )
  return new Map(labels.filter(([odd, own]) => odd !== own))
}

function canonicalText(text: string): string {
  const address = ipFromText(text)
  return address === undefined || isIpv4Mapped(address) ? text : ipToText(address)
}

function misnamedIn(endpoints: readonly RawEndpoint[]): ReadonlyMap<string, string> {
  const misnamed = endpoints.filter(({ hostname }) => hostname !== '' && !isLabel(hostname))
  return new Map(
    misnamed.flatMap(({ addresses, hostname }) => addresses.map((text) => [text, hostname] as const)),
  )
}

function badAddressesIn(slice: ApiObject): readonly string[] {
  const addressType = textAt(slice, 'addressType')
  if (addressType === 'FQDN') return []
  return endpointsIn(slice)
    .filter(({ ready }) => ready)
    .flatMap(({ addresses }) => addresses)
    .filter((text) => canonicalAddress(text, addressType) === undefined)
}

function isLabel(text: string): boolean {
  return /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/i.test(text)
}

function absolute(name: string): string {
  return name.endsWith('.') ? name : `${name}.`
}
