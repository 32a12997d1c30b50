import type { ApiObject } from '../helpers/api-object.ts'
import {
  clusterIPSpec,
  externalNameSpec,
  headlessSpec,
  namespaceObject,
  podObject,
  serviceObject,
  sliceObject,
} from './builders.ts'
import type { CaseParts, ReplyParts } from './make-case.ts'
import { makeQuery, OUR_SOA, THEIR_SOA } from './make-case.ts'

const at = (name: string) => ({ namespace: 'shop', name, labels: {} })
const HTTP = [{ name: 'http', port: 80 }]

/** What the cases below are about. */
export const OBJECTS: readonly ApiObject[] = [
  namespaceObject('shop'),
  serviceObject(at('web'), clusterIPSpec(['10.96.0.1'], HTTP)),
  serviceObject(at('db'), headlessSpec(HTTP)),
  sliceObject(at('db'), {
    ports: [{ name: 'http', port: 8080 }, { name: 'admin' }],
    endpoints: [
      { addresses: ['10.1.0.1'], hostname: 'db-0' },
      { addresses: ['10.1.0.2'], hostname: 'two.labels' },
      { addresses: ['10.1.0.3'], hostname: 'DB-2' },
      { addresses: ['010.1.0.4'] },
    ],
  }),
  serviceObject(at('early'), headlessSpec(HTTP, { publishNotReadyAddresses: true })),
  sliceObject(at('early'), { endpoints: [{ addresses: ['10.1.1.1'], conditions: { ready: false } }] }),
  serviceObject(at('far'), externalNameSpec('web.outside.example')),
  serviceObject(at('hosts'), headlessSpec()),
  sliceObject(at('hosts'), { addressType: 'FQDN', endpoints: [{ addresses: ['web.outside.example'] }] }),
  serviceObject(at('six'), headlessSpec(HTTP)),
  sliceObject(at('six'), { addressType: 'IPv6', endpoints: [{ addresses: ['fd00:0:0::1'] }] }),
  sliceObject(at('orphan'), { endpoints: [{ addresses: ['10.1.2.1'] }] }),
  sliceObject(at('stray'), { serviceName: '', endpoints: [{ addresses: ['10.1.3.1'] }] }),
  podObject(at('pod'), { podIPs: ['10.1.4.1', 'fd00:4::1'] }),
]

const WEB = 'web.shop.svc.cluster.local.'
const DB = 'db.shop.svc.cluster.local.'
const FAR = 'far.shop.svc.cluster.local.'
const NODATA: ReplyParts = { authority: [OUR_SOA] }
const NXDOMAIN: ReplyParts = { rcode: 3, authority: [OUR_SOA] }
const THEIR_NODATA: ReplyParts = { authority: [THEIR_SOA] }
const THEIR_NXDOMAIN: ReplyParts = { rcode: 3, authority: [THEIR_SOA] }
const FORWARDED: ReplyParts = {
  rcode: 3,
  aa: false,
  authority: ['. 900 SOA ns.example. root.example. 1 2 3 4 60'],
}
const OPT = { udpPayloadSize: 1232, version: 0, dnssecOk: false, options: [] }
const EDNS = { udpPayloadSize: 4096, dnssecOk: false, options: [] }
const IN_ADDR_SOA = OUR_SOA.replaceAll('cluster.local', 'in-addr.arpa')

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

const RIGHT: ReplyParts = { answer: [`${WEB} 30 A 10.96.0.1`] }

