import { describe, expect, test } from 'vitest'

import { composeExposition } from '../../src/metrics/exposition.ts'
import { template } from '../../src/plugins/template.ts'
import { rdataToText } from '../../src/wire/rdata-text.ts'
import { rrTypeToText } from '../../src/wire/rrtype.ts'
import type { Question, Reply } from '../../src/zone/responder.ts'
import type { RRset } from '../../src/zone/rrset.ts'
import { clientQuery, nameOf } from '../forward/client-query.ts'
import { COREDNS } from '../helpers/coredns.ts'
import { AKS, BY_ADDRESS, TEMPLATE_SETS } from '../helpers/directive-sets/template-sets.ts'
import { startSet } from './beside-coredns.ts'
import { differences, errorsByRcode } from './differences-from-coredns.ts'
import { chainOf, errorOf, setUp, testHost } from './plugin-harness.ts'

const PASSED: Reply = { rcode: 5, authoritativeAnswer: false, answer: [], authority: [], additional: [] }

const lines = (rrsets: readonly RRset[]) =>
  rrsets.flatMap(({ owner, ttlSeconds, rrtype, rdatas }) =>
    rdatas.map((rdata) => `${owner} ${ttlSeconds} ${rrTypeToText(rrtype)} ${rdataToText(rdata)}`),
  )

async function ask(text: string, question: string, resolve?: (question: Question) => Reply): Promise<Reply> {
  const query = clientQuery(question, resolve === undefined ? {} : { resolve })
  return chainOf(setUp(template, text), PASSED)(query)
}

async function said(text: string, question: string): Promise<string> {
  const reply = await ask(text, question)
  return reply === PASSED ? 'passed' : [String(reply.rcode), ...lines(reply.answer)].join('; ')
}

