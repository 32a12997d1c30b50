import type { CredentialsOptions } from './credentials/credentials-options.ts'

/** What is followed of a live cluster. A plain value: two configurations with equal ones share one set of watches. */
export interface ApiClusterOptions {
  readonly credentials: CredentialsOptions
  /** The only namespaces whose objects are asked for, sorted; undefined for all. */
  readonly namespaces: readonly string[] | undefined
  /** The `namespace_labels` expression, as kubectl takes it; empty for none. */
  readonly namespaceSelectorText: string
  /** False with `noendpoints`: neither EndpointSlices nor Endpoints. */
  readonly watchesEndpoints: boolean
  /** True with `pods verified`, which `autopath @kubernetes` needs. */
  readonly watchesPods: boolean
  /** After how long the log says what of the first complete state has not come; names are served from the first moment. */
  readonly startupTimeoutMs: number
  /** Whether a list that would remove more than half of what is known waits for a second one (differences.md 29). */
  readonly guardsMassDelete: boolean
}
