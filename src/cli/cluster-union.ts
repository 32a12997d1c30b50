import { ConfigError } from '../config/config-error.ts'
import type { Position } from '../config/corefile.ts'
import type { ClusterIdentity } from '../plugins/plugin.ts'

/** The same for two blocks that can be served from one set of watches, however much each needs of it. */
export function unionKey({ folders, selectorText, api }: ClusterIdentity): string {
  const where = api && [api.credentials, api.namespaces, api.namespaceSelectorText]
  return JSON.stringify([folders, selectorText, where])
}

/**
 * What serves both of two blocks with one `unionKey`. Throws a ConfigError where one says `mass_delete_guard on` and the other `off`:
 * what is said in one alone counts for both.
 */
export function unionOf(one: ClusterIdentity, other: ClusterIdentity): ClusterIdentity {
  if (one.api === undefined || other.api === undefined) return one
  const decides = one.guardPosition === undefined ? other : one
  const { guardsMassDelete } = decides.api ?? one.api
  if (other.guardPosition !== undefined && other.api.guardsMassDelete !== guardsMassDelete) {
    throw contradiction(guardsMassDelete, decides.guardPosition, other.guardPosition)
  }
  return {
    ...one,
    api: {
      ...one.api,
      watchesEndpoints: one.api.watchesEndpoints || other.api.watchesEndpoints,
      watchesPods: one.api.watchesPods || other.api.watchesPods,
      guardsMassDelete,
    },
    guardPosition: decides.guardPosition,
  }
}

function contradiction(
  guardsMassDelete: boolean,
  before: Position | undefined,
  position: Position,
): ConfigError {
  const place = before === undefined ? '' : ` at ${before.file}:${before.line}:${before.column}`
  return new ConfigError({
    code: 'SLICEDNS_CONFIG_PROPERTY_CONFLICT',
    message: `"mass_delete_guard" is "${guardsMassDelete ? 'on' : 'off'}"${place} for the same cluster`,
    position,
    hint: 'blocks with the same cluster share its data: say it once, or alike',
  })
}