describe('template', () => {
  test.for([
    ['a.b.c.d.internal.cloudapp.net. A', '3'],
    ['b.c.d.internal.cloudapp.net. A', 'passed'],
    ['x.reddog.microsoft.com. AAAA', '3'],
    ['reddog.microsoft.com. TXT', '3'],
    ['www.example. A', 'passed'],
  ] as const)('answers %s as the Corefile of AKS means it', async ([question, expected]) => {
    expect(await said(AKS, question)).toBe(expected)
  })

  test.for([
    [BY_ADDRESS, 'ip-10-0-0-7.example. A', '0; ip-10-0-0-7.example. 60 A 10.0.0.7'],
    [BY_ADDRESS, 'x.IP-10-0-0-7.example. A', '0; x.IP-10-0-0-7.example. 60 A 10.0.0.7'],
    [BY_ADDRESS, 'ip-10-0-0-7.example. ANY', '0; ip-10-0-0-7.example. 60 A 10.0.0.7'],
    [BY_ADDRESS, 'ip-10-0-0-7.example. AAAA', 'passed'],
    [BY_ADDRESS, 'ip-10-0-0-700.example. A', '2'],
    [BY_ADDRESS, 'www.example. A', 'passed'],
    [BY_ADDRESS, 'ip-10-0-0-7.test. A', 'passed'],
    [BY_ADDRESS.replace('fallthrough', ''), 'www.example. A', '2'],
    ['template IN A {\n answer "{{ .Name }} A 10.0.0.1"\n}', 'a.example. A', '0; a.example. 3600 A 10.0.0.1'],
    [
      'template IN A example {\n answer "x.{{ .Zone }} 1h {{ .Class }} {{ .Type }} 10.0.0.1"\n}',
      'a.example. A',
      '0; x.example. 3600 A 10.0.0.1',
    ],
    [
      'template IN A {\n answer "a 5 IN A 10.0.0.1" "a 5 IN A 10.0.0.2"\n}',
      'a.example. A',
      '0; a. 5 A 10.0.0.1; a. 5 A 10.0.0.2',
    ],
    [
      'template IN TXT {\n answer "{{ .Name }} TXT {{ .Remote }}"\n}',
      'a.example. TXT',
      '0; a.example. 3600 TXT "127.0.0.1"',
    ],
    [
      'template IN A {\n match ^(.)\n answer "{{ index .Match 1 }}.b 5 IN A 10.0.0.1"\n}',
      'x.example. A',
      '0; x.b. 5 A 10.0.0.1',
    ],
    [
      'template IN A {\n match ^(.)\n answer "{{ index .Group \\"1\\" }}.b 5 IN A 10.0.0.1"\n}',
      'x.example. A',
      '0; x.b. 5 A 10.0.0.1',
    ],
    [
      'template IN A {\n match ^(?P<hex>..)\n answer "{{ .Name }} A 10.0.0.{{ parseInt .Group.hex 16 8 }}"\n}',
      '0a.example. A',
      '0; 0a.example. 3600 A 10.0.0.10',
    ],
    [
      'template IN A {\n match ^(?P<hex>..)\n answer "{{ .Name }} A 10.0.0.{{ parseInt .Group.hex 16 8 }}"\n}',
      'zz.example. A',
      '2',
    ],
    ['template IN A {\n answer "{{- .Name -}}  A {{/* why */}}10.0.0.1"\n}', 'a.example. A', '2'],
    [
      'template IN A {\n answer "{{ .Name }} A {{/* why */}}10.0.0.1"\n}',
      'a.example. A',
      '0; a.example. 3600 A 10.0.0.1',
    ],
    ['template IN A {\n match ^(.)\n answer "{{ index .Match 9 }} A 10.0.0.1"\n}', 'x.example. A', '2'],
    ['template IN A {\n answer "{{ .Group.none }} A 10.0.0.1"\n}', 'x.example. A', '2'],
    ['template IN A {\n rcode REFUSED\n}', 'a.example. A', '5'],
    ['template IN A {\n rcode SERVFAIL\n answer "a A 10.0.0.1"\n}', 'a.example. A', '2'],
    ['template CH A {\n rcode REFUSED\n}', 'a.example. A', 'passed'],
    ['template IN A a.example {\n}\ntemplate IN A example {\n rcode NXDOMAIN\n}', 'b.example. A', '3'],
    [
      'template IN A {\n match ^a\n rcode REFUSED\n fallthrough\n}\ntemplate IN A {\n rcode NXDOMAIN\n}',
      'b.example. A',
      '3',
    ],
    ['template IN A {\n match ^a\n rcode REFUSED\n fallthrough test\n}', 'b.example. A', '2'],
  ] as const)('%s: answers %s', async ([text, question, expected]) => {
    expect(await said(text, question)).toBe(expected)
  })

  test('fills authority and additional, over several lines in parentheses', async () => {
    const reply = await ask(
      `template IN ANY example {
        rcode NXDOMAIN
        authority "{{ .Zone }} 60 IN SOA ns.example hostmaster.example (1 60 60 60
          60)"
        additional "ns.example 60 IN A 10.0.0.1"
        ederror 21 "Blocked"
      }`,
      'www.example. A',
    )
    expect([reply.rcode, lines(reply.authority), lines(reply.additional)]).toEqual([
      3,
      ['example. 60 SOA ns.example. hostmaster.example. 1 60 60 60 60'],
      ['ns.example. 60 A 10.0.0.1'],
    ])
    expect(reply.extendedError).toEqual({ code: 21, text: 'Blocked' })
  })

  test('a CNAME is chased, and the end of the chain counts', async () => {
    const text = 'template IN ANY foogle.com {\n answer "foogle.com 60 IN CNAME google.com"\n}'
    const address: RRset = {
      owner: nameOf('google.com.'),
      rrtype: 1,
      ttlSeconds: 9,
      rdatas: [{ kind: 'A', address: 1 }],
    }
    const found = await ask(text, 'foogle.com. A', ({ qname }) => ({
      ...PASSED,
      rcode: 0,
      answer: [{ ...address, owner: qname }],
    }))
    expect([found.rcode, lines(found.answer)]).toEqual([
      0,
      ['foogle.com. 60 CNAME google.com.', 'google.com. 9 A 0.0.0.1'],
    ])
    const missing = await ask(text, 'foogle.com. A', () => ({ ...PASSED, rcode: 3 }))
    expect([missing.rcode, lines(missing.answer)]).toEqual([3, ['foogle.com. 60 CNAME google.com.']])
    const alone = await ask(text, 'foogle.com. CNAME')
    expect([alone.rcode, lines(alone.answer)]).toEqual([0, ['foogle.com. 60 CNAME google.com.']])
  })

  test('what a client asks cannot become a directive of a zone file or a second record', async () => {
    const text = 'template IN A {\n match ^(.*)[.]example\n answer "{{ index .Match 1 }} 60 IN A 10.0.0.1"\n}'
    for (const label of ['$include', '$origin', String.raw`a\010b`, String.raw`a\;b`, '@'])
      expect(await said(text, `${label}.example. A`)).toMatch(/^(2|0; \S+ 60 A 10\.0\.0\.1)$/)
  })

  test('says in negative replies that a template made them', async () => {
    expect((await ask('template IN A {\n rcode NXDOMAIN\n}', 'a.example.')).extendedError).toEqual({
      code: 0,
      text: 'a template of this server block says so',
    })
  })

  test.for([
    ['template', 'SLICEDNS_CONFIG_ARGUMENT Corefile:2:1:'],
    ['template XX A', 'SLICEDNS_CONFIG_VALUE Corefile:2:10: "XX" is neither a class nor a type'],
    ['template IN XX', 'SLICEDNS_CONFIG_VALUE Corefile:2:13:'],
    ['template IN A {\n rcode NXDOMAN\n}', 'did you mean "NXDOMAIN"?'],
    [
      'template IN A {\n answer "{{ if .Name }}"\n}',
      'SLICEDNS_CONFIG_TEMPLATE Corefile:3:9: the template "{{ if .Name }}" has the action {{ if .Name }}, which is not known here',
    ],
    ['template IN A {\n answer "{{ .Message }}"\n}', 'has the action {{ .Message }}'],
    ['template IN A {\n answer "{{ .Name"\n}', 'has "{{" without "}}"'],
    ['template IN A {\n answer "{{ .Meta }}"\n}', 'has the action {{ .Meta }}'],
    ['template IN A {\n answer\n}', 'SLICEDNS_CONFIG_ARGUMENT Corefile:3:2:'],
    ['template IN A {\n var x 1\n}', 'SLICEDNS_CONFIG_PROPERTY_NOT_SUPPORTED Corefile:3:2:'],
    ['template IN A {\n nonsense\n}', 'SLICEDNS_CONFIG_UNKNOWN_PROPERTY Corefile:3:2:'],
  ] as const)('%s is an error', ([text, expected]) => {
    expect(errorOf(template, text)).toContain(expected)
  })
})

