import { describe, expect, onTestFinished, test } from 'vitest'

import { startServer } from '../../../src/index.ts'
import { rewrite } from '../../../src/plugins/rewrite.ts'
import { hexFromOctets } from '../../../src/wire/octets.ts'
import { parseMessage } from '../../../src/wire/message.ts'
import type { EdnsOption } from '../../../src/wire/edns.ts'
import type { Query } from '../../../src/zone/responder.ts'
import { clientQuery } from '../../forward/client-query.ts'
import { replyTo } from '../../forward/reply-octets.ts'
import { COREDNS, startCoredns } from '../../helpers/coredns.ts'
import { askRaw } from '../../helpers/raw-query.ts'
import { startScriptedUpstream } from '../../helpers/scripted-upstream.ts'
import { errorOf, setUp } from '../plugin-harness.ts'

const textOf = ({ code, data }: EdnsOption): string => `${code}=${hexFromOctets(data)}`

/** The options that upstreams are asked with, where the client sent these. */
async function upstreamOptions(
  text: string,
  ofClient: readonly EdnsOption[] = [],
  parts: Partial<Query> = {},
): Promise<readonly string[]> {
  const { responder } = setUp(rewrite, text)
  const base: Query = {
    ...clientQuery('WWW.example. MX'),
    ...parts,
    options: { ofClient, forUpstream: [] },
    withOptions: (options) => ({ ...base, options }),
  }
  let passed = base
  await responder?.(base, (next) => {
    passed = next
    return { rcode: 0, authoritativeAnswer: false, answer: [], authority: [], additional: [] }
  })
  return passed.options.forUpstream.map(textOf)
}

const subnetOf = (address: string) =>
  upstreamOptions('rewrite edns0 subnet set 9 52', [], { client: { address, port: 1, transport: 'udp' } })

const chain = (...rules: readonly string[]) =>
  upstreamOptions(rules.map((rule) => `rewrite continue edns0 local ${rule}`).join('\n'), CLIENTS)

/** What the client sent goes on with CoreDNS, whether a rule names it or not (differences.md 32). */
const withoutClients = (options: readonly string[]) => options.filter((text) => text !== '65521=07')

const CLIENTS: readonly EdnsOption[] = [{ code: 0xffee, data: Uint8Array.of(9) }]

describe('rewrite edns0', () => {
  test.for([
    ['local set 0xffee 0x61626364', ['65518=61626364'], ['65518=61626364']],
    ['local set 65518 abcd revert', ['65518=61626364'], ['65518=61626364']],
    ['LOCAL SET 0xffee 0x', ['65518='], ['65518=']],
    ['local append 0xffee abcd', ['65518=61626364'], ['65518=09']],
    ['local replace 0xffee abcd', [], ['65518=61626364']],
    ['local unset 0xffee', [], []],
    ['nsid set', ['3='], ['3=']],
    ['nsid append', ['3='], ['3=']],
    ['nsid replace', [], []],
    ['subnet set 24 56', ['8=000118007f0000'], ['8=000118007f0000']],
    ['subnet set 0 0', ['8=00010000'], ['8=00010000']],
    ['subnet set 23 56', ['8=000117007f0000'], ['8=000117007f0000']],
    ['subnet unset', [], []],
  ] as const)('%s sends %j, and %j where the client sends 65518=09', async ([rule, alone, besideClients]) => {
    expect(await upstreamOptions(`rewrite edns0 ${rule}`)).toEqual(alone)
    expect(await upstreamOptions(`rewrite edns0 ${rule}`, CLIENTS)).toEqual(besideClients)
  })

  test.for([
    ['{qname}', Buffer.from('WWW.example.').toString('hex')],
    ['{qtype}', '000f'],
    ['{client_ip}', '0a010203'],
    ['{client_port}', '1267'],
    ['{protocol}', '746370'],
    ['{server_ip}', 'fd000000000000000000000000000001'],
    ['{server_port}', '0035'],
    ['{kubernetes/client-namespace}', '73686f70'],
  ] as const)('DATA %s is %s', async ([variable, expected]) => {
    const told = await upstreamOptions(`rewrite edns0 local set 1 ${variable}`, [], {
      client: { address: '10.1.2.3', port: 4711, transport: 'tcp' },
      local: { address: 'fd00::1', port: 53 },
      metadata: { get: (label) => (label === 'kubernetes/client-namespace' ? 'shop' : ''), note: () => {} },
    })
    expect(told).toEqual([`1=${expected}`])
  })

  test('subnet knows IPv6 clients, and IPv4 ones in IPv6 clothes', async () => {
    expect(await subnetOf('2001:db8:1:ffff::1')).toEqual(['8=0002340020010db80001f0'])
    expect(await subnetOf('::ffff:10.255.3.4')).toEqual(['8=000109000a80'])
  })

  test('rules that have nothing to send or to replace leave the question to those behind them', async () => {
    const behind = 'rewrite edns0 local set 2 b'
    const both = (rule: string, ofClient: readonly EdnsOption[] = []) =>
      upstreamOptions(`rewrite edns0 ${rule}\n${behind}`, ofClient)
    expect(await both('local set 1 {none/such}')).toEqual(['2=62'])
    expect(await both('local replace 1 a')).toEqual(['2=62'])
    expect(await both('local append 0xffee a', CLIENTS)).toEqual(['65518=09', '2=62'])
    expect(await both('local set 1 a')).toEqual(['1=61'])
    expect(await upstreamOptions(`rewrite continue edns0 local set 1 a\n${behind}`)).toEqual(['1=61', '2=62'])
  })

  test('a later rule sees what an earlier one has set or taken away', async () => {
    expect(await chain('unset 0xffee', 'replace 0xffee a', 'append 0xffee b')).toEqual(['65518=62'])
    expect(await chain('set 1 a', 'append 1 b', 'replace 1 c')).toEqual(['1=63'])
    expect(await chain('set 1 a', 'unset 1')).toEqual([])
  })

  test.for([
    ['rewrite edns0 local', 'SLICEDNS_CONFIG_REWRITE Corefile:2:9: an edns0 rule is not complete'],
    ['rewrite edns0 cookie set', 'SLICEDNS_CONFIG_VALUE Corefile:2:15:'],
    ['rewrite edns0 nsid add', 'SLICEDNS_CONFIG_VALUE Corefile:2:20:'],
    ['rewrite edns0 local set 1', 'local set takes 2 arguments, and 1 are given'],
    ['rewrite edns0 local unset 1 2', 'local unset takes 1 arguments, and 2 are given'],
    ['rewrite edns0 local set 65536 a', 'Corefile:2:25: "65536" is no code of an EDNS option'],
    ['rewrite edns0 local set 1 0x123', '"0x123" is not in whole octets'],
    ['rewrite edns0 local set 1 {nonsense}', '"{nonsense}" is no variable: there are {qname}, {qtype}'],
    [`rewrite edns0 local set 1 ${'x'.repeat(513)}`, 'has more than 512 octets'],
    ['rewrite edns0 subnet set 33 56', 'SLICEDNS_CONFIG_VALUE Corefile:2:26:'],
    ['rewrite edns0 subnet set 24 129', 'SLICEDNS_CONFIG_VALUE Corefile:2:29:'],
  ] as const)('%s is an error', ([text, expected]) => {
    expect(errorOf(rewrite, text)).toContain(expected)
  })
})

