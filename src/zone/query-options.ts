import type { OptRecord } from '../wire/edns.ts'
import { hexFromOctets } from '../wire/octets.ts'
import type { QueryOptions } from './responder.ts'

export const NO_QUERY_OPTIONS: QueryOptions = { ofClient: [], forUpstream: [] }

/** The options of a query as the client sent it. */
export function queryOptionsOf(opt: OptRecord | undefined): QueryOptions {
  return opt === undefined || opt.options.length === 0
    ? NO_QUERY_OPTIONS
    : { ofClient: opt.options, forUpstream: [] }
}

/**
 * A text that tells queries apart which upstreams may answer differently; empty for nearly all. It has no dot in it: behind a
 * name the two cannot run into each other.
 */
export function queryOptionsKey({ forUpstream }: QueryOptions): string {
  return forUpstream.length === 0
    ? ''
    : forUpstream.map(({ code, data }) => `${code}=${hexFromOctets(data)};`).join('')
}
