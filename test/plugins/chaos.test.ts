import { hostname } from 'node:os'

import { describe, expect, onTestFinished, test } from 'vitest'

import { startServer } from '../../src/index.ts'
import { chaos } from '../../src/plugins/chaos.ts'
import { parseMessage } from '../../src/wire/message.ts'
import type { Message } from '../../src/wire/message.ts'
import { rdataToText } from '../../src/wire/rdata-text.ts'
import type { Reply } from '../../src/zone/responder.ts'
import { clientQuery } from '../forward/client-query.ts'
import { COREDNS } from '../helpers/coredns.ts'
import { askRaw } from '../helpers/raw-query.ts'
import { startPair } from './beside-coredns.ts'
import { errorOf, setUp, testHost } from './plugin-harness.ts'

const CH = 3
const NAMES = ['version.bind.', 'version.server.', 'hostname.bind.', 'id.server.', 'authors.bind.']

function answer(directive: string, question: string, random = Math.random): Reply {
  const { answerChaos } = setUp(chaos, directive, testHost({ random }))
  if (answerChaos === undefined) throw new Error('no answers of class CH')
  return answerChaos(clientQuery(question))
}
const textsIn = (reply: Reply) =>
  reply.answer.flatMap(({ rdatas }) => rdatas.map((rdata) => (rdata.kind === 'TXT' ? rdata.strings : [])))

describe('chaos', () => {
  test.for([
    ['chaos', 'version.bind.', [['SliceDNS-1.2.3']]],
    ['chaos', 'Version.SERVER.', [['SliceDNS-1.2.3']]],
    ['chaos', 'hostname.bind.', [['host-1']]],
    ['chaos', 'id.server.', [['host-1']]],
    ['chaos v7', 'version.bind.', [['v7']]],
    ['chaos "v 7" a@example.org', 'version.bind.', [['v 7']]],
    ['chaos v7 a@example.org a@example.org', 'authors.bind.', [['a@example.org']]],
    ['chaos é', 'version.bind.', [['Ã©']]],
    [`chaos ${'x'.repeat(300)}`, 'version.bind.', [['x'.repeat(255)]]],
  ] as const)('%s: TXT %s', ([directive, name, expected]) => {
    const reply = answer(directive, `${name} TXT`)
    expect(textsIn(reply)).toEqual(expected)
    expect(reply).toMatchObject({ rcode: 0, authoritativeAnswer: false })
    expect(reply.answer).toMatchObject([{ owner: name, ttlSeconds: 0 }])
  })

  test('gives authors in random order', () => {
    expect(textsIn(answer('chaos v a b c', 'authors.bind. TXT', () => 0))).toEqual([['a'], ['b'], ['c']])
    expect(textsIn(answer('chaos v a b c', 'authors.bind. TXT', () => 0.99))).toEqual([['c'], ['b'], ['a']])
  })

  test.for(['version.bind. A', 'version.bind. ANY', 'www.example. TXT', 'authors.bind. TXT'])(
    'refuses %s',
    (question) => {
      expect(answer('chaos', question)).toMatchObject({ rcode: 5, answer: [], extendedError: { code: 21 } })
    },
  )

  test.for([
    ['chaos {\n  x\n}', 'SLICEDNS_CONFIG_BLOCK Corefile:3:3: "chaos" takes no properties in braces'],
    ['chaos\nchaos', 'SLICEDNS_CONFIG_DIRECTIVE_TWICE Corefile:3:1: a server block takes one "chaos" only'],
  ] as const)('%s is an error', ([text, expected]) => {
    expect(errorOf(chaos, text)).toContain(expected)
  })
})

/** Asks a server with this Corefile, `{ … }` after the key. */
async function serve(corefile: string, question: string, rrclass: number): Promise<Message> {
  const server = await startServer({ corefileText: corefile })
  onTestFinished(() => server.close())
  const at = { address: '127.0.0.1', port: server.port, transport: 'udp' } as const
  const { message } = parseMessage(await askRaw(at, question, { rrclass }))
  if (message === undefined) throw new Error('no message')
  return message
}
const all = (directives: string) => `.:0 {\n bind 127.0.0.1\n ${directives}\n whoami\n}\n`

describe('chaos served', () => {
  test.for([
    ['version.bind.', 'v1'],
    ['version.server.', 'v1'],
    ['hostname.bind.', hostname()],
    ['id.server.', hostname()],
    ['authors.bind.', 'me'],
  ] as const)('T07 CH TXT %s is what is configured, in class CH', async ([name, text]) => {
    const { rcode, answer: records } = await serve(all('chaos v1 me'), `${name} TXT`, CH)
    expect(rcode).toBe(0)
    expect(records).toMatchObject([{ owner: name, rrtype: 16, rrclass: CH, ttlSeconds: 0 }])
    expect(records.map(({ rdata }) => rdataToText(rdata))).toEqual([`"${text}"`])
  })

  test('T07 without chaos, and in a block that has none, REFUSED', async () => {
    expect((await serve(all(''), 'version.bind. TXT', CH)).rcode).toBe(5)
    const elsewhere = `example.:0 {\n bind 127.0.0.1\n chaos\n}\n.:0 {\n bind 127.0.0.1\n whoami\n}\n`
    expect((await serve(elsewhere, 'version.bind. TXT', CH)).rcode).toBe(5)
  })

  test.for([0, 2, 3, 4, 254, 255])('T08 nothing else sees class %i', async (rrclass) => {
    expect((await serve(all('chaos'), 'www.example. A', rrclass)).rcode).toBe(5)
    expect((await serve(all('chaos'), 'www.example. ANY', rrclass)).rcode).toBe(5)
  })

  test('class IN passes by', async () => {
    const { rcode, answer: records, additional } = await serve(all('chaos'), 'version.bind. TXT', 1)
    expect([rcode, records.length, additional.length]).toEqual([0, 0, 2])
  })
})

describe.skipIf(COREDNS === undefined)('chaos beside CoreDNS', () => {
  test('says the same', async () => {
    const pair = await startPair(`chaos v1 me`, NAMES.join(' '))
    for (const name of [...NAMES, 'Version.Bind.']) {
      const { ours, theirs } = await pair.ask(`${name} TXT`, { rrclass: CH })
      expect(ours, name).toEqual(theirs)
      expect(ours.answer, name).toHaveLength(1)
    }
  })

  test('shows the same long version, cut to 255 octets', async () => {
    const pair = await startPair(`chaos ${'é'.repeat(200)}`)
    const { ours, theirs } = await pair.ask('version.bind. TXT', { rrclass: CH })
    expect(ours).toEqual(theirs)
  })

  test('differs in what else of class CH there is: here nothing', async () => {
    const pair = await startPair('chaos v1 me\n whoami')
    for (const question of ['www.example. TXT', 'version.bind. A', 'version.bind. ANY']) {
      const { ours, theirs } = await pair.ask(question, { rrclass: CH })
      expect([ours.rcode, theirs.rcode], question).toEqual([5, 0])
    }
  })
})
