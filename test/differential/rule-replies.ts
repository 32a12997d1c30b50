import type { ReplyParts } from './make-case.ts'
import { OUR_SOA, THEIR_SOA } from './make-case.ts'

export const WEB = 'web.shop.svc.cluster.local.'
export const DB = 'db.shop.svc.cluster.local.'
export const FAR = 'far.shop.svc.cluster.local.'
export const NODATA: ReplyParts = { authority: [OUR_SOA] }
export const NXDOMAIN: ReplyParts = { rcode: 3, authority: [OUR_SOA] }
export const THEIR_NODATA: ReplyParts = { authority: [THEIR_SOA] }
export const THEIR_NXDOMAIN: ReplyParts = { rcode: 3, authority: [THEIR_SOA] }
export const FORWARDED: ReplyParts = {
  rcode: 3,
  aa: false,
  authority: ['. 900 SOA ns.example. root.example. 1 2 3 4 60'],
}
export const OPT = { udpPayloadSize: 1232, version: 0, dnssecOk: false, options: [] }
export const EDNS = { udpPayloadSize: 4096, dnssecOk: false, options: [] }
export const IN_ADDR_SOA = OUR_SOA.replaceAll('cluster.local', 'in-addr.arpa')
