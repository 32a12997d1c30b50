import type { CaseParts } from './make-case.ts'
import { makeQuery, OUR_SOA, THEIR_SOA } from './make-case.ts'
import {
  DB,
  EDNS,
  FAR,
  FORWARDED,
  IN_ADDR_SOA,
  NODATA,
  NXDOMAIN,
  OPT,
  THEIR_NODATA,
  THEIR_NXDOMAIN,
  WEB,
} from './rule-replies.ts'

/** A difference that the rule of that number allows. */
export interface RuleCase extends CaseParts {
  readonly number: string
}

/** One for each way in which a rule applies. */
export const RULE_CASES: readonly RuleCase[] = [
  { number: '1', query: makeQuery('svc.cluster.local. TXT'), ours: NODATA, theirs: THEIR_NXDOMAIN },
  { number: '2', query: makeQuery('no.shop.svc.cluster.local. SOA'), ours: NXDOMAIN, theirs: THEIR_NODATA },
  { number: '3', query: makeQuery(`_tcp.${WEB} A`), ours: NODATA, theirs: THEIR_NXDOMAIN },
  {
    number: '4',
    query: makeQuery(`_http._tcp.${WEB} A`),
    ours: NODATA,
    theirs: { answer: [`_http._tcp.${WEB} 30 A 10.96.0.1`] },
  },
  { number: '4', query: makeQuery(`http._tcp.${WEB} MX`), ours: NXDOMAIN, theirs: THEIR_NODATA },
  {
    number: '6',
    query: makeQuery('x.10-1-4-1.shop.pod.cluster.local. MX'),
    ours: NXDOMAIN,
    theirs: THEIR_NODATA,
  },
  {
    number: '6',
    query: makeQuery('10-1-4-1.shop.pod.cluster.local. SRV'),
    ours: NODATA,
    theirs: { answer: ['10-1-4-1.shop.pod.cluster.local. 30 SRV 0 100 0 10-1-4-1.shop.pod.cluster.local.'] },
  },
  {
    number: '6',
    profile: { pods: 'verified' },
    query: makeQuery('fd00-4--1.shop.pod.cluster.local. AAAA'),
    ours: { answer: ['fd00-4--1.shop.pod.cluster.local. 30 AAAA fd00:4::1'] },
    theirs: THEIR_NXDOMAIN,
  },
  {
    number: '3',
    profile: { zonal: true },
    query: makeQuery('zone-a.pin._zone.none.shop.svc.cluster.local. A'),
    ours: NXDOMAIN,
    theirs: THEIR_NODATA,
  },
  {
    number: '6',
    profile: { pods: 'verified' },
    query: makeQuery('10-1-4-9.shop.pod.cluster.local. A'),
    ours: NXDOMAIN,
    theirs: { answer: ['10-1-4-9.shop.pod.cluster.local. 30 A 10.1.4.9'] },
  },
  {
    number: '7',
    query: makeQuery('ns.dns.cluster.local. A'),
    ours: { answer: ['ns.dns.cluster.local. 30 A 127.0.0.1'] },
    theirs: THEIR_NODATA,
  },
  {
    number: '10',
    query: makeQuery(`x.${'1.'.repeat(32)}ip6.arpa. PTR`),
    ours: FORWARDED,
    theirs: { answer: [`x.${'1.'.repeat(32)}ip6.arpa. 30 PTR ${DB}`] },
  },
  {
    number: '10',
    query: makeQuery('svc.in-addr.arpa. A'),
    ours: FORWARDED,
    theirs: { authority: [THEIR_SOA.replaceAll('cluster.local', 'in-addr.arpa')] },
  },
  {
    number: '12',
    query: makeQuery('mixed.shop.svc.cluster.local. A'),
    ours: { answer: ['mixed.shop.svc.cluster.local. 30 A 10.1.5.1'] },
    theirs: {
      answer: [
        'mixed.shop.svc.cluster.local. 30 A 10.1.5.1',
        'mixed.shop.svc.cluster.local. 30 CNAME web.outside.example.',
      ],
    },
  },
  {
    number: '7',
    query: makeQuery('cluster.local. NS'),
    ours: {
      answer: ['cluster.local. 30 NS ns.dns.cluster.local.'],
      additional: ['ns.dns.cluster.local. 30 A 127.0.0.1'],
    },
    theirs: THEIR_NODATA,
  },
  {
    number: '8',
    query: makeQuery('1.2.1.10.in-addr.arpa. PTR'),
    ours: FORWARDED,
    theirs: { answer: ['1.2.1.10.in-addr.arpa. 30 PTR 10-1-2-1.orphan.shop.svc.cluster.local.'] },
  },
  { number: '9', query: makeQuery('1.3.1.10.in-addr.arpa. PTR'), ours: FORWARDED, theirs: undefined },
  {
    number: '10',
    query: makeQuery('1.0.1.10.in-addr.arpa. A'),
    ours: { authority: [IN_ADDR_SOA] },
    theirs: FORWARDED,
  },
  {
    number: '12',
    query: makeQuery('hosts.shop.svc.cluster.local. MX'),
    ours: { ...NODATA, answer: ['hosts.shop.svc.cluster.local. 30 CNAME web.outside.example.'] },
    theirs: THEIR_NODATA,
    end: NODATA,
  },
  {
    number: '13',
    query: makeQuery(`${FAR} MX`),
    ours: { rcode: 2, answer: [`${FAR} 30 CNAME web.outside.example.`] },
    theirs: THEIR_NODATA,
    end: { rcode: 2, aa: false },
  },
  {
    number: '15',
    query: makeQuery(`${FAR} A`),
    ours: { answer: [`${FAR} 30 CNAME web.outside.example.`] },
    theirs: { answer: [`${FAR} 30 CNAME web.outside.example.`, 'other.outside.example. 300 A 192.0.2.66'] },
    end: { aa: false },
  },
  {
    number: '16',
    query: makeQuery(`_http._tcp.${WEB} SRV`),
    ours: { answer: [`_http._tcp.${WEB} 30 SRV 0 100 80 ${WEB}`] },
    theirs: { answer: [`_http._tcp.${WEB} 30 SRV 0 50 80 ${WEB}`] },
  },
  { number: '17', query: makeQuery(`_admin._tcp.${DB} SRV`), ours: NXDOMAIN, theirs: THEIR_NODATA },
  {
    number: '18',
    query: makeQuery(`${WEB} A`),
    ours: { answer: [`${WEB} 30 A 10.96.0.1`], ra: true },
    theirs: { answer: [`${WEB} 30 A 10.96.0.1`] },
  },
  {
    number: '18',
    query: makeQuery('web.outside.example. A'),
    ours: { aa: false, ra: true },
    theirs: { aa: false, ra: true, ad: true },
  },
  {
    number: '19',
    query: makeQuery(`${WEB} A`, { edns: EDNS }),
    ours: { opt: OPT },
    theirs: { opt: { ...OPT, udpPayloadSize: 4096 } },
  },
  {
    number: '20',
    query: makeQuery(`${WEB} A`, { edns: { ...EDNS, options: [{ code: 3, hex: '' }] } }),
    ours: { opt: OPT },
    theirs: { opt: { ...OPT, options: [{ code: 3, data: new Uint8Array() }] } },
  },
  {
    number: '21',
    query: makeQuery('no.shop.svc.cluster.local. A', { edns: EDNS }),
    ours: { ...NXDOMAIN, opt: { ...OPT, options: [{ code: 15, data: Uint8Array.of(0, 0) }] } },
    theirs: { ...NXDOMAIN, opt: OPT },
  },
  {
    number: '21',
    query: makeQuery(`_why.${WEB} TXT`),
    ours: { answer: [`_why.${WEB} 5 TXT "it is there"`] },
    theirs: THEIR_NXDOMAIN,
  },
  {
    number: '22',
    query: makeQuery(`${WEB} A`, { rrclass: 3 }),
    ours: { rcode: 5, aa: false },
    theirs: { answer: [`${WEB} 30 A 10.96.0.1`] },
  },
  {
    number: '22',
    query: makeQuery(`${WEB} ANY`),
    ours: { answer: [`${WEB} 30 A 10.96.0.1`] },
    theirs: THEIR_NODATA,
  },
  {
    number: '23',
    query: makeQuery(`${WEB} MX`),
    ours: NODATA,
    theirs: { authority: [THEIR_SOA.replace(' 9 ', ' 8 ')] },
  },
  {
    number: '25',
    query: makeQuery(`${WEB} MX`),
    ours: NODATA,
    theirs: { authority: [OUR_SOA.replace(' 8 ', ' 9 ')] },
  },
  {
    number: '30',
    query: makeQuery('early.shop.svc.cluster.local. A'),
    ours: { answer: ['early.shop.svc.cluster.local. 30 A 10.1.1.1'] },
    theirs: THEIR_NXDOMAIN,
  },
  {
    number: '33',
    query: makeQuery('extra.outside.example. A'),
    ours: { aa: false, answer: ['extra.outside.example. 300 A 192.0.2.10'] },
    theirs: {
      aa: false,
      answer: ['extra.outside.example. 300 A 192.0.2.10', 'other.outside.example. 300 A 192.0.2.66'],
    },
  },
  { number: 'D1', query: makeQuery(`${WEB} TYPE250`), ours: { rcode: 4, aa: false }, theirs: THEIR_NODATA },
  {
    number: 'D2',
    query: makeQuery(`10-1-0-2.${DB} A`),
    ours: { answer: [`10-1-0-2.${DB} 30 A 10.1.0.2`] },
    theirs: THEIR_NXDOMAIN,
  },
  {
    number: 'D2',
    query: makeQuery(`${DB} SRV`),
    ours: { answer: [`${DB} 30 SRV 0 100 80 ${DB}`] },
    theirs: undefined,
  },
  {
    number: 'D3',
    query: makeQuery(`${DB} A`),
    ours: { answer: [`${DB} 30 A 10.1.0.1`] },
    theirs: { answer: [`${DB} 30 A 10.1.0.1`, `${DB} 30 CNAME 010.1.0.4.`] },
  },
  {
    number: 'D5',
    query: makeQuery(`${WEB} A`, {
      tcp: false,
      edns: { ...EDNS, options: [{ code: 12, hex: '00'.repeat(600) }] },
    }),
    ours: { answer: [`${WEB} 30 A 10.96.0.1`] },
    theirs: { rcode: 1, aa: false },
  },
  {
    number: 'D7',
    query: makeQuery(`${DB} SRV`),
    ours: { answer: [`${DB} 30 SRV 0 100 8080 db-2.${DB}`] },
    theirs: { answer: [`${DB} 30 SRV 0 100 8080 DB-2.${DB}`] },
  },
  {
    number: 'D8',
    query: makeQuery('fd00--1.six.shop.svc.cluster.local. AAAA'),
    ours: { answer: ['fd00--1.six.shop.svc.cluster.local. 30 AAAA fd00::1'] },
    theirs: THEIR_NXDOMAIN,
  },
]