/** Differences that nothing excuses. */
export const FAULTS: readonly (CaseParts & { readonly what: string })[] = [
  { what: 'a Service denied', query: makeQuery(`${WEB} A`), ours: NXDOMAIN, theirs: RIGHT },
  {
    what: 'a Service given that is not there',
    query: makeQuery('no.shop.svc.cluster.local. A'),
    ours: RIGHT,
    theirs: THEIR_NXDOMAIN,
  },
  {
    what: 'another address',
    query: makeQuery(`${WEB} A`),
    ours: { answer: [`${WEB} 30 A 10.96.0.9`] },
    theirs: RIGHT,
  },
  {
    what: 'another TTL',
    query: makeQuery(`${WEB} A`),
    ours: { answer: [`${WEB} 5 A 10.96.0.1`] },
    theirs: RIGHT,
  },
  { what: 'NODATA for an address', query: makeQuery(`${WEB} A`), ours: NODATA, theirs: RIGHT },
  { what: 'not authoritative', query: makeQuery(`${WEB} A`), ours: { ...RIGHT, aa: false }, theirs: RIGHT },
  {
    what: 'truncated for nothing',
    query: makeQuery(`${WEB} A`),
    ours: { ...RIGHT, tc: true },
    theirs: RIGHT,
  },
  {
    what: 'RA without forward',
    profile: { forward: false },
    query: makeQuery(`${WEB} A`),
    ours: { ...RIGHT, ra: true },
    theirs: RIGHT,
  },
  {
    what: 'no RA, and theirs with',
    query: makeQuery(`${WEB} A`),
    ours: RIGHT,
    theirs: { ...RIGHT, ra: true },
  },
  { what: 'AD of our own data', query: makeQuery(`${WEB} A`), ours: { ...RIGHT, ad: true }, theirs: RIGHT },
  {
    what: 'AD kept from a client that asked',
    query: makeQuery('web.outside.example. A', { authenticData: true }),
    ours: { aa: false },
    theirs: { aa: false, ad: true },
  },
  {
    what: 'no OPT record',
    query: makeQuery(`${WEB} A`, { edns: EDNS }),
    ours: RIGHT,
    theirs: { ...RIGHT, opt: OPT },
  },
  {
    what: 'an OPT size of nobody',
    query: makeQuery(`${WEB} A`, { edns: EDNS }),
    ours: { opt: { ...OPT, udpPayloadSize: 1400 } },
    theirs: { opt: { ...OPT, udpPayloadSize: 4096 } },
  },
  {
    what: 'DO dropped',
    query: makeQuery(`${WEB} A`, { edns: EDNS }),
    ours: { opt: OPT },
    theirs: { opt: { ...OPT, dnssecOk: true } },
  },
  {
    what: 'an option out of nowhere',
    query: makeQuery(`${WEB} A`, { edns: EDNS }),
    ours: { opt: { ...OPT, options: [{ code: 3, data: new Uint8Array() }] } },
    theirs: { opt: OPT },
  },
  {
    what: 'an extended error beside data',
    query: makeQuery(`${WEB} A`, { edns: EDNS }),
    ours: { ...RIGHT, opt: { ...OPT, options: [{ code: 15, data: Uint8Array.of(0, 0) }] } },
    theirs: { ...RIGHT, opt: OPT },
  },
  { what: 'no reply of ours', query: makeQuery(`${WEB} A`), ours: undefined, theirs: RIGHT },
  { what: 'no reply of theirs', query: makeQuery(`${WEB} A`), ours: RIGHT, theirs: undefined },
  {
    what: 'no reply of theirs to a PTR of a Service',
    query: makeQuery('1.0.96.10.in-addr.arpa. PTR'),
    ours: RIGHT,
    theirs: undefined,
  },
  {
    what: 'SRV without its glue',
    query: makeQuery(`_http._tcp.${WEB} SRV`),
    ours: { answer: [`_http._tcp.${WEB} 30 SRV 0 100 80 ${WEB}`] },
    theirs: { answer: [`_http._tcp.${WEB} 30 SRV 0 100 80 ${WEB}`], additional: [`${WEB} 30 A 10.96.0.1`] },
  },
  {
    what: 'an uneven SRV weight',
    query: makeQuery(`_http._tcp.${WEB} SRV`),
    ours: { answer: [`_http._tcp.${WEB} 30 SRV 0 33 80 ${WEB}`] },
    theirs: { answer: [`_http._tcp.${WEB} 30 SRV 0 50 80 ${WEB}`] },
  },
  {
    what: 'SRV denied at a port',
    query: makeQuery(`_http._tcp.${WEB} SRV`),
    ours: NXDOMAIN,
    theirs: { answer: [`_http._tcp.${WEB} 30 SRV 0 100 80 ${WEB}`] },
  },
  {
    what: 'a negative answer that lives long',
    query: makeQuery(`${WEB} MX`),
    ours: { authority: [THEIR_SOA] },
    theirs: { authority: [OUR_SOA.replace(' 8 ', ' 9 ')] },
  },
  {
    what: 'SOA of another zone',
    query: makeQuery(`${WEB} MX`),
    ours: { authority: [IN_ADDR_SOA] },
    theirs: THEIR_NODATA,
  },
  { what: 'no SOA', query: makeQuery('svc.cluster.local. TXT'), ours: {}, theirs: THEIR_NXDOMAIN },
  {
    what: 'a namespace that is not there',
    query: makeQuery('nowhere.svc.cluster.local. TXT'),
    ours: NODATA,
    theirs: THEIR_NXDOMAIN,
  },
  {
    what: 'SOA denied where a name is',
    query: makeQuery(`${WEB} SOA`),
    ours: NXDOMAIN,
    theirs: THEIR_NODATA,
  },
  {
    what: '_udp of a Service without',
    query: makeQuery(`_udp.${WEB} A`),
    ours: NODATA,
    theirs: THEIR_NXDOMAIN,
  },
  {
    what: 'a PTR denied',
    query: makeQuery('1.0.1.10.in-addr.arpa. PTR'),
    ours: FORWARDED,
    theirs: { answer: [`1.0.1.10.in-addr.arpa. 30 PTR db-0.${DB}`] },
  },
  {
    what: 'an alias that leads elsewhere',
    query: makeQuery(`${FAR} MX`),
    ours: { answer: [`${FAR} 30 CNAME else.example.`] },
    theirs: THEIR_NODATA,
    end: {},
  },
  {
    what: 'an alias whose end is another',
    query: makeQuery(`${FAR} MX`),
    ours: { rcode: 3, answer: [`${FAR} 30 CNAME web.outside.example.`] },
    theirs: THEIR_NODATA,
    end: {},
  },
  {
    what: 'an alias not in the answer',
    query: makeQuery(`${FAR} A`),
    ours: NODATA,
    theirs: { answer: [`${FAR} 30 CNAME web.outside.example.`] },
    end: {},
  },
  {
    what: 'an endpoint that is not ready',
    query: makeQuery(`${DB} A`),
    ours: { answer: [`${DB} 30 A 10.1.0.1`, `${DB} 30 A 10.1.0.77`] },
    theirs: { answer: [`${DB} 30 A 10.1.0.1`] },
  },
  {
    what: 'a missing endpoint',
    query: makeQuery(`${DB} A`),
    ours: { answer: [`${DB} 30 A 10.1.0.1`] },
    theirs: { answer: [`${DB} 30 A 10.1.0.1`, `${DB} 30 A 10.1.0.3`] },
  },
  {
    what: 'a Pod that is not there',
    profile: { pods: 'verified' },
    query: makeQuery('10-9-9-9.shop.pod.cluster.local. A'),
    ours: { answer: ['10-9-9-9.shop.pod.cluster.local. 30 A 10.9.9.9'] },
    theirs: THEIR_NXDOMAIN,
  },
  {
    what: 'class CH answered',
    query: makeQuery(`${WEB} A`, { rrclass: 3 }),
    ours: { rcode: 3, aa: true },
    theirs: RIGHT,
  },
  {
    what: 'ANY with two types',
    query: makeQuery(`${WEB} ANY`),
    ours: { answer: [`${WEB} 30 A 10.96.0.1`, `${WEB} 30 TXT "x"`] },
    theirs: THEIR_NODATA,
  },
  {
    what: 'a forwarded answer that lost a record',
    query: makeQuery('web.outside.example. A'),
    ours: { aa: false },
    theirs: { aa: false, answer: ['web.outside.example. 300 A 192.0.2.10'] },
  },
]
