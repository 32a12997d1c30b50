import { ipFromText, isIpv4 } from '../../src/wire/ip-address.ts'
import { reverseName } from '../../src/wire/reverse-name.ts'
import type { ServiceFacts } from './service-facts.ts'

/** What a name is, read by its labels. */
export interface Place {
  readonly kind:
    | 'outside'
    | 'apex'
    /** `svc`, `pod` and `dns` below a zone. */
    | 'tree'
    | 'namespace'
    | 'pod-namespace'
    | 'dns-version'
    | 'ns-dns'
    | 'service'
    | 'endpoint'
    /** `_tcp` below a Service that has such a port. */
    | 'protocol'
    /** Any two labels below a Service: `exists` says whether they are `_port._proto` of one. */
    | 'port'
    /** `_zone`, and `pin` and `prefer` below it. */
    | 'zonal-above'
    /** A topology zone below those. */
    | 'zonal'
    | 'below-service'
    | 'pod'
    | 'reverse'
    | 'reverse-above'
    | 'reverse-other'
    | 'why'
    | 'missing'
  /** The zone it is in, in lower case; empty outside. */
  readonly zone: string
  readonly exists: boolean
  readonly service?: ServiceFacts
  readonly label?: string
  /** Of a topology zone: whether all endpoints stand in where it has none. */
  readonly isPreferred?: boolean
  readonly portLabels?: readonly [string, string]
  readonly pod?: {
    readonly label: string
    /** Canonical text; undefined where the label is none. */
    readonly address: string | undefined
    readonly extraLabels: number
    /** Whether the name without extra labels exists. */
    readonly isThere: boolean
  }
  /** Of a whole reverse name. */
  readonly address?: string
}

/** Tells the addresses below an incomplete reverse name; undefined for what is none. */
export function reversePrefix(lower: string): ((address: string) => boolean) | undefined {
  const isV4 = lower.endsWith('.in-addr.arpa.')
  const pattern = isV4 ? /^(\d{1,3}\.){1,3}in-addr\.arpa\.$/ : /^([0-9a-f]\.){1,31}ip6\.arpa\.$/
  if (!pattern.test(lower)) return undefined
  return (text) => {
    const address = ipFromText(text)
    return address !== undefined && isIpv4(address) === isV4 && reverseName(address).endsWith(`.${lower}`)
  }
}