test('template counts what matches, what cannot be filled in and what is no record then', async () => {
  const host = testHost()
  const text =
    'template IN A {\n match ^(a)?\n answer "{{ .Name }} A {{ index .Match 7 }}"\n}\n' +
    'template IN ANY {\n answer "{{ .Name }} A"\n}'
  const chain = chainOf(setUp(template, text, host, { viewName: 'inside' }))
  await chain(clientQuery('a.example. A'))
  await chain(clientQuery('a.example. MX'))
  await chain(clientQuery('a.example. TYPE999'))
  const counted = composeExposition(host.metrics.families())
    .split('\n')
    .filter((line) => /^\w/.test(line))
    .map((line) => line.replace('server="dns://:53",zone="example.",view="inside",class="IN",', ''))
  expect(counted).toEqual([
    'coredns_template_matches_total{type="A"} 1',
    'coredns_template_matches_total{type="MX"} 1',
    'coredns_template_matches_total{type="other"} 1',
    'coredns_template_rr_failures_total{type="MX",section="answer",template="{{ .Name }} A"} 1',
    'coredns_template_rr_failures_total{type="other",section="answer",template="{{ .Name }} A"} 1',
    'coredns_template_template_failures_total{type="A",section="answer",template="{{ .Name }} A {{ index .Match 7 }}"} 1',
  ])
})

describe.skipIf(COREDNS === undefined)('template beside CoreDNS', () => {
  test.for(TEMPLATE_SETS.map((set, index) => [index, set] as const))(
    'answers the same, Corefile %i',
    async ([, set]) => {
      const pair = await startSet(set)
      expect(await differences(pair, set.questions, { normalize: errorsByRcode })).toEqual([])
    },
  )
})
