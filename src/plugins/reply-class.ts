import { Rcode } from '../wire/rcode.ts'
import { RrType } from '../wire/rrtype.ts'
import type { Reply } from '../zone/responder.ts'

/** Kinds of replies, in the words of CoreDNS's `log` and `cache`. */
export interface ReplyClass {
  readonly class: 'success' | 'denial' | 'error'
  readonly type: 'NOERROR' | 'NXDOMAIN' | 'NODATA' | 'DELEGATION' | 'SERVERERROR' | 'OTHERERROR'
}

const NOERROR: ReplyClass = { class: 'success', type: 'NOERROR' }
const DELEGATION: ReplyClass = { class: 'success', type: 'DELEGATION' }
const NODATA: ReplyClass = { class: 'denial', type: 'NODATA' }
const NXDOMAIN: ReplyClass = { class: 'denial', type: 'NXDOMAIN' }
const SERVERERROR: ReplyClass = { class: 'error', type: 'SERVERERROR' }
const OTHERERROR: ReplyClass = { class: 'error', type: 'OTHERERROR' }

/** What kind of a reply was sent: with `rcode`, and the records of `reply`, where it is the one that was sent. */
export function classifyReply(rcode: number, reply: Reply | undefined): ReplyClass {
  const { answer = [], authority = [] } = reply?.rcode === rcode ? reply : {}
  if (rcode === Rcode.NXDOMAIN) return NXDOMAIN
  if (rcode === Rcode.SERVFAIL || rcode === Rcode.NOTIMP) return SERVERERROR
  if (rcode !== Rcode.NOERROR) return OTHERERROR
  if (answer.length > 0) return NOERROR
  if (authority.some(({ rrtype }) => rrtype === RrType.SOA)) return NODATA
  return authority.some(({ rrtype }) => rrtype === RrType.NS) ? DELEGATION : NOERROR
}
