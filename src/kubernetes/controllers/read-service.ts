import { ipFromText, isIpv4Mapped } from '../../wire/ip-address.ts'
import type { IpAddress } from '../../wire/rdata.ts'
import type { Manifest } from '../manifests/manifest.ts'
import type { Labels, Service, ServicePort } from '../objects.ts'
import type { Field } from './field.ts'
import { type Family, familyOf } from './ip-family.ts'
import { readPortName, readPortNumber, readProtocol } from './read-ports.ts'
import { type Draft, readDraft, rootOf } from './read-metadata.ts'

/** A Service as written, before it has addresses. */
export interface ServiceDraft extends Draft {
  readonly type: Service['type']
  readonly externalName: string
  /** In the order in which the Service prefers them; empty for an ExternalName Service. */
  readonly families: readonly Family[]
  /** clusterIPs that the file gives. */
  readonly givenIPs: readonly IpAddress[]
  readonly ports: readonly TargetedPort[]
  /** Empty where the Service selects nothing. */
  readonly selector: Labels
  readonly publishNotReadyAddresses: boolean
  readonly externalAddresses: readonly (IpAddress | string)[]
}

export interface TargetedPort extends ServicePort {
  /** A number, or the name of a port of the Pod's containers. */
  readonly targetPort: number | string
}

const TYPES = ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'] as const

/** What publishNotReadyAddresses was before it was a field; the EndpointSlice controller still reads it. */
export const TOLERATE_UNREADY = 'service.alpha.kubernetes.io/tolerate-unready-endpoints'

/** A Service (core/v1). Throws `InvalidField`. */
export function readService(manifest: Manifest): ServiceDraft {
  const root = rootOf(manifest)
  const spec = root.at('spec')
  const isExternal = spec.at('type').choice(TYPES) === 'ExternalName'
  const clusterIPs = isExternal ? [] : clusterIPFields(spec)
  const isHeadless = clusterIPs[0]?.value === 'None'
  const givenIPs = isHeadless ? [] : clusterIPs.map(readClusterIP)
  return {
    ...readDraft(manifest),
    type: isExternal ? 'ExternalName' : isHeadless ? 'Headless' : 'ClusterIP',
    externalName: isExternal ? readExternalName(spec) : '',
    families: isExternal ? [] : readFamilies(spec, givenIPs),
    givenIPs,
    ports: spec.at('ports').items().map(readPort),
    selector: isExternal ? {} : spec.at('selector').texts(),
    publishNotReadyAddresses:
      (spec.at('publishNotReadyAddresses').boolean() ?? false) ||
      root.at('metadata').at('annotations').at(TOLERATE_UNREADY).value === 'true',
    externalAddresses: readExternalAddresses(root),
  }
}

/** Where the Service is reached from outside. What is no address is passed over: names of the cluster do not need it. */
function readExternalAddresses(root: Field): (IpAddress | string)[] {
  const given = root.at('spec').at('externalIPs').items()
  const ingress = root.at('status').at('loadBalancer').at('ingress').items()
  const addresses = [...given, ...ingress.map((item) => item.at('ip'))].flatMap(({ value }) =>
    typeof value === 'string' ? (ipFromText(value) ?? []) : [],
  )
  const hostnames = ingress.flatMap((item) => item.at('hostname').value ?? [])
  return [...addresses, ...hostnames.filter((name) => typeof name === 'string' && name !== '').map(String)]
}

function readExternalName(spec: Field): string {
  const field = spec.at('externalName')
  const name = field.text() ?? ''
  return name === '' ? field.missing() : name
}

/** clusterIPs, else clusterIP; an empty text means "allocate one". */
function clusterIPFields(spec: Field): Field[] {
  const list = spec.at('clusterIPs').items()
  const fields = list.length > 0 ? list : [spec.at('clusterIP')]
  const given = fields.filter((field) => field.isGiven && field.value !== '')
  const [, , third] = given
  return third === undefined ? given : third.fail('must not be there: a Service has at most two cluster IPs')
}

function readClusterIP(field: Field): IpAddress {
  const address = ipFromText(field.text() ?? '') ?? field.fail('must be an IP address or "None"')
  return isIpv4Mapped(address) ? field.fail('must be written as IPv4') : address
}

/** spec.ipFamilies and spec.ipFamilyPolicy, defaulted as the API server does in a cluster that prefers IPv4. */
function readFamilies(spec: Field, givenIPs: readonly IpAddress[]): Family[] {
  const field = spec.at('ipFamilies')
  const written = field.items().map((item) => item.choice(['IPv4', 'IPv6']) ?? item.missing())
  const given = givenIPs.map(familyOf)
  if (new Set(written).size < written.length) return field.fail('must name each family once')
  if (new Set(given).size < given.length) {
    return spec.at('clusterIPs').fail('must hold at most one address of each family')
  }
  if (written.length > 0 && given.some((family, index) => (written[index] ?? family) !== family)) {
    return field.fail(`must be in the order of the cluster IPs (${given.join(', ')})`)
  }
  const families = given.length > written.length ? given : written
  const policyField = spec.at('ipFamilyPolicy')
  const policy = policyField.choice(['SingleStack', 'PreferDualStack', 'RequireDualStack'])
  if (policy === 'SingleStack' && families.length > 1) {
    return policyField.fail('must be PreferDualStack or RequireDualStack where two families are named')
  }
  const first = families[0] ?? 'IPv4'
  const isDual = families.length > 1 || (policy !== undefined && policy !== 'SingleStack')
  return isDual ? [first, first === 'IPv4' ? 'IPv6' : 'IPv4'] : [first]
}

function readPort(field: Field): TargetedPort {
  const numberField = field.at('port')
  const port = readPortNumber(numberField) ?? numberField.missing()
  const name = readPortName(field)
  return {
    name,
    protocol: readProtocol(field),
    port,
    targetPort: readTargetPort(field.at('targetPort')) ?? port,
  }
}

function readTargetPort(field: Field): number | string | undefined {
  const value = field.value
  if (value === undefined || value === '' || value === 0) return undefined
  if (typeof value !== 'string') return readPortNumber(field)
  return /[a-z]/i.test(value)
    ? value
    : field.fail('must be a number, or the name of a container port with a letter in it')
}
