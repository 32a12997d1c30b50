import { describe, expect, onTestFinished, test } from 'vitest'

import { startServer } from '../../src/index.ts'
import { header } from '../../src/plugins/header.ts'
import type { Query, Reply } from '../../src/zone/responder.ts'
import { clientQuery } from '../forward/client-query.ts'
import { replyTo } from '../forward/reply-octets.ts'
import { COREDNS } from '../helpers/coredns.ts'
import { dnsClient } from '../helpers/dns-client.ts'
import { startScriptedUpstream } from '../helpers/scripted-upstream.ts'
import { tempFolder } from '../helpers/temp-folder.ts'
import { startPair } from './beside-coredns.ts'
import { errorOf, setUp } from './plugin-harness.ts'

const REPLY: Reply = { rcode: 0, authoritativeAnswer: true, answer: [], authority: [], additional: [] }

/** The reply behind `header` with these lines, and the query as the next directive sees it. */
async function pass(
  lines: string,
  query: Query,
  late = false,
): Promise<{ reply: Reply; seen: Query | undefined }> {
  const { responder } = setUp(header, `header {\n${lines}\n}`)
  let seen: Query | undefined
  const reply = await responder?.(query, (next) => {
    seen = next
    return late ? Promise.resolve(REPLY) : REPLY
  })
  if (reply === undefined) throw new Error('no responder')
  return { reply, seen }
}

describe('header', () => {
  test.for([
    ['response set ra', { recursionAvailable: true }],
    ['response clear ra aa', { recursionAvailable: false, authoritativeAnswer: false }],
    ['response set rd', { recursionDesired: true }],
    ['response set aa\nresponse clear aa', { authoritativeAnswer: false }],
    ['response clear aa\nresponse set aa', { authoritativeAnswer: true }],
    ['response set ra ra', { recursionAvailable: true }],
    ['query set rd', { recursionDesired: true }],
    ['query set rd\nresponse clear rd', { recursionDesired: false }],
    ['query set aa ra', {}],
    ['Response SET Ra', { recursionAvailable: true }],
  ] as const)('%j', async ([lines, changed]) => {
    const query = clientQuery('www.example.', { recursionDesired: false })
    expect((await pass(lines, query)).reply).toEqual({ ...REPLY, ...changed })
    expect((await pass(lines, query, true)).reply).toEqual({ ...REPLY, ...changed })
  })

  test('query set and clear change RD for what comes behind', async () => {
    const asked = clientQuery('www.example.', { recursionDesired: false })
    expect((await pass('query set rd', asked)).seen?.recursionDesired).toBe(true)
    expect((await pass('query clear rd', clientQuery('www.example.'))).seen?.recursionDesired).toBe(false)
    expect((await pass('query set aa', asked)).seen).toBe(asked)
  })

  test('leaves replies alone that are asked for on behalf of another question', async () => {
    const nested = { ...clientQuery('www.example.'), depth: 1 }
    expect((await pass('response set ra', nested)).reply).toBe(REPLY)
  })

  test('of several the first counts', () => {
    const twice = 'header {\n response set ra\n}\nheader {\n response clear ra\n}'
    expect(errorOf(header, twice)).toBe('no error')
    const reply = setUp(header, twice).responder?.(clientQuery('www.example.'), () => REPLY)
    expect(reply).toMatchObject({ recursionAvailable: true })
  })

  test.for([
    [
      'header',
      'SLICEDNS_CONFIG_EMPTY_BLOCK Corefile:2:1: "header" needs a property in braces; write header { query|response set|clear aa|ra|rd }, or remove it',
    ],
    ['header {\n}', 'SLICEDNS_CONFIG_EMPTY_BLOCK Corefile:2:1'],
    ['header x {\n response set ra\n}', 'SLICEDNS_CONFIG_ARGUMENT Corefile:2:8: "header" takes no argument'],
    ['header {\n reply set ra\n}', 'SLICEDNS_CONFIG_UNKNOWN_PROPERTY Corefile:3:2: unknown property "reply"'],
    [
      'header {\n response\n}',
      'SLICEDNS_CONFIG_ARGUMENT Corefile:3:2: "response" needs at least 2 arguments',
    ],
    ['header {\n response set\n}', 'SLICEDNS_CONFIG_ARGUMENT Corefile:3:2'],
    [
      'header {\n response put ra\n}',
      'SLICEDNS_CONFIG_VALUE Corefile:3:11: "put" is not one of "set", "clear"',
    ],
    [
      'header {\n response set tc\n}',
      'SLICEDNS_CONFIG_VALUE Corefile:3:15: "tc" is not one of "aa", "ra", "rd"',
    ],
    ['header {\n response set ra {\n  x\n }\n}', 'SLICEDNS_CONFIG_BLOCK Corefile:4:3'],
  ] as const)('%j is an error', ([text, expected]) => {
    expect(errorOf(header, text)).toContain(expected)
  })
})

