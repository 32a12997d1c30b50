import { ClusterStore } from '../../src/kubernetes/cluster-store.ts'
import type { NamingOptions } from '../../src/kubernetes/naming/naming-options.ts'
import { createNamingRules, type NamingRules } from '../../src/kubernetes/naming-rules.ts'
import type {
  ClusterObject,
  Endpoint,
  EndpointPort,
  EndpointSlice,
  Namespace,
  Pod,
  Service,
  ServicePort,
} from '../../src/kubernetes/objects.ts'
import { ipFromText } from '../../src/wire/ip-address.ts'
import { asDomainName, lowerCase, nameFromText } from '../../src/wire/name.ts'
import type { DomainName } from '../../src/wire/name.ts'
import { rdataToText } from '../../src/wire/rdata-text.ts'
import type { IpAddress } from '../../src/wire/rdata.ts'
import { RrClass } from '../../src/wire/rrclass.ts'
import { rrTypeFromText, rrTypeToText } from '../../src/wire/rrtype.ts'
import type { Answer } from '../../src/zone/answer.ts'
import type { RRset } from '../../src/zone/rrset.ts'

export function ip(text: string): IpAddress {
  const address = ipFromText(text)
  if (address === undefined) throw new RangeError(`Cannot read ${text} as an address`)
  return address
}

export function name(text: string): DomainName {
  const domainName = nameFromText(text)
  if (domainName === undefined) throw new RangeError(`Cannot read ${text} as a name`)
  return domainName
}

export function namespace(namespaceName: string): Namespace {
  return { kind: 'Namespace', name: namespaceName, labels: {} }
}

/** `service('shop/web', { clusterIPs: ['10.96.0.1'], ports: ['http:80/TCP'] })`; headless without cluster IPs. */
export function service(path: string, fields: ServiceFields = {}): Service {
  const {
    clusterIPs = [],
    ports = [],
    externalName = '',
    labels = {},
    publishNotReadyAddresses = false,
  } = fields
  const derived = externalName === '' ? (clusterIPs.length === 0 ? 'Headless' : 'ClusterIP') : 'ExternalName'
  return {
    kind: 'Service',
    ...pathOf(path),
    labels,
    type: fields.type ?? derived,
    clusterIPs: clusterIPs.map(ip),
    externalName,
    ports: ports.map(servicePort),
    publishNotReadyAddresses,
  }
}

interface ServiceFields {
  readonly type?: Service['type']
  readonly clusterIPs?: readonly string[]
  readonly ports?: readonly string[]
  readonly externalName?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly publishNotReadyAddresses?: boolean
}

/** `slice('shop/db-1', 'db', { endpoints: ['10.1.0.1', endpoint('10.1.0.2', { ready: false })] })`. */
export function slice(path: string, serviceName: string, fields: SliceFields): EndpointSlice {
  const { addressType = 'IPv4', ports = [], endpoints, labels = {} } = fields
  return {
    kind: 'EndpointSlice',
    ...pathOf(path),
    labels,
    serviceName,
    addressType,
    ports: ports.map(endpointPort),
    endpoints: endpoints.map((one) => (typeof one === 'string' ? endpoint(one) : one)),
  }
}

interface SliceFields {
  readonly addressType?: EndpointSlice['addressType']
  readonly ports?: readonly string[]
  readonly endpoints: readonly (string | Endpoint)[]
  readonly labels?: Readonly<Record<string, string>>
}

/** Addresses separated by spaces; what is no address is a host name. */
export function endpoint(addresses: string, fields: Partial<Endpoint> = {}): Endpoint {
  const texts = addresses.split(' ')
  const read = texts.flatMap((text) => ipFromText(text) ?? [])
  return {
    addresses: read.length === texts.length ? read : texts,
    hostname: '',
    ready: true,
    podName: '',
    topologyZone: '',
    ...fields,
  }
}

export function pod(path: string, podIPs: readonly string[], fields: Partial<Pod> = {}): Pod {
  return { kind: 'Pod', ...pathOf(path), labels: {}, podIPs: podIPs.map(ip), alive: true, ...fields }
}

export interface Cluster {
  readonly store: ClusterStore
  readonly rules: NamingRules
}

/** A synced store with these objects, and rules over it: zones cluster.local, in-addr.arpa, ip6.arpa; TTL 30. */
export function cluster(objects: Iterable<ClusterObject>, options: Partial<NamingOptions> = {}): Cluster {
  const store = new ClusterStore({ nowSeconds: () => 1_700_000_000 })
  for (const object of objects) store.apply(object)
  store.markSynced()
  return { store, rules: rulesOver(store, options) }
}

export function rulesOver(store: ClusterStore, options: Partial<NamingOptions> = {}): NamingRules {
  return createNamingRules(namingOptions(options), store)
}

/** Zones cluster.local, in-addr.arpa, ip6.arpa; TTL 30. */
export function namingOptions(options: Partial<NamingOptions> = {}): NamingOptions {
  return {
    zones: ['cluster.local.', 'in-addr.arpa.', 'ip6.arpa.'].map(asDomainName),
    primaryZone: asDomainName('cluster.local.'),
    ttlSeconds: 30,
    pods: 'disabled',
    endpoints: true,
    ignoreEmptyService: false,
    endpointPodNames: false,
    zonal: false,
    ptr: 'all',
    explain: 'full',
    ownAddresses: () => [],
    fallsThrough: () => false,
    ...options,
  }
}

/** The answer to a question such as `web.shop.svc.cluster.local A`. */
export function ask({ rules }: Pick<Cluster, 'rules'>, question: string): Answer {
  const [nameText = '', typeText = 'A'] = question.split(' ')
  const qname = name(nameText)
  const qtype = rrTypeFromText(typeText)
  if (qtype === undefined) throw new RangeError(`Cannot read ${typeText} as a type`)
  const answer = rules.answer({ qname, qtype, qclass: RrClass.IN }, lowerCase(qname))
  if (answer === undefined) throw new RangeError(`Cannot ask ${nameText}: it is in no zone`)
  return answer
}

/** `positive`, `nodata` and so on, then the records of the answer section. */
export function outcome(where: Pick<Cluster, 'rules'>, question: string): readonly string[] {
  const { kind, answer } = ask(where, question)
  return [kind, ...lines(answer)]
}

/** RRsets as lines of a zone file: `web.shop.svc.cluster.local. 30 A 10.96.0.1`. */
export function lines(rrsets: readonly RRset[]): readonly string[] {
  return rrsets.flatMap(({ owner, rrtype, ttlSeconds, rdatas }) =>
    rdatas.map((rdata) => `${owner} ${ttlSeconds} ${rrTypeToText(rrtype)} ${rdataToText(rdata)}`),
  )
}

function pathOf(path: string): { readonly namespace: string; readonly name: string } {
  const [before = '', after] = path.split('/')
  return after === undefined ? { namespace: 'default', name: before } : { namespace: before, name: after }
}

/** `http:80/TCP`; `:80` without a name, `http:` without a number. */
function endpointPort(text: string): EndpointPort {
  const [portName = '', number = '', protocolText = 'TCP'] = text.split(/[:/]/)
  const protocol = (['TCP', 'UDP', 'SCTP'] as const).find((one) => one === protocolText) ?? 'TCP'
  return { name: portName, protocol, port: number === '' ? undefined : Number(number) }
}

function servicePort(text: string): ServicePort {
  const { name: portName, protocol, port = 0 } = endpointPort(text)
  return { name: portName, protocol, port }
}
