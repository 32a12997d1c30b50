import { describe, expect, onTestFinished, test } from 'vitest'

import { startServer } from '../../src/index.ts'
import { MetricsRegistry } from '../../src/metrics/registry.ts'
import { acl } from '../../src/plugins/acl.ts'
import type { Reply } from '../../src/zone/responder.ts'
import type { RRset } from '../../src/zone/rrset.ts'
import { clientQuery, nameOf } from '../forward/client-query.ts'
import { COREDNS } from '../helpers/coredns.ts'
import { ACL_SETS } from '../helpers/directive-sets/acl-sets.ts'
import { dnsClient } from '../helpers/dns-client.ts'
import { startSet } from './beside-coredns.ts'
import { differences, errorsByRcode } from './differences-from-coredns.ts'
import { chainOf, errorOf, setUp, testHost } from './plugin-harness.ts'

const ANSWER: Reply = { rcode: 0, authoritativeAnswer: true, answer: [], authority: [], additional: [] }

/** What becomes of a question from an address: `asked` where it is passed on. */
async function fate(text: string, question: string, address = '10.1.2.3', answer = ANSWER): Promise<string> {
  const client = { address, port: 5353, transport: 'udp' } as const
  const reply = await chainOf(setUp(acl, text), answer)({ ...clientQuery(question), client })
  if (reply === answer) return 'asked'
  if (reply.dropped === true) return 'dropped'
  return reply.rcode === 5 ? `refused ${reply.extendedError?.code}` : `empty ${reply.extendedError?.code}`
}

