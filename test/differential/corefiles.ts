/** A label selector `key=value`. */
interface LabelTerm {
  readonly key: string
  readonly value: string
}

/** One configuration that both servers run, and what of it decides answers. */
export interface Profile {
  readonly name: string
  /** Zones of `kubernetes`, each with its final dot; the first is the primary one. */
  readonly zones: readonly string[]
  /** Zones as they stand in the Corefile, where ranges are meant. */
  readonly zoneArguments?: readonly string[]
  readonly ttlSeconds: number
  readonly pods: 'disabled' | 'insecure' | 'verified'
  /** Undefined: all. */
  readonly namespaces?: readonly string[]
  readonly labels?: LabelTerm
  /** Of Namespace objects. */
  readonly namespaceLabels?: LabelTerm
  readonly endpoints: boolean
  readonly ignoreEmptyService: boolean
  readonly endpointPodNames: boolean
  readonly zonal: boolean
  /** Zones whose missing names go on; `.` for all. */
  readonly fallthrough: readonly string[]
  readonly forward: boolean
  /** Keys of the server block. */
  readonly blockKeys: readonly string[]
  /** Directives beside `bind`, `errors`, `kubernetes` and `forward`. */
  readonly extras: readonly string[]
  /** The directive that this is about, where it is not `kubernetes`. */
  readonly directive?: string
  /** Largest UDP reply of SliceDNS: 1232, or what `bufsize` says. */
  readonly udpPayloadSizeOctets: number
}

const REVERSE = ['in-addr.arpa.', 'ip6.arpa.']

export const BASE: Omit<Profile, 'name'> = {
  zones: ['cluster.local.', ...REVERSE],
  ttlSeconds: 30,
  pods: 'insecure',
  endpoints: true,
  ignoreEmptyService: false,
  endpointPodNames: false,
  zonal: false,
  fallthrough: REVERSE,
  forward: true,
  blockKeys: ['.'],
  extras: [],
  udpPayloadSizeOctets: 1232,
}

/** The configurations, each a way in which clusters are run. */
export const PROFILES: readonly Profile[] = [
  { ...BASE, name: 'kubeadm', extras: ['loadbalance'] },
  { ...BASE, name: 'pods-verified', pods: 'verified', ttlSeconds: 5 },
  { ...BASE, name: 'namespaces', namespaces: ['shop', 'data', 'gone'] },
  { ...BASE, name: 'noendpoints', endpoints: false },
  { ...BASE, name: 'ignore-empty', ignoreEmptyService: true },
  { ...BASE, name: 'pod-names-zonal', endpointPodNames: true, zonal: true, extras: ['loadbalance'] },
  { ...BASE, name: 'short-ttl', pods: 'disabled', ttlSeconds: 1, fallthrough: [] },
  {
    ...BASE,
    name: 'authoritative',
    pods: 'verified',
    ttlSeconds: 3600,
    fallthrough: [],
    forward: false,
    blockKeys: ['cluster.local', 'in-addr.arpa', 'ip6.arpa'],
    extras: ['bufsize 512'],
    udpPayloadSizeOctets: 512,
  },
  { ...BASE, name: 'labels', labels: { key: 'tier', value: 'front' }, pods: 'verified' },
  { ...BASE, name: 'namespace-labels', namespaceLabels: { key: 'team', value: 'a' }, pods: 'verified' },
  { ...BASE, name: 'fallthrough-all', fallthrough: ['.'], ttlSeconds: 0 },
  {
    ...BASE,
    name: 'ranges',
    zones: ['k8s.example.', 'cluster.local.', '96.10.in-addr.arpa.', '0.0.0.0.d.f.ip6.arpa.'],
    zoneArguments: ['k8s.example', 'cluster.local', '10.96.0.0/16', 'fd00::/24'],
    fallthrough: [],
  },
]

/**
 * The Corefile of a profile. `dataSource` is the line that tells CoreDNS where its API server is: the only one in which the
 * two servers' Corefiles differ.
 */
export function composeCorefile(
  profile: Profile,
  { upstreamPort, dataSource }: { readonly upstreamPort: number; readonly dataSource?: string },
): string {
  const zones = profile.zoneArguments ?? profile.zones.map((zone) => zone.slice(0, -1))
  const { namespaces, labels, namespaceLabels, fallthrough, forward, extras } = profile
  const properties = [
    ...(dataSource === undefined ? [] : [dataSource]),
    `ttl ${profile.ttlSeconds}`,
    `pods ${profile.pods}`,
    ...(namespaces === undefined ? [] : [`namespaces ${namespaces.join(' ')}`]),
    ...(labels === undefined ? [] : [`labels ${labels.key}=${labels.value}`]),
    ...(namespaceLabels === undefined
      ? []
      : [`namespace_labels ${namespaceLabels.key}=${namespaceLabels.value}`]),
    ...(profile.endpoints ? [] : ['noendpoints']),
    ...(profile.ignoreEmptyService ? ['ignore empty_service'] : []),
    ...(profile.endpointPodNames ? ['endpoint_pod_names'] : []),
    ...(profile.zonal ? ['zonal'] : []),
    ...fallthroughLine(fallthrough),
  ]
  const directives = [
    'bind 127.0.0.1',
    'errors',
    `kubernetes ${zones.join(' ')} {\n${properties.map((line) => `        ${line}`).join('\n')}\n    }`,
    ...(forward ? [`forward . 127.0.0.1:${upstreamPort}`] : []),
    ...extras,
  ]
  return `${profile.blockKeys.join(' ')} {\n${directives.map((line) => `    ${line}`).join('\n')}\n}\n`
}

function fallthroughLine(zones: readonly string[]): string[] {
  if (zones.length === 0) return []
  return zones.includes('.')
    ? ['fallthrough']
    : [`fallthrough ${zones.map((zone) => zone.slice(0, -1)).join(' ')}`]
}
