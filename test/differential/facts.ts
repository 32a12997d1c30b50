import { ipFromText, ipToText, isIpv4Mapped } from '../../src/wire/ip-address.ts'
import { asDomainName, labelsOf, nameFromText, ROOT } from '../../src/wire/name.ts'
import { addressFromReverseName } from '../../src/wire/reverse-name.ts'
import type { ApiObject } from '../helpers/api-object.ts'
import { endpointsIn, fieldAt, podIPsOf, textAt } from './api-fields.ts'
import type { Profile } from './corefiles.ts'
import type { Place } from './place.ts'
import { reversePrefix } from './place.ts'
import type { ServiceFacts } from './service-facts.ts'
import { readService } from './service-facts.ts'

const SERVICE_NAME = 'kubernetes.io/service-name'
const REVERSE_ROOTS = ['in-addr.arpa.', 'ip6.arpa.']

/** What a set of objects means under a profile, name by name: what rules are judged by. */
export class Facts {
  readonly profile: Profile
  readonly #namespaces: ReadonlySet<string>
  readonly #services = new Map<string, ServiceFacts>()
  readonly #pods: readonly ApiObject[]
  /** Canonical addresses that have a PTR record. */
  readonly #ptrAddresses = new Set<string>()
  readonly #unlabelledAddresses = new Set<string>()

  constructor(objects: readonly ApiObject[], profile: Profile) {
    this.profile = profile
    const ofKind = Map.groupBy(objects, ({ kind }) => kind)
    const selected = (kind: string): readonly ApiObject[] =>
      (ofKind.get(kind) ?? []).filter(({ metadata }) => hasLabel(metadata.labels ?? {}, profile.labels))
    const namespaces = (ofKind.get('Namespace') ?? []).filter(({ metadata }) =>
      hasLabel(metadata.labels ?? {}, profile.namespaceLabels),
    )
    this.#namespaces = new Set(namespaces.map(({ metadata }) => metadata.name))
    this.#pods = selected('Pod')
    const slices = Map.groupBy(selected('EndpointSlice'), serviceKey)
    const services = new Map(selected('Service').map((service) => [serviceKey(service), service]))
    for (const key of new Set([...services.keys(), ...slices.keys()])) {
      const [namespace = '', name = ''] = key.split('/')
      if (name === '') {
        for (const slice of slices.get(key) ?? []) this.#addUnlabelled(slice)
        continue
      }
      const place = { namespace, name }
      const facts = readService(place, services.get(key), slices.get(key) ?? [], profile)
      this.#services.set(key, facts)
      if (this.isExposed(namespace)) this.#addPtrs(facts)
    }
  }

  service(namespace: string, name: string): ServiceFacts | undefined {
    return this.#services.get(`${namespace}/${name}`)
  }

  isExposed(namespace: string): boolean {
    return this.#namespaces.has(namespace) && this.profile.namespaces?.includes(namespace) !== false
  }

  /** Services, and names that slices are labelled with, that `matches` holds for. */
  someService(matches: (service: ServiceFacts) => boolean): boolean {
    return [...this.#services.values()].some(matches)
  }

  /** Of all Services: what stands for an address and is none. */
  badAddresses(): readonly string[] {
    return [...this.#services.values()].flatMap((service) => service.badAddresses)
  }

  /** Of all Services: hostnames that are no labels, of endpoints with that address. */
  misnamedAt(address: string): ReadonlyMap<string, string> {
    const hostnames = [...this.#services.values()].flatMap(({ misnamed }) => misnamed.get(address) ?? [])
    return new Map(hostnames.map((hostname) => [address, hostname]))
  }

  hasPtr(address: string): boolean {
    return this.#ptrAddresses.has(address)
  }

  /** Whether a slice that is labelled for no Service holds the address as ready. */
  isUnlabelled(address: string): boolean {
    return this.#unlabelledAddresses.has(address)
  }

  /** Whether a missing name goes on to `forward`. */
  fallsThrough(lowerName: string): boolean {
    return this.profile.fallthrough.some((zone) => isBelow(lowerName, zone))
  }

  /** What a name, in any letter case, is. */
  placeOf(name: string): Place {
    const lower = name.toLowerCase()
    const zone = this.profile.zones
      .filter((one) => isBelow(lower, one))
      .toSorted((a, b) => b.length - a.length)[0]
    if (zone === undefined) return { kind: 'outside', zone: '', exists: false }
    const all = labelsOf(nameFromText(lower) ?? ROOT)
    const labels = all.slice(0, all.length - (zone.split('.').length - 1))
    return { zone, ...this.#below(labels, lower, zone) }
  }

  /** Whether a Pod that counts has the address; for the pods option `verified`. */
  hasPod(namespace: string, address: string): boolean {
    return this.#pods.some((pod) => {
      const phase = textAt(pod, 'status', 'phase')
      const counts = !['Succeeded', 'Failed', 'Unknown'].includes(phase) && !isTerminating(pod)
      return counts && pod.metadata.namespace === namespace && podIPsOf(pod).includes(address)
    })
  }

  /** Whether a Pod that is being deleted has the address. */
  hasTerminatingPod(namespace: string, address: string): boolean {
    return this.#pods.some(
      (pod) => isTerminating(pod) && pod.metadata.namespace === namespace && podIPsOf(pod).includes(address),
    )
  }

  #below(labels: readonly string[], lower: string, zone: string): Omit<Place, 'zone'> {
    if (labels[0] === '_why') {
      const rest = nameFromText(lower.slice('_why.'.length))
      return { kind: 'why', exists: rest !== undefined && isBelow(rest, zone) }
    }
    const last = labels.at(-1)
    if (last === undefined) return { kind: 'apex', exists: true }
    if (labels.length === 1 && last === 'dns-version') return { kind: 'dns-version', exists: true }
    if (labels.length === 1 && last === 'dns') return { kind: 'tree', exists: true }
    if (labels.length === 2 && last === 'dns' && labels[0] === 'ns') return { kind: 'ns-dns', exists: true }
    if (REVERSE_ROOTS.some((root) => isBelow(zone, root))) return this.#reverse(lower)
    if (last === 'svc') return this.#service(labels.slice(0, -1))
    if (last === 'pod') return this.#pod(labels.slice(0, -1))
    return { kind: 'missing', exists: false }
  }