describe('acl', () => {
  test.for([
    ['block', '10.1.2.3', 'refused 15'],
    ['filter', '10.1.2.3', 'empty 17'],
    ['drop', '10.1.2.3', 'dropped'],
    ['allow', '10.1.2.3', 'asked'],
    ['block net 10.0.0.0/8', '10.1.2.3', 'refused 15'],
    ['block net 10.0.0.0/8', '11.1.2.3', 'asked'],
    ['block net 10.1.2.3', '10.1.2.3', 'refused 15'],
    ['block net 10.1.2.3', '10.1.2.4', 'asked'],
    ['block net fd00::/8', 'fd12::1', 'refused 15'],
    ['block net fd00::/8', 'fe80::1%eth0', 'asked'],
    ['block net fe80::1', 'fe80::1%eth0', 'refused 15'],
    ['block net 0.0.0.0/0', 'fd12::1', 'asked'],
    ['block net *', 'fd12::1', 'refused 15'],
    ['block type AAAA', '10.1.2.3', 'asked'],
    ['block type AAAA A net 10.0.0.0/8', '10.1.2.3', 'refused 15'],
    ['block net 10.0.0.0/8 type TXT *', '10.1.2.3', 'refused 15'],
    ['allow net 10.1.0.0/16\nblock net 10.0.0.0/8', '10.1.2.3', 'asked'],
    ['allow net 10.1.0.0/16\nblock net 10.0.0.0/8', '10.2.2.3', 'refused 15'],
    ['block', 'no address', 'refused 15'],
  ] as const)('%s: %s is %s', async ([policies, address, expected]) => {
    expect(await fate(`acl {\n${policies}\n}`, 'www.example. A', address)).toBe(expected)
  })

  test('looks at names in its zones only, at one directive after the other until one speaks', async () => {
    const text =
      'acl a.example {\n allow net 10.0.0.0/8\n}\nacl a.example {\n block\n}\nacl b.example {\n drop\n}'
    expect(await fate(text, 'www.a.example. A')).toBe('asked')
    expect(await fate(text, 'www.A.example. A', '11.0.0.1')).toBe('refused 15')
    expect(await fate(text, 'b.example. A')).toBe('dropped')
    expect(await fate(text, 'c.example. A')).toBe('asked')
  })

  test('S06 a name that an answer leads to is looked at too, wherever the answer is from', async () => {
    const cname: RRset = {
      owner: nameOf('www.example.'),
      rrtype: 5,
      ttlSeconds: 5,
      rdatas: [{ kind: 'CNAME', target: nameOf('Secret.test.') }],
    }
    const secret: RRset = { owner: nameOf('Secret.test.'), rrtype: 1, ttlSeconds: 5, rdatas: [] }
    const answer = { ...ANSWER, answer: [cname, secret] }
    const text = 'acl secret.test {\n block net 10.0.0.0/8\n}'
    expect(await fate(text, 'www.example. A', '10.1.2.3', answer)).toBe('refused 15')
    expect(await fate(text, 'www.example. A', '11.1.2.3', answer)).toBe('asked')
  })

  test('S06 neither a rewrite, nor a CNAME, nor a cache leads around it', async () => {
    const server = await startServer({
      corefileText: `.:0 {
        bind 127.0.0.1
        rewrite name alias.example secret.test
        acl secret.test {
          block net 127.0.0.0/8
        }
        cache
        template IN A cname.example {
          answer "{{ .Name }} 60 IN CNAME secret.test."
        }
        template IN A secret.test open.test {
          answer "{{ .Name }} 60 IN A 10.0.0.1"
        }
      }`,
    })
    onTestFinished(() => server.close())
    const client = dnsClient(server.port)
    expect((await client.ask('open.test A')).rcode).toBe('NOERROR')
    expect((await client.ask('secret.test A')).rcode).toBe('REFUSED')
    expect((await client.ask('alias.example A')).rcode).toBe('REFUSED')
    for (const _ of [1, 2]) {
      const { rcode, answer } = await client.ask('cname.example A')
      expect(rcode).toBe('SERVFAIL')
      expect(answer).toEqual(['cname.example. 60 IN CNAME secret.test.'])
    }
  })

  test('counts what it decides', async () => {
    const metrics = new MetricsRegistry()
    const parts = setUp(
      acl,
      'acl a.example {\n block type A\n filter type TXT\n drop type MX\n}',
      testHost({ metrics }),
    )
    for (const type of ['A', 'TXT', 'TXT', 'MX', 'AAAA'])
      await chainOf(parts, ANSWER)(clientQuery(`www.a.example. ${type}`))
    const counted = metrics
      .families()
      .flatMap((family) =>
        [...family.series()].map(({ labelValues, value }) => [
          family.spec.name,
          labelValues.join(' '),
          value,
        ]),
      )
    expect(counted).toEqual([
      ['coredns_acl_allowed_requests_total', 'dns://:53 ', 1],
      ['coredns_acl_blocked_requests_total', 'dns://:53 a.example. ', 1],
      ['coredns_acl_filtered_requests_total', 'dns://:53 a.example. ', 2],
      ['coredns_acl_dropped_requests_total', 'dns://:53 a.example. ', 1],
    ])
  })

  test('a dropped query gets no reply, and the connection goes on', async () => {
    const server = await startServer({
      corefileText: '.:0 {\n bind 127.0.0.1\n acl {\n  drop type TXT\n }\n whoami\n}',
    })
    onTestFinished(() => server.close())
    const client = dnsClient(server.port)
    const dropped = client.ask('a.example TXT').then(
      () => 'replied',
      () => 'silence',
    )
    expect((await client.ask('a.example A')).rcode).toBe('NOERROR')
    expect((await client.ask('a.example A', { transport: 'tcp' })).rcode).toBe('NOERROR')
    expect(await dropped).toBe('silence')
  }, 10_000)

  test.for([
    [
      'acl {\n blok\n}',
      'SLICEDNS_CONFIG_UNKNOWN_PROPERTY Corefile:3:2: unknown property "blok" of "acl"; did you mean "block"?',
    ],
    [
      'acl {\n block nets 10.0.0.0/8\n}',
      'SLICEDNS_CONFIG_VALUE Corefile:3:8: "nets" is neither type nor net',
    ],
    ['acl {\n block net\n}', 'SLICEDNS_CONFIG_VALUE Corefile:3:8: "net" has nothing behind it'],
    ['acl {\n block type net 10.0.0.1\n}', 'Corefile:3:8: "type" has nothing behind it'],
    ['acl {\n block type X\n}', '"X" is no type'],
    ['acl {\n block net 10.0.0.256\n}', '"10.0.0.256" is neither an address nor a CIDR'],
  ] as const)('%s is an error', ([text, expected]) => {
    expect(errorOf(acl, text)).toContain(expected)
  })
})

describe.skipIf(COREDNS === undefined)('acl beside CoreDNS', () => {
  test.for(ACL_SETS)('answers the same: $directives', async (set) => {
    const pair = await startSet(set)
    expect(await differences(pair, set.questions, { normalize: errorsByRcode })).toEqual([])
  })
})