/** Three codes, those of the client (1 and 2 here) among them, through one rule each. */
const RULES = [
  'local set 0xffee abcd',
  'local replace 0xfff0 {client_ip}',
  'local replace 0xfff1 {client_ip}',
  'local append 0xfff1 {qname}',
  'local append 0xfff0 {qname} revert',
  'local set 0xfff1 {qtype}',
  'local set 0xfff1 {protocol}',
  'local set 0xfff1 {none/such}',
  'nsid set',
  'subnet set 24 56',
  'subnet append 17 56',
  'subnet replace 24 56',
]

describe.skipIf(COREDNS === undefined)('rewrite edns0 beside CoreDNS', () => {
  test('an upstream is asked with the same options', async () => {
    const upstream = await startScriptedUpstream((query) => [
      { do: 'send', octets: replyTo(query, { answer: ['www.example. 60 A 192.0.2.1'] }) },
    ])
    onTestFinished(() => upstream.close())
    const to = `127.0.0.1:${upstream.port}`
    const corefile = (port: number) =>
      RULES.map(
        (rule, index) =>
          `r${index}.example.:${port} {\n bind 127.0.0.1\n metadata\n rewrite edns0 ${rule}\n forward . ${to}\n}\n`,
      ).join('')
    const coredns = await startCoredns(corefile)
    const server = await startServer({ corefileText: corefile(0) })
    onTestFinished(() => server.close())
    /** 0xfff1 with one octet. */
    const ednsData = [0xff, 0xf1, 0, 1, 7]
    const seenFrom = async (port: number): Promise<readonly (readonly string[])[]> => {
      const seen: (readonly string[])[] = []
      for (const index of RULES.keys()) {
        const before = upstream.queries.length
        await askRaw({ address: '127.0.0.1', port, transport: 'udp' }, `r${index}.example. A`, { ednsData })
        const octets = upstream.queries.slice(before).at(-1)?.octets ?? new Uint8Array()
        const parsed = parseMessage(octets)
        seen.push(parsed.ok ? (parsed.message.opt?.options ?? []).map(textOf) : [parsed.where])
      }
      return seen
    }
    const [ours, theirs] = [await seenFrom(server.port), await seenFrom(coredns.port)]
    expect(ours.map(withoutClients)).toEqual(theirs.map(withoutClients))
    expect(ours[3]).toEqual(['65521=07'])
    expect(ours[6]).toEqual(['65521=756470'])
  })
})
