import type { DomainName } from '../../wire/name.ts'
import type { IpAddress } from '../../wire/rdata.ts'
import type { LabelSelector } from '../selector.ts'

/** What the `kubernetes` directive says about names. */
export interface NamingOptions {
  /** Lower case: cluster zones and reverse zones, in any order. */
  readonly zones: readonly DomainName[]
  /** The one of `zones` that PTR targets end in: the first that is no reverse zone. */
  readonly primaryZone: DomainName
  readonly ttlSeconds: number
  readonly pods: 'disabled' | 'insecure' | 'verified'
  /** Namespaces that have names; undefined for all. */
  readonly namespaces?: ReadonlySet<string> | undefined
  /** Only namespaces whose labels match have names (`namespace_labels`); undefined for all. */
  readonly namespaceLabels?: { readonly text: string; readonly matches: LabelSelector } | undefined
  /** False (`noendpoints`): no headless, endpoint or endpoint PTR records. */
  readonly endpoints: boolean
  /** ClusterIP Services without a ready endpoint have no name. */
  readonly ignoreEmptyService: boolean
  /** Endpoints without a hostname are called after their Pod. */
  readonly endpointPodNames: boolean
  /** Headless Services have names by topology zone: `zone-a.pin._zone`, `zone-a.prefer._zone`. Not without `endpoints`. */
  readonly zonal: boolean
  /** `hostname`: only endpoints with a hostname have a PTR; `first`: one PTR to a name. Cluster IPs always have theirs. */
  readonly ptr: 'all' | 'hostname' | 'first'
  /** `full` makes `_why` names. */
  readonly explain: 'full' | 'code' | 'off'
  /** Addresses this server answers on: what NS records fall back to, and how its own Service is found. */
  readonly ownAddresses: () => readonly IpAddress[]
  /** Whether a name that does not exist goes to the next plugin. */
  readonly fallsThrough: (lowerName: DomainName) => boolean
}