/** An upstream that echoes RD and sets RA, and the RD bits that it saw. */
async function startUpstream() {
  const seen: boolean[] = []
  const upstream = await startScriptedUpstream((query) => {
    seen.push(((query[2] ?? 0) & 1) === 1)
    return [{ do: 'send', octets: replyTo(query, { answer: ['www.example. 60 A 192.0.2.1'] }) }]
  })
  onTestFinished(() => upstream.close())
  return { seen, port: upstream.port }
}

describe('header served', () => {
  test('failures have the flags too, AA aside', async () => {
    const corefileText = '.:0 {\n bind 127.0.0.1\n header {\n  response set ra aa\n }\n}\n'
    const server = await startServer({ corefileText })
    onTestFinished(() => server.close())
    const { packet, rcode } = await dnsClient(server.port).ask('www.example A')
    expect([rcode, packet.header.ra, packet.header.aa]).toEqual(['SERVFAIL', 1, 0])
  })

  test('flags of a block do not show where a chain leads into it', async () => {
    const folder = tempFolder({
      'a.yaml':
        'apiVersion: v1\nkind: Service\nmetadata: { name: a, namespace: shop }\nspec: { type: ExternalName, externalName: www.example }\n',
    })
    const corefileText = [
      `cluster.local:0 {\n bind 127.0.0.1\n kubernetes {\n  manifests ${folder}\n }\n}`,
      'example:0 {\n bind 127.0.0.1\n header {\n  response set ra\n  response clear rd\n }\n whoami\n}\n',
    ].join('\n')
    const server = await startServer({ corefileText })
    onTestFinished(() => server.close())
    const client = dnsClient(server.port)
    const direct = await client.ask('www.example A')
    expect([direct.packet.header.ra, direct.packet.header.rd]).toEqual([1, 0])
    const chased = await client.ask('a.shop.svc.cluster.local A')
    expect(chased.answer).toHaveLength(1)
    expect([chased.packet.header.ra, chased.packet.header.rd]).toEqual([0, 1])
  })
})

describe.skipIf(COREDNS === undefined)('header beside CoreDNS', () => {
  test.for([
    'response set ra',
    'response set ra aa\n response clear rd',
    'response clear aa',
    'query set rd',
    'query clear rd\n response set rd',
    'query set aa ra rd',
  ])('%j changes the same', async (lines) => {
    const pair = await startPair(`header {\n ${lines}\n }\n whoami`)
    for (const recursionDesired of [true, false]) {
      const { ours, theirs } = await pair.ask('www.example. A', { recursionDesired })
      expect(ours.flags).toBe(theirs.flags)
      expect(ours.rcode).toBe(theirs.rcode)
    }
  })

  test('query set rd: the same upstream is asked with RD by both', async () => {
    const { seen, port } = await startUpstream()
    const pair = await startPair(`header {\n query set rd\n }\n forward . 127.0.0.1:${port}`)
    const { ours, theirs } = await pair.ask('www.example. A', { recursionDesired: false })
    expect(seen).toEqual([true, true])
    expect(ours.flags.split(' ')).toContain('rd')
    expect(theirs.flags.split(' ')).toContain('rd')
  })

  test('differs where no directive answers: RA and RD are set there too', async () => {
    const pair = await startPair('header {\n response set ra\n }\n minimal')
    const { ours, theirs } = await pair.ask('www.example. A')
    expect([ours.rcode, theirs.rcode]).toEqual([2, 2])
    expect([ours.flags, theirs.flags]).toEqual(['rd ra', 'rd'])
  })
})
