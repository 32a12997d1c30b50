import type { CaseParts, ReplyParts } from './make-case.ts'
import { makeQuery } from './make-case.ts'
import type { RuleCase } from './rule-cases.ts'
import { EDNS, OPT } from './rule-replies.ts'

const SOA = 'outside.example. 60 SOA ns.example. root.example. 7 3600 600 86400 60'
const LINK = 'a.example. 60 CNAME b.example.'
const plain = (answer: readonly string[], more: ReplyParts = {}): ReplyParts => ({
  aa: false,
  answer,
  ...more,
})
const about = (directive: string) => ({ directive, zones: [], fallthrough: [], forward: false })
const denied = (text: string): NonNullable<ReplyParts['opt']> => ({
  ...OPT,
  options: [{ code: 15, data: Uint8Array.from([0, 15, ...Buffer.from(text)]) }],
})

/** One for each way in which a rule about a directive applies. */
export const DIRECTIVE_RULE_CASES: readonly RuleCase[] = [
  {
    number: '13',
    profile: about('file'),
    query: makeQuery('a.example. TXT'),
    ours: { rcode: 3, answer: [LINK], authority: [SOA] },
    theirs: { answer: [LINK], authority: ['example. 60 NS ns.example.'] },
  },
  {
    number: '13',
    profile: about('rewrite'),
    query: makeQuery('a.example. A'),
    ours: {
      answer: [LINK, 'b.example. 30 A 192.0.2.1'],
      additional: ['ns.b.example. 30 A 192.0.2.2'],
    },
    theirs: { answer: [LINK, 'b.example. 30 A 192.0.2.1'] },
  },
  {
    number: '21',
    profile: about('acl'),
    query: makeQuery('a.example. A', { edns: EDNS }),
    ours: { aa: false, rcode: 5, opt: denied('refused') },
    theirs: { aa: false, rcode: 5, opt: denied('') },
  },
  {
    number: '22',
    profile: about('template'),
    query: makeQuery('a.example. A'),
    ours: { aa: false, rcode: 5 },
    theirs: { rcode: 5 },
  },
  {
    number: '33',
    profile: about('cache'),
    query: makeQuery('WEB.outside.example. A'),
    ours: plain(['WEB.outside.example. 60 A 192.0.2.1']),
    theirs: { answer: ['web.outside.example. 60 A 192.0.2.1'] },
  },
  {
    number: '34',
    profile: about('cache'),
    query: makeQuery('a.example. A'),
    ours: plain([LINK], { authority: [SOA] }),
    theirs: plain(['a.example. 120 CNAME b.example.'], { authority: [SOA.replace(' 60 SOA', ' 120 SOA')] }),
  },
  {
    number: 'D9',
    profile: about('hosts'),
    query: makeQuery('WEB.example. A'),
    ours: { answer: ['WEB.example. 60 A 192.0.2.1'] },
    theirs: { answer: ['web.example. 60 A 192.0.2.1'] },
  },
  {
    number: 'D9',
    profile: about('file'),
    query: makeQuery('x.EXAMPLE. A'),
    ours: { rcode: 3, authority: [SOA.replace('outside.example', 'EXAMPLE')] },
    theirs: { rcode: 3, authority: [SOA.replace('outside.example', 'example')] },
  },
  {
    number: 'D9',
    profile: about('rewrite'),
    query: makeQuery('WEB.example. A'),
    ours: { additional: ['ns.WEB.example. 60 A 192.0.2.1'] },
    theirs: { additional: ['ns.web.example. 60 A 192.0.2.1'] },
  },
  {
    number: '7',
    profile: about('autopath'),
    query: makeQuery('WEB.example. A'),
    ours: {},
    theirs: { asked: 'WEB.EXAMPLE.' },
  },
  {
    number: 'D15',
    profile: about('minimal, any'),
    query: makeQuery('a.example. TXT'),
    ours: plain([LINK], { authority: [SOA] }),
    theirs: plain([LINK]),
  },
  {
    number: 'D25',
    profile: about('file'),
    query: makeQuery('a.example. A'),
    ours: { answer: ['a.example. 60 A 192.0.2.1'] },
    theirs: { answer: ['a.example. 60 A 192.0.2.1'], authority: ['example. 60 NS ns.example.'] },
  },
  {
    number: 'D27',
    profile: about('acl'),
    query: makeQuery('a.example. TXT'),
    ours: { aa: false },
    theirs: { aa: false, opt: OPT },
  },
  {
    number: 'D9',
    profile: about('k8s_external'),
    query: makeQuery('db.SHOP.EXAMPLE. SRV'),
    ours: { additional: ['db.shop.EXAMPLE. 5 A 192.0.2.1'] },
    theirs: { additional: ['db.shop.example. 5 A 192.0.2.1'] },
  },
  {
    number: 'D39',
    profile: about('rewrite'),
    query: makeQuery('a.example. TXT', { edns: EDNS }),
    ours: { aa: false, opt: OPT },
    theirs: { aa: false, opt: { ...OPT, options: [{ code: 0xff_ee, data: Buffer.from('abcd') }] } },
  },
  {
    number: 'D39',
    profile: about('rewrite'),
    query: makeQuery('a.example. TXT'),
    ours: { aa: false },
    theirs: { aa: false, opt: OPT },
  },
  {
    number: 'D38',
    profile: about('dns64'),
    query: makeQuery('a.example. AAAA'),
    ours: { aa: false, rcode: 2 },
    theirs: { aa: false },
  },
  {
    number: '23',
    profile: about('k8s_external'),
    query: makeQuery('a.outside.example. A'),
    ours: { rcode: 3, authority: [SOA.replace(' 60 SOA', ' 5 SOA').replace(/60$/, '5')] },
    theirs: { rcode: 3, authority: [SOA] },
  },
  {
    number: 'D37',
    profile: about('k8s_external'),
    query: makeQuery('_http._tcp.web.outside.example. A'),
    ours: { authority: [SOA] },
    theirs: { answer: ['_http._tcp.web.outside.example. 5 A 192.0.2.1'] },
  },
  {
    number: 'D37',
    profile: about('k8s_external'),
    query: makeQuery('web.outside.example. SRV'),
    ours: {
      answer: ['web.outside.example. 30 SRV 0 100 80 web.outside.example.'],
      additional: ['web.outside.example. 30 A 192.0.2.1'],
    },
    theirs: {
      answer: ['web.outside.example. 5 SRV 0 100 80 web.outside.example.'],
      additional: ['web.outside.example. 30 A 192.0.2.1'],
    },
  },
]

