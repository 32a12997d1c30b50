import type { DomainName } from '../../wire/name.ts'
import type { NamingContext } from '../naming/naming-context.ts'

/** What the `k8s_external` directive says about names. */
export interface ExternalOptions {
  /** Lower case; PTR targets end in the first. */
  readonly zones: readonly DomainName[]
  /** The label below a zone that holds what the zone itself needs: `ns1.dns`. Lower case. */
  readonly apex: string
  readonly ttlSeconds: number
  /** Whether headless Services without external addresses have names too, and endpoints. */
  readonly headless: boolean
}

/** What every kind of external name needs. */
export interface ExternalContext {
  readonly options: ExternalOptions
  readonly context: NamingContext
}
