import type { Asked } from './ask-upstreams.ts'
import { shorten } from './client-reply.ts'
import { upstreamToText } from './upstream-address.ts'
import type { Upstream } from './upstream-address.ts'

/** No upstream has answered, for this reason. `isSilence`: they said nothing at all. */
export function failed(isSilence: boolean, text: string): Asked<never> {
  return { kind: 'failed', isSilence, texts: [text] }
}

/** Why a query was given up. */
export function silentText(upstreams: readonly Upstream[]): string {
  return `${shorten(upstreams.map(upstreamToText))} answered nothing, not even probes`
}

/** Why there is nobody to ask; `known` may be addresses of this server itself. */
export function noUpstreamText(known: readonly Upstream[]): string {
  if (known.length === 0) return 'the addresses of the upstreams are not known yet'
  return `${known.map(upstreamToText).join(', ')} is this server itself; name another upstream in forward`
}
