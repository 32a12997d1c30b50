import { ipFromText } from '../wire/ip-address.ts'
import type { DomainName } from '../wire/name.ts'
import { asDomainName, labelsOf, ROOT } from '../wire/name.ts'
import type { Query } from '../zone/responder.ts'
import { longestZone } from './longest-zone.ts'
import type { ClusterView, MetadataSource } from './plugin.ts'

const PREFIX = 'kubernetes/'
const CLIENT_LABEL = 'client-label/'

/**
 * What `kubernetes` tells of a query under `kubernetes/…`: of the parts of its name (`service`, `namespace`, `kind`, `endpoint`,
 * `port-name`, `protocol`, `zone`, or `parse-error`), and of the Pod that asks (`client-namespace`, `client-pod-name`,
 * `client-label/KEY`) where `pods verified` makes Pods known.
 */
export function createKubernetesMetadata(cluster: ClusterView): MetadataSource {
  return (query, label) => {
    if (!label.startsWith(PREFIX)) return undefined
    const key = label.slice(PREFIX.length)
    if (key.startsWith('client-')) return ofClient(key, query, cluster)
    const parts = partsOf(query.lowerName, cluster)
    return parts?.get(key)
  }
}

/** An address that several Pods share, as those do that use the network of their node, tells only what they agree in. */
function ofClient(key: string, { client }: Query, { naming, store }: ClusterView): string | undefined {
  const address = naming.pods === 'verified' ? ipFromText(client.address) : undefined
  const pods = address === undefined ? [] : store.podsAt(address)
  const values = new Set(
    pods.map(({ name, namespace, labels }) => {
      if (key === 'client-namespace') return namespace
      if (key === 'client-pod-name') return name
      return key.startsWith(CLIENT_LABEL) ? labels[key.slice(CLIENT_LABEL.length)] : undefined
    }),
  )
  const [value] = values
  return values.size === 1 ? value : undefined
}

type Parts = ReadonlyMap<string, string>

/** Undefined outside of the cluster's zones. */
function partsOf(lowerName: DomainName, { naming }: ClusterView): Parts | undefined {
  const zone = longestZone(naming.zones, lowerName)
  if (zone === undefined) return undefined
  const left = zone === ROOT ? lowerName : asDomainName(lowerName.slice(0, -zone.length))
  return partsOfLabels(lowerName === zone ? [] : labelsOf(left), naming.zonal)
}

function partsOfLabels(labels: readonly string[], isZonal: boolean): Parts {
  const isParent = labels.length === 0 || (labels.length === 1 && KINDS.has(labels[0] ?? ''))
  const [kind = '', namespace = '', service = '', ...rest] = isParent ? [] : labels.toReversed()
  const left = isParent || KINDS.has(kind) ? leftOf(rest, isZonal && kind === 'svc') : undefined
  if (left === undefined) return UNREADABLE
  return new Map(
    Object.entries({
      'port-name': left.portName ?? '',
      protocol: left.protocol ?? '',
      endpoint: left.endpoint ?? '',
      ...(isZonal && { zone: left.zone ?? '' }),
      service,
      namespace,
      kind,
    }),
  )
}

const KINDS: ReadonlySet<string> = new Set(['svc', 'pod'])
const UNREADABLE: Parts = new Map([['parse-error', 'invalid query name']])

interface Left {
  readonly endpoint?: string
  readonly portName?: string
  readonly protocol?: string
  readonly zone?: string
}

/** What the labels left of a Service say, the rightmost first; undefined where they are none. */
function leftOf([first, second, ...more]: readonly string[], isZonal: boolean): Left | undefined {
  if (first === undefined) return {}
  if (second === undefined) return { endpoint: first }
  if (more.length === 0) return { protocol: withoutUnderscore(first), portName: withoutUnderscore(second) }
  const isDirective = second === 'pin' || second === 'prefer'
  return isZonal && first === '_zone' && isDirective ? { zone: more.toReversed().join('.') } : undefined
}

function withoutUnderscore(label: string): string {
  return label.startsWith('_') ? label.slice(1) : label
}