  #service(labels: readonly string[]): Omit<Place, 'zone'> {
    const namespace = labels.at(-1)
    if (namespace === undefined) return { kind: 'tree', exists: true }
    if (labels.length === 1) return { kind: 'namespace', exists: this.isExposed(namespace) }
    const service = this.isExposed(namespace) ? this.service(namespace, labels.at(-2) ?? '') : undefined
    if (service === undefined) return { kind: 'missing', exists: false }
    const below = labels.slice(0, -2)
    if (below.length === 0) return { kind: 'service', exists: service.exists, service }
    const opens = service.exists && service.type !== 'ExternalName'
    if (this.profile.zonal && below.at(-1) === '_zone') return zonalPlace(below, service)
    const [first = '', second = ''] = below
    const ports = service.ports.filter(({ name, port }) => name !== '' && port !== undefined)
    if (below.length === 1) {
      if (opens && service.endpoints.has(first))
        return { kind: 'endpoint', exists: true, service, label: first }
      const exists = opens && ports.some(({ protocol }) => first === `_${protocol}`)
      return { kind: exists ? 'protocol' : 'below-service', exists, service }
    }
    if (below.length > 2) return { kind: 'below-service', exists: false, service }
    const isPort =
      opens && ports.some(({ name, protocol }) => first === `_${name}` && second === `_${protocol}`)
    return { kind: 'port', exists: isPort, service, portLabels: [first, second] }
  }

  #pod(labels: readonly string[]): Omit<Place, 'zone'> {
    const namespace = labels.at(-1)
    if (namespace === undefined) return { kind: 'tree', exists: true }
    const { pods } = this.profile
    const isOpen = pods !== 'disabled' && this.isExposed(namespace)
    if (labels.length === 1) return { kind: 'pod-namespace', exists: isOpen }
    const label = labels.at(-2) ?? ''
    const address = podAddress(label)
    const extraLabels = labels.length - 2
    const isThere =
      address !== undefined && isOpen && (pods === 'insecure' || this.hasPod(namespace, address))
    return {
      kind: 'pod',
      exists: isThere && extraLabels === 0,
      pod: { label, address, extraLabels, isThere },
    }
  }

  #reverse(lower: string): Omit<Place, 'zone'> {
    const parsed = addressFromReverseName(asDomainName(lower))
    if (parsed !== undefined) {
      const address = ipToText(parsed)
      return { kind: 'reverse', exists: this.hasPtr(address), address }
    }
    const prefix = reversePrefix(lower)
    const isAbove =
      prefix !== undefined &&
      !this.fallsThrough(lower) &&
      [...this.#ptrAddresses].some((address) => prefix(address))
    return { kind: prefix === undefined ? 'reverse-other' : 'reverse-above', exists: isAbove }
  }

  #addPtrs({ clusterIPs, readyAddresses, type }: ServiceFacts): void {
    for (const address of clusterIPs) this.#ptrAddresses.add(address)
    if (type !== 'none' && type !== 'ExternalName') {
      for (const address of readyAddresses) this.#ptrAddresses.add(address)
    }
  }

  #addUnlabelled(slice: ApiObject): void {
    for (const { addresses, ready } of endpointsIn(slice)) {
      if (ready) for (const address of addresses) this.#unlabelledAddresses.add(address)
    }
  }
}

function hasLabel(labels: Readonly<Record<string, string>>, wanted: Profile['labels']): boolean {
  return wanted === undefined || labels[wanted.key] === wanted.value
}

function isTerminating(pod: ApiObject): boolean {
  return fieldAt(pod, 'metadata', 'deletionTimestamp') !== undefined
}

/** Whether a name is the zone or below it, both in lower case with final dots. */
export function isBelow(name: string, zone: string): boolean {
  return zone === '.' || name === zone || name.endsWith(`.${zone}`)
}

function serviceKey({ kind, metadata }: ApiObject): string {
  const name = kind === 'Service' ? metadata.name : (metadata.labels?.[SERVICE_NAME] ?? '')
  return `${metadata.namespace ?? ''}/${name}`
}

/** Dashes for dots where there are three single ones, else for colons. Canonical text; undefined for no address. */
function podAddress(label: string): string | undefined {
  const separator = /^[^-]+-[^-]+-[^-]+-[^-]+$/.test(label) ? '.' : ':'
  const address = ipFromText(label.replaceAll('-', separator))
  return address === undefined || isIpv4Mapped(address) ? undefined : ipToText(address)
}

/** `_zone`, `pin._zone`, or a zone of any name below that. */
function zonalPlace(labels: readonly string[], service: ServiceFacts): Omit<Place, 'zone'> {
  const directive = labels.at(-2) ?? 'pin'
  const exists = service.exists && service.type === 'Headless' && ['pin', 'prefer'].includes(directive)
  const isPreferred = directive === 'prefer'
  return { kind: labels.length > 2 ? 'zonal' : 'zonal-above', exists, service, isPreferred }
}
