import type { OptRecord } from '../wire/edns.ts'
import type { QueryOptions } from './responder.ts'

export const NO_QUERY_OPTIONS: QueryOptions = { ofClient: [], forUpstream: [] }

/** The options of a query as the client sent it. */
export function queryOptionsOf(opt: OptRecord | undefined): QueryOptions {
  return opt === undefined || opt.options.length === 0
    ? NO_QUERY_OPTIONS
    : { ofClient: opt.options, forUpstream: [] }
}
