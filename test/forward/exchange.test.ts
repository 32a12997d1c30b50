import { afterEach, describe, expect, test } from 'vitest'
import * as fc from 'fast-check'

import { exchange } from '../../src/forward/exchange.ts'
import type { UpstreamResult } from '../../src/forward/exchange.ts'
import { closedPort, startScriptedUpstream } from '../helpers/scripted-upstream.ts'
import type { Behaviour, ScriptedUpstream } from '../helpers/scripted-upstream.ts'
import { createIdSource } from '../../src/forward/message-id.ts'
import { createStreamPool } from '../../src/forward/stream-pool.ts'
import type { StreamPool } from '../../src/forward/stream-pool.ts'
import { clientQuery } from './client-query.ts'
import type { QueryParts } from './client-query.ts'
import { STREAM_OPTIONS } from './forwarder-options.ts'
import { hasOpt, replyTo } from './reply-octets.ts'

const RIGHT = { answer: ['www.example. 60 A 192.0.2.1'] }
const POISON = { answer: ['www.example. 60 A 192.0.2.66'] }

let upstream: ScriptedUpstream | undefined
let streams: StreamPool = createStreamPool(STREAM_OPTIONS, () => performance.now())

afterEach(async () => {
  streams.close()
  streams = createStreamPool(STREAM_OPTIONS, () => performance.now())
  await upstream?.close()
  upstream = undefined
})

async function start(behaviour: Behaviour, options?: { readonly tcp: boolean }): Promise<ScriptedUpstream> {
  upstream = await startScriptedUpstream(behaviour, options)
  return upstream
}

interface Asked {
  readonly result: UpstreamResult
  readonly mismatches: number
}

interface AskOptions {
  readonly timeoutMs?: number
  readonly queries?: number
  readonly signal?: AbortSignal
  readonly query?: QueryParts
  readonly nextId?: () => number
  readonly transport?: 'udp' | 'stream'
}

async function ask(to: { address: string; port: number }, options: AskOptions = {}): Promise<Asked> {
  let mismatches = 0
  let left = options.queries ?? 2
  const result = await exchange({
    upstream: { address: to.address, port: to.port },
    sourceAddress: undefined,
    onConnection: () => {},
    query: clientQuery('www.example. A', options.query),
    transport: options.transport ?? 'udp',
    streams,
    nextId: options.nextId ?? createIdSource(),
    spend: () => left-- > 0,
    onMismatch: () => {
      mismatches++
    },
    nowMs: () => performance.now(),
    deadlineMs: performance.now() + (options.timeoutMs ?? 2000),
    signal: options.signal ?? new AbortController().signal,
  })
  return { result, mismatches }
}

/** The last octet of the address in the reply: 1 is right, 66 is poison. */
function addressOf({ result }: Asked): number | string {
  if (result.kind !== 'reply') return result.kind
  const rdata = result.reply.answer[0]?.rdata
  return rdata?.kind === 'A' ? rdata.address & 0xff : 'no address'
}

/** First `wrong`, then the right reply. */
const wrongThenRight =
  (wrong: (query: Uint8Array) => Uint8Array): Behaviour =>
  (query) => [
    { do: 'send', octets: wrong(query) },
    { do: 'send', octets: replyTo(query, RIGHT) },
  ]