const address = (ttl: number, data = '192.0.2.1', owner = 'web.example.'): ReplyParts =>
  plain([`${owner} ${ttl} A ${data}`])

/** Differences of directives that nothing excuses. */
export const DIRECTIVE_FAULTS: readonly (CaseParts & { readonly what: string })[] = [
  ...['cache', 'hosts', 'file', 'rewrite', 'template', 'forward', 'k8s_external', 'dns64'].flatMap(
    (directive) => [
      {
        what: `another address from ${directive}`,
        profile: about(directive),
        query: makeQuery('web.example. A'),
        ours: address(60, '192.0.2.9'),
        theirs: address(60),
      },
      {
        what: `a longer TTL from ${directive}`,
        profile: about(directive),
        query: makeQuery('web.example. A'),
        ours: address(300),
        theirs: address(60),
      },
      {
        what: `letters from ${directive} that nobody asked with`,
        profile: about(directive),
        query: makeQuery('web.example. A'),
        ours: address(60, '192.0.2.1', 'WEB.example.'),
        theirs: address(60),
      },
      {
        what: `NXDOMAIN from ${directive} for a name that is there`,
        profile: about(directive),
        query: makeQuery('web.example. A'),
        ours: { aa: false, rcode: 3, authority: [SOA] },
        theirs: address(60),
      },
    ],
  ),
  {
    what: 'a cache that says AA',
    profile: about('cache'),
    query: makeQuery('web.example. A'),
    ours: { ...address(60), aa: true },
    theirs: address(60),
  },
  {
    what: 'a negative answer kept for longer than MINIMUM',
    profile: about('cache'),
    query: makeQuery('web.example. A'),
    ours: { aa: false, authority: [SOA.replace(' 60 SOA', ' 90 SOA')] },
    theirs: { aa: false, authority: [SOA.replace(' 60 SOA', ' 120 SOA')] },
  },
  {
    what: 'acl that refuses, and theirs that does not',
    profile: about('acl'),
    query: makeQuery('web.example. A'),
    ours: { aa: false, rcode: 5 },
    theirs: address(60),
  },
  {
    what: 'no OPT record of acl for a client that sent one',
    profile: about('acl'),
    query: makeQuery('web.example. A', { edns: EDNS }),
    ours: { aa: false, rcode: 5 },
    theirs: { aa: false, rcode: 5, opt: OPT },
  },
  {
    what: 'minimal without the address',
    profile: about('minimal, any'),
    query: makeQuery('a.example. A'),
    ours: plain([LINK], { authority: [SOA] }),
    theirs: plain([LINK, 'b.example. 30 A 192.0.2.1']),
  },
  {
    what: 'another port from k8s_external',
    profile: about('k8s_external'),
    query: makeQuery('web.outside.example. SRV'),
    ours: { answer: ['web.outside.example. 5 SRV 0 100 81 web.outside.example.'] },
    theirs: { answer: ['web.outside.example. 5 SRV 0 100 80 web.outside.example.'] },
  },
  {
    what: 'a question in other letters',
    profile: about('forward'),
    query: makeQuery('web.example. A'),
    ours: { asked: 'WEB.example.' },
    theirs: {},
  },
]