describe('what is no reply is ignored, and the query goes on waiting', () => {
  test.each<[string, (query: Uint8Array) => Uint8Array]>([
    ['F01 a wrong id', (query) => replyTo(query, { ...POISON, id: Buffer.from(query).readUInt16BE(0) ^ 1 })],
    ['F02 another qname', (query) => replyTo(query, { ...POISON, question: 'xxx.example. A' })],
    ['F02 another qtype', (query) => replyTo(query, { ...POISON, question: 'www.example. TXT' })],
    ['F02 another qclass', (query) => replyTo(query, { ...POISON, question: 'www.example. A 3' })],
    ['F04 QR=0 with poison records', (query) => replyTo(query, { ...POISON, qr: false })],
    ['F04 QR=0 without records', (query) => replyTo(query, { qr: false })],
    ['F05 another opcode', (query) => replyTo(query, { ...POISON, opcode: 4 })],
    ['F06 a header alone that says NOERROR', (query) => replyTo(query, { question: '' })],
    ['F06 a header alone that says NXDOMAIN', (query) => replyTo(query, { question: '', rcode: 3 })],
    ['F08 garbage', () => Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['F08 nothing at all', () => new Uint8Array(0)],
  ])('%s', async (_, wrong) => {
    const asked = await ask(await start(wrongThenRight(wrong)))
    expect(addressOf(asked)).toBe(1)
    expect(asked.mismatches).toBe(1)
  })

  test('F03 the right reply from another port is never seen', async () => {
    const server = await start((query) => [{ do: 'sendFromOtherPort', octets: replyTo(query, POISON) }])
    const asked = await ask(server, { timeoutMs: 200 })
    expect(asked.result.kind).toBe('silence')
    server.behave((query) => [
      { do: 'sendFromOtherPort', octets: replyTo(query, POISON) },
      { do: 'send', octets: replyTo(query, RIGHT), afterMs: 100 },
    ])
    expect(addressOf(await ask(server))).toBe(1)
  })

  test('F08 a reply cut at every octet', async () => {
    const server = await start((query) => {
      const whole = replyTo(query, RIGHT)
      const cuts = Array.from({ length: whole.length }, (__, size) => whole.subarray(0, size))
      return [...cuts, whole].map((octets) => ({ do: 'send' as const, octets }))
    })
    const asked = await ask(server)
    expect(addressOf(asked)).toBe(1)
    expect(asked.mismatches).toBe(replyTo(server.queries[0]?.octets ?? new Uint8Array(0), RIGHT).length)
  })

  test('F08 garbage alone ends in silence at the deadline', async () => {
    const started = performance.now()
    const asked = await ask(await start(() => [{ do: 'send', octets: Buffer.alloc(40, 0xff) }]), {
      timeoutMs: 300,
    })
    expect(asked.result).toMatchObject({
      kind: 'silence',
      text: expect.stringMatching(/^read udp .*i\/o timeout$/),
    })
    expect(performance.now() - started).toBeGreaterThan(280)
    expect(performance.now() - started).toBeLessThan(1000)
  })

  test('any octets from an upstream are no reply unless they match, and never an error', async () => {
    let octets: Uint8Array = new Uint8Array(0)
    const server = await start((query) => [
      { do: 'send', octets },
      { do: 'send', octets: replyTo(query, RIGHT) },
    ])
    const withId = fc.uint8Array({ maxLength: 80 })
    await fc.assert(
      fc.asyncProperty(withId, fc.boolean(), async (random, keepHeader) => {
        server.behave((query) => {
          octets = keepHeader ? Buffer.concat([replyTo(query, POISON).subarray(0, 29), random]) : random
          return [
            { do: 'send', octets },
            { do: 'send', octets: replyTo(query, RIGHT) },
          ]
        })
        const asked = await ask(server)
        expect(['reply', 'unusable']).toContain(asked.result.kind)
        if (!keepHeader) expect(addressOf(asked)).toBe(1)
      }),
      { numRuns: 200 },
    )
  })
})

test('F06 a header alone that says REFUSED is passed on', async () => {
  const server = await start((query) => [{ do: 'send', octets: replyTo(query, { question: '', rcode: 5 }) }])
  expect((await ask(server)).result).toMatchObject({ kind: 'reply', reply: { rcode: 5 } })
})

test('the query carries our OPT of 1232 octets, AD, and RD, CD and DO of the client, and nothing else', async () => {
  const server = await start((query) => [{ do: 'send', octets: replyTo(query, RIGHT) }])
  await ask(server, { query: { recursionDesired: false } })
  await ask(server, { query: { checkingDisabled: true, dnssecOk: true } })
  const [plain, full] = server.queries.map(({ octets }) => Buffer.from(octets).toString('hex'))
  const question = '03777777076578616d706c650000010001'
  expect(plain?.slice(4)).toBe(`00200001000000000001${question}00002904d0000000000000`)
  expect(full?.slice(4)).toBe(`01300001000000000001${question}00002904d0000080000000`)
})

/** TC over UDP, beside data that must never be used; over TCP as told. */
const truncatedOverUdp =
  (overTcp: Behaviour): Behaviour =>
  (query, transport) =>
    transport === 'tcp'
      ? overTcp(query, transport)
      : [{ do: 'send', octets: replyTo(query, { ...POISON, truncated: true }) }]

describe('TCP', () => {
  test('F07 a truncated reply is asked again over TCP, with another id', async () => {
    const server = await start(truncatedOverUdp((query) => [{ do: 'send', octets: replyTo(query, RIGHT) }]))
    let id = 0
    expect(addressOf(await ask(server, { nextId: () => ++id }))).toBe(1)
    expect(server.queries.map(({ transport }) => transport)).toEqual(['udp', 'tcp'])
    const [overUdp, overTcp] = server.queries.map(({ octets }) => Buffer.from(octets).readUInt16BE(0))
    expect(overTcp).not.toBe(overUdp)
  })

  test('F07 a reply that is truncated in the middle of a record is asked again over TCP too', async () => {
    const server = await start((query, transport) => {
      const octets = replyTo(query, { ...RIGHT, truncated: transport === 'udp' })
      return [{ do: 'send', octets: transport === 'udp' ? octets.subarray(0, -2) : octets }]
    })
    expect(addressOf(await ask(server))).toBe(1)
  })

  test('F07 TCP refused after TC: a failure, never the truncated data', async () => {
    const server = await start(
      truncatedOverUdp(() => []),
      { tcp: false },
    )
    expect((await ask(server)).result).toEqual({
      kind: 'unusable',
      text: `read tcp 127.0.0.1:${server.port}: connection refused (truncated over UDP)`,
    })
  })

  test('F07 TC over TCP as well: a failure', async () => {
    const server = await start(
      truncatedOverUdp((query) => [{ do: 'send', octets: replyTo(query, { ...POISON, truncated: true }) }]),
    )
    expect((await ask(server)).result).toMatchObject({
      kind: 'unusable',
      text: expect.stringContaining('truncated over TCP (truncated over UDP)'),
    })
  })

  test('F15 a reply dripped one octet at a time counts when it is whole before the deadline', async () => {
    const server = await start(
      truncatedOverUdp((query) => [{ do: 'drip', octets: replyTo(query, RIGHT), everyMs: 2 }]),
    )
    expect(addressOf(await ask(server))).toBe(1)
  })

  test('F15 a reply dripped beyond the deadline is given up on time, and the connection closed', async () => {
    const server = await start(
      truncatedOverUdp((query) => [{ do: 'drip', octets: replyTo(query, RIGHT), everyMs: 50 }]),
    )
    const started = performance.now()
    expect((await ask(server, { timeoutMs: 300 })).result).toMatchObject({
      kind: 'unusable',
      text: expect.stringContaining('i/o timeout'),
    })
    expect(performance.now() - started).toBeLessThan(1000)
    await expect.poll(() => server.connectionCount()).toBe(0)
  })

  test.each([1, 2, 14, 40])(
    'F15 a connection closed after %i octets of the reply: a failure at once',
    async (size) => {
      const server = await start(
        truncatedOverUdp((query) => {
          const message = replyTo(query, RIGHT)
          const framed = Buffer.concat([Uint8Array.of(0, message.length), message])
          return [{ do: 'sendRaw', octets: framed.subarray(0, size) }, { do: 'close' }]
        }),
      )
      const started = performance.now()
      expect((await ask(server)).result).toMatchObject({
        kind: 'unusable',
        text: expect.stringContaining('closed before the whole reply'),
      })
      expect(performance.now() - started).toBeLessThan(1000)
    },
  )

  test('F16 other messages on the connection, empty ones too, are stepped over', async () => {
    const server = await start(
      truncatedOverUdp((query) => [
        { do: 'send', octets: replyTo(query, { ...POISON, id: Buffer.from(query).readUInt16BE(0) ^ 1 }) },
        { do: 'sendRaw', octets: Uint8Array.of(0, 0) },
        { do: 'send', octets: replyTo(query, { ...POISON, question: 'xxx.example. A' }) },
        { do: 'send', octets: replyTo(query, RIGHT) },
      ]),
    )
    const asked = await ask(server)
    expect(addressOf(asked)).toBe(1)
    expect(asked.mismatches).toBe(2)
  })

  test('a reply of 60 KB over TCP is read whole', async () => {
    const answer = Array.from(
      { length: 2000 },
      (_, index) => `www.example. 60 A 192.0.${index >> 8}.${index & 255}`,
    )
    const server = await start(
      truncatedOverUdp((query) => [{ do: 'send', octets: replyTo(query, { answer }) }]),
    )
    const { result } = await ask(server)
    expect(result.kind === 'reply' ? result.reply.answer.length : result).toBe(2000)
  })

  test('F28 a flood of guesses is counted and ends in TCP', async () => {
    const server = await start((query, transport) => {
      if (transport === 'tcp') return [{ do: 'send', octets: replyTo(query, RIGHT) }]
      const id = Buffer.from(query).readUInt16BE(0)
      return Array.from({ length: 150 }, (_, guess) => ({
        do: 'send' as const,
        octets: replyTo(query, { ...POISON, id: (id + 1 + guess) & 0xffff }),
      }))
    })
    const asked = await ask(server)
    expect(addressOf(asked)).toBe(1)
    expect(asked.mismatches).toBe(100)
  })
})

const badCookie: Behaviour = (query) => [
  { do: 'send', octets: replyTo(query, { rcode: 23, options: new Uint8Array(0) }) },
]

describe('EDNS', () => {
  test.each([
    ['F13 FORMERR', (query: Uint8Array) => replyTo(query, { rcode: 1 })],
    ['F13 FORMERR without the question', (query: Uint8Array) => replyTo(query, { rcode: 1, question: '' })],
    ['F14 BADVERS', (query: Uint8Array) => replyTo(query, { rcode: 16, options: new Uint8Array(0) })],
  ])('%s to a query with EDNS is asked once more without', async (_, refusal) => {
    const server = await start((query) => [
      { do: 'send', octets: hasOpt(query) ? refusal(query) : replyTo(query, RIGHT) },
    ])
    expect(addressOf(await ask(server))).toBe(1)
    expect(server.queries.map(({ octets }) => hasOpt(octets))).toEqual([true, false])
  })

  test('F13 FORMERR to both is no answer: the upstream is unusable', async () => {
    const server = await start((query) => [{ do: 'send', octets: replyTo(query, { rcode: 1 }) }])
    expect((await ask(server, { queries: 9 })).result).toEqual({
      kind: 'unusable',
      text: `127.0.0.1:${server.port} answered FORMERR`,
    })
    expect(server.queries).toHaveLength(2)
  })

  test('F14 BADCOOKIE is asked once more, then the upstream is unusable', async () => {
    const server = await start(badCookie)
    expect((await ask(server, { queries: 9 })).result).toMatchObject({ kind: 'unusable' })
    expect(server.queries).toHaveLength(2)
    server.behave((query, transport) =>
      server.queries.length === 3
        ? badCookie(query, transport)
        : [{ do: 'send', octets: replyTo(query, RIGHT) }],
    )
    expect(addressOf(await ask(server))).toBe(1)
  })

  test('F37 no more queries are sent than may be spent', async () => {
    const server = await start((query) => [{ do: 'send', octets: replyTo(query, { rcode: 1 }) }])
    expect((await ask(server, { queries: 1 })).result).toMatchObject({ kind: 'unusable' })
    expect(server.queries).toHaveLength(1)
  })
})

test('F10 a closed port is noticed at once by its ICMP answer', async () => {
  const port = await closedPort()
  const started = performance.now()
  expect((await ask({ address: '127.0.0.1', port })).result).toEqual({
    kind: 'network',
    text: `read udp 127.0.0.1:${port}: connection refused`,
  })
  expect(performance.now() - started).toBeLessThan(500)
})

test('exchange over IPv6 gives a failure, not an exception, where the address cannot be reached', async () => {
  const { result } = await ask({ address: 'fe80::1%nosuch0', port: 53 }, { timeoutMs: 300 })
  expect(['network', 'silence']).toContain(result.kind)
})

test('F26 every query has a port and an id of its own', async () => {
  const server = await start((query) => [{ do: 'send', octets: replyTo(query, RIGHT) }])
  for (let round = 0; round < 200; round++) await ask(server)
  const ports = server.queries.map(({ sourcePort }) => sourcePort)
  const ids = server.queries.map(({ octets }) => Buffer.from(octets).readUInt16BE(0))
  expect(new Set(ports).size).toBeGreaterThan(150)
  expect(new Set(ids).size).toBeGreaterThan(150)
  const steps = ports.slice(1).map((port, index) => Math.abs(port - (ports[index] ?? 0)))
  expect(steps.filter((step) => step <= 2).length).toBeLessThan(20)
})

test('the abort signal ends an exchange at once, over UDP and TCP, and frees its socket', async () => {
  const server = await start((query, transport) =>
    transport === 'udp' ? [{ do: 'send', octets: replyTo(query, { truncated: true }) }] : [],
  )
  const overTcp = new AbortController()
  const asked = ask(server, { signal: overTcp.signal })
  await expect.poll(() => server.connectionCount()).toBe(1)
  overTcp.abort()
  expect((await asked).result.kind).toBe('aborted')
  await expect.poll(() => server.connectionCount()).toBe(0)

  server.behave(() => [])
  const before = openUdpSockets()
  const overUdp = new AbortController()
  const waiting = Array.from({ length: 20 }, () => ask(server, { signal: overUdp.signal }))
  await expect.poll(() => openUdpSockets()).toBe(before + 20)
  overUdp.abort()
  for (const { result } of await Promise.all(waiting)) expect(result.kind).toBe('aborted')
  await expect.poll(() => openUdpSockets()).toBe(before)

  const late = await ask(server, { signal: AbortSignal.abort() })
  expect(late.result.kind).toBe('aborted')
  const inTheSameTick = new AbortController()
  const hasty = ask(server, { signal: inTheSameTick.signal })
  inTheSameTick.abort()
  expect((await hasty).result.kind).toBe('aborted')
  await expect.poll(() => openUdpSockets()).toBe(before)
})

function openUdpSockets(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'UDPWrap').length
}
