import { afterEach, describe, expect, test } from 'vitest'

import type { Question, Reply } from '../../src/zone/responder.ts'
import type { RRset } from '../../src/zone/rrset.ts'
import { closedPort, startScriptedUpstream } from '../helpers/scripted-upstream.ts'
import type { Behaviour, ScriptedUpstream } from '../helpers/scripted-upstream.ts'
import { clientQuery, nameOf, ownersAndTypes } from './client-query.ts'
import { testForwarder } from './forwarder-options.ts'
import type { TestForwarder } from './forwarder-options.ts'
import { extendedErrorOctets, qnameOf, replyTo } from './reply-octets.ts'
import type { ReplyParts } from './reply-octets.ts'

const RIGHT = { answer: ['www.example. 60 A 192.0.2.1'] }
const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

async function upstreamThat(behaviour: Behaviour): Promise<ScriptedUpstream> {
  const server = await startScriptedUpstream(behaviour)
  cleanups.push(() => server.close())
  return server
}

const answering =
  (parts: ReplyParts): Behaviour =>
  (query) => [{ do: 'send', octets: replyTo(query, parts) }]

/** `random: 0` asks in the order given. */
function forwarderTo(
  upstreams: readonly { readonly address: string; readonly port: number }[],
  parts: Parameters<typeof testForwarder>[1] = {},
): TestForwarder {
  const forwarder = testForwarder(upstreams, parts)
  cleanups.push(() => forwarder.close())
  return forwarder
}

/** What clients asked, without the probes. */
function clientQueries({ queries }: ScriptedUpstream): readonly Uint8Array[] {
  return queries.map(({ octets }) => octets).filter((octets) => qnameOf(octets) !== '.')
}

async function forwardTo(parts: ReplyParts, text = 'www.example. A'): Promise<Reply> {
  return forwarderTo([await upstreamThat(answering(parts))]).forward(clientQuery(text))
}

async function timed<T>(work: Promise<T>): Promise<{ value: T; ms: number }> {
  const started = performance.now()
  const value = await work
  return { value, ms: performance.now() - started }
}

describe('what an upstream says is passed on', () => {
  test('an answer, never as authoritative, with AD as the upstream gave it', async () => {
    expect(await forwardTo({ ...RIGHT, authenticData: true })).toEqual({
      rcode: 0,
      authoritativeAnswer: false,
      authenticData: true,
      answer: [
        { owner: 'www.example.', rrtype: 1, ttlSeconds: 60, rdatas: [{ kind: 'A', address: 0xc0000201 }] },
      ],
      authority: [],
      additional: [],
    })
  })

  test('NXDOMAIN and NODATA with their SOA and a sentence that says whose answer it is', async () => {
    const authority = ['example. 60 SOA ns.example. host.example. 1 2 3 4 5']
    const nxdomain = await forwardTo({ rcode: 3, authority })
    expect(nxdomain).toMatchObject({ rcode: 3, extendedError: { code: 0 } })
    expect(nxdomain.extendedError?.text).toMatch(
      /^upstream 127\.0\.0\.1:\d+ says that the name does not exist$/,
    )
    expect(ownersAndTypes(nxdomain.authority)).toEqual(['example. 6'])
    const nodata = await forwardTo({ authority })
    expect(nodata.extendedError?.text).toMatch(/has no record of this type$/)
    expect(nodata).not.toHaveProperty('error')
  })

  test.each([2, 4, 5, 9])('RCODE %i is final: no sections, no second upstream', async (rcode) => {
    const refusing = await upstreamThat(answering({ ...RIGHT, rcode }))
    const other = await upstreamThat(answering(RIGHT))
    const reply = await forwarderTo([refusing, other]).forward(clientQuery('www.example. A'))
    expect(reply).toMatchObject({ rcode, answer: [], authority: [], extendedError: { code: 0 } })
    expect(refusing.queries).toHaveLength(1)
    expect(other.queries).toHaveLength(0)
  })

  test('an Extended DNS Error, its text shortened and without control characters', async () => {
    const text = `bogus\u001b[31m\r\nsignature\u202e${'x'.repeat(500)}`
    const reply = await forwardTo({ rcode: 2, options: extendedErrorOctets(6, text) })
    expect(reply.extendedError?.code).toBe(6)
    expect(reply.extendedError?.text).toMatch(/^bogus \[31m signature x+$/)
    expect(reply.extendedError?.text).toHaveLength(200)
  })

  test('F20 nothing beside the answer: extra records, additional section and options are dropped', async () => {
    const reply = await forwardTo({
      answer: [...(RIGHT.answer ?? []), 'bank.example. 60 A 192.0.2.66'],
      authority: ['example. 60 NS ns.evil.'],
      additional: ['ns.evil. 60 A 192.0.2.66'],
    })
    expect(ownersAndTypes(reply.answer)).toEqual(['www.example. 1'])
    expect([...reply.authority, ...reply.additional]).toEqual([])
  })

  test('F22 an endless chain is SERVFAIL with the chain so far, after one query', async () => {
    const server = await upstreamThat(answering({ answer: ['www.example. 60 CNAME www.example.'] }))
    const reply = await forwarderTo([server]).forward(clientQuery('www.example. A'))
    expect(reply).toMatchObject({ rcode: 2, extendedError: { code: 0 }, answer: [{ owner: 'www.example.' }] })
    expect(reply.error).toMatch(/CNAME chain/)
    expect(server.queries).toHaveLength(1)
  })

  test('F23 an answer that contradicts itself is not passed on: the next upstream is asked, else SERVFAIL', async () => {
    const twoCnames = { answer: ['www.example. 60 CNAME a.example.', 'www.example. 60 CNAME b.example.'] }
    const wrong = await upstreamThat(answering(twoCnames))
    const right = await upstreamThat(answering(RIGHT))
    const fromOther = await forwarderTo([wrong, right]).forward(clientQuery('www.example. A'))
    expect(ownersAndTypes(fromOther.answer)).toEqual(['www.example. 1'])
    const alone = await forwarderTo([wrong]).forward(clientQuery('www.example. A'))
    expect(alone).toMatchObject({ rcode: 2, answer: [], extendedError: { code: 23 } })
    expect(alone.error).toMatch(/has two CNAME records/)
    expect(wrong.queries).toHaveLength(2)
  })
})

describe('upstreams that fail', () => {
  test('F07 TC over UDP and no TCP: SERVFAIL with code 23, never a partial answer', async () => {
    const server = await startScriptedUpstream(answering({ ...RIGHT, truncated: true }), { tcp: false })
    cleanups.push(() => server.close())
    const reply = await forwarderTo([server]).forward(clientQuery('www.example. A'))
    expect(reply).toMatchObject({ rcode: 2, answer: [], extendedError: { code: 23 } })
    expect(reply.error).toContain('connection refused (truncated over UDP)')
    expect(server.queries).toHaveLength(1)
  })

  test('F09 one of two is silent: an answer within a second, then in no time, and only probes until it is back', async () => {
    const silent = await upstreamThat(() => [])
    const alive = await upstreamThat(answering(RIGHT))
    const forwarder = forwarderTo([silent, alive])
    const ask = () => timed(forwarder.forward(clientQuery('www.example. A')))
    const first = await ask()
    expect(first.value.rcode).toBe(0)
    expect(first.ms).toBeLessThan(1000)
    for (let round = 0; round < 20; round++) {
      const learnt = await ask()
      expect(learnt.value.rcode).toBe(0)
      expect(learnt.ms).toBeLessThan(200)
    }
    expect(clientQueries(silent)).toHaveLength(1)
    await expect.poll(() => silent.queries.length).toBeGreaterThan(1)
    silent.behave(answering(RIGHT))
    await expect
      .poll(() => ask().then(() => clientQueries(silent).length), { timeout: 4000 })
      .toBeGreaterThan(1)
    const probes = silent.queries.length - clientQueries(silent).length
    await ask()
    expect(silent.queries.length - clientQueries(silent).length).toBe(probes)
    expect(alive.queries.some(({ octets }) => qnameOf(octets) === '.')).toBe(false)
  })

  test('F10 an upstream killed in mid-run: the next is used at once', async () => {
    const first = await startScriptedUpstream(answering(RIGHT))
    const second = await upstreamThat(answering(RIGHT))
    const forwarder = forwarderTo([first, second])
    await forwarder.forward(clientQuery('www.example. A'))
    expect(second.queries).toHaveLength(0)
    await first.close()
    const { value, ms } = await timed(forwarder.forward(clientQuery('www.example. A')))
    expect(value.rcode).toBe(0)
    expect(ms).toBeLessThan(500)
    expect(second.queries).toHaveLength(1)
  })

  test('F10 nobody listens: SERVFAIL at once, with code 23', async () => {
    const port = await closedPort()
    const { value, ms } = await timed(
      forwarderTo([{ address: '127.0.0.1', port }]).forward(clientQuery('www.example. A')),
    )
    expect(value).toMatchObject({ rcode: 2, extendedError: { code: 23 } })
    expect(value.error).toContain(`read udp 127.0.0.1:${port}: connection refused`)
    expect(ms).toBeLessThan(500)
  })

  test('F14 an upstream that keeps on saying BADCOOKIE: the next is asked', async () => {
    const bad = await upstreamThat(answering({ rcode: 23, options: new Uint8Array(0) }))
    const good = await upstreamThat(answering(RIGHT))
    const reply = await forwarderTo([bad, good]).forward(clientQuery('www.example. A'))
    expect(reply.rcode).toBe(0)
    expect(bad.queries).toHaveLength(2)
  })

  test('F01 F28 a flood of guesses is counted and does not count against the upstream', async () => {
    const server = await upstreamThat((query, transport) => {
      const id = Buffer.from(query).readUInt16BE(0)
      const wrong = Array.from({ length: 120 }, (_, guess) =>
        replyTo(query, { ...RIGHT, id: id ^ (guess + 1) }),
      )
      const octets = transport === 'udp' ? wrong : [replyTo(query, RIGHT)]
      return octets.map((message) => ({ do: 'send' as const, octets: message }))
    })
    const other = await upstreamThat(answering(RIGHT))
    const forwarder = forwarderTo([server, other])
    await forwarder.forward(clientQuery('www.example. A'))
    expect(forwarder.counts().mismatches).toBe(100)
    await forwarder.forward(clientQuery('www.example. A'))
    expect(forwarder.counts().mismatches).toBe(200)
    expect(other.queries).toHaveLength(0)
  })
})

test('upstreams are asked in random order', async () => {
  const one = await upstreamThat(answering(RIGHT))
  const two = await upstreamThat(answering(RIGHT))
  const forwarder = forwarderTo([one, two], { host: { random: Math.random } })
  for (let round = 0; round < 40; round++) await forwarder.forward(clientQuery('www.example. A'))
  // All 40 to one of them: once in 2^39 runs.
  expect(one.queries.length).toBeGreaterThan(0)
  expect(two.queries.length).toBeGreaterThan(0)
})

test('all questions asked for one client have one deadline of 4 s', async () => {
  let aheadMs = 0
  const server = await upstreamThat(answering(RIGHT))
  const forwarder = forwarderTo([server], { host: { nowMs: () => performance.now() + aheadMs } })
  const { signal } = new AbortController()
  expect((await forwarder.forward(clientQuery('www.example. A', { signal }))).rcode).toBe(0)
  aheadMs = 3500
  expect((await forwarder.forward(clientQuery('www.example. A', { signal }))).rcode).toBe(0)
  aheadMs = 4000
  const late = await forwarder.forward(clientQuery('www.example. A', { signal }))
  expect(late).toMatchObject({ rcode: 2, extendedError: { code: 22 } })
  expect(server.queries).toHaveLength(2)
})

describe('a chain that enters a zone served here', () => {
  const INSIDE = 'db.shop.svc.cluster.local.'
  const chainHome = {
    answer: [`www.example. 60 CNAME ${INSIDE}`, `${INSIDE} 60 A 192.0.2.66`],
    authenticData: true,
  }
  const ours: Reply = {
    rcode: 0,
    authoritativeAnswer: true,
    authenticData: true,
    answer: [
      { owner: nameOf(INSIDE), rrtype: 1, ttlSeconds: 5, rdatas: [{ kind: 'A', address: 0x0a600001 }] },
    ],
    authority: [],
    additional: [],
  }

  async function forwardHome(rest: Reply): Promise<{ reply: Reply; asked: readonly Question[] }> {
    const server = await upstreamThat(answering(chainHome))
    const forwarder = forwarderTo([server], { servedHere: (name) => name.endsWith('cluster.local.') })
    const asked: Question[] = []
    const resolve = (question: Question) => {
      asked.push(question)
      return rest
    }
    return { reply: await forwarder.forward(clientQuery('www.example. A', { resolve })), asked }
  }

  test('F21 goes on with our own data, without AA and AD', async () => {
    const { reply, asked } = await forwardHome(ours)
    expect(asked).toEqual([{ qname: INSIDE, qtype: 1, qclass: 1 }])
    expect(reply).not.toHaveProperty('authenticData')
    expect(reply).toMatchObject({
      rcode: 0,
      authoritativeAnswer: false,
      answer: [{ owner: 'www.example.' }, { owner: INSIDE, rdatas: [{ address: 0x0a600001 }] }],
    })
    expect(reply.answer).toHaveLength(2)
  })

  test('has the RCODE and the reason of its end', async () => {
    const extendedError = { code: 0, text: 'no such service' }
    const { reply } = await forwardHome({ ...ours, rcode: 3, answer: [], extendedError })
    expect(reply).toMatchObject({ rcode: 3, extendedError, answer: [{ owner: 'www.example.' }] })
    const refused = await forwardHome({ ...ours, rcode: 5, answer: [] })
    expect(refused.reply.rcode).toBe(2)
    const unanswered = await forwardHome({ ...ours, rcode: 5, answer: [], unanswered: true })
    expect(unanswered.reply).toMatchObject({ rcode: 0, answer: [{ owner: 'www.example.' }] })
  })

  test('F22 that comes back or grows too long is SERVFAIL with the chain so far', async () => {
    const back = [cname(INSIDE, 'WWW.example.'), cname('WWW.example.', INSIDE)]
    const looped = await forwardHome({ ...ours, answer: back })
    expect(looped.reply).toMatchObject({ rcode: 2, answer: [{ owner: 'www.example.' }, { owner: INSIDE }] })
    const links = Array.from({ length: 12 }, (_, index) => cname(`n${index}.`, `n${index + 1}.`))
    expect((await forwardHome({ ...ours, answer: links.slice(1) })).reply.rcode).toBe(0)
    expect((await forwardHome({ ...ours, answer: links })).reply.rcode).toBe(2)
  })
})

test('R19 F32 an upstream that is this server itself is never asked', async () => {
  const self = await upstreamThat(answering(RIGHT))
  const other = await upstreamThat(answering(RIGHT))
  const isOwnAddress = (address: string, port: number) => address === '127.0.0.1' && port === self.port
  const beside = forwarderTo([self, other], { host: { isOwnAddress } })
  expect((await beside.forward(clientQuery('www.example. A'))).rcode).toBe(0)
  const alone = await forwarderTo([self], { host: { isOwnAddress } }).forward(clientQuery('www.example. A'))
  expect(alone).toMatchObject({ rcode: 2, extendedError: { code: 23 } })
  expect(alone.error).toContain(`127.0.0.1:${self.port} is this server itself`)
  expect(self.queries).toHaveLength(0)
})

test('F36 max_concurrent: a query more is REFUSED at once, counted, and says so; one that shares takes no place', async () => {
  const server = await upstreamThat(() => [])
  const forwarder = forwarderTo([server], { options: { maxConcurrent: 100 } })
  const client = new AbortController()
  const impatient = forwarder.forward(clientQuery('www.example. A', { signal: client.signal }))
  const waiting = Array.from({ length: 99 }, (_none, index) =>
    forwarder.forward(clientQuery(`n${index}.example. A`)),
  )
  waiting.push(forwarder.forward(clientQuery('n1.example. A')))
  const { value, ms } = await timed(forwarder.forward(clientQuery('more.example. A')))
  expect(value).toMatchObject({
    rcode: 5,
    error: 'more than 100 queries wait for upstreams',
    uncacheable: true,
  })
  expect(forwarder.counts().rejected).toBe(1)
  expect(ms).toBeLessThan(200)
  client.abort()
  await impatient
  waiting.push(forwarder.forward(clientQuery('more.example. A')))
  forwarder.close()
  for (const reply of await Promise.all(waiting)) expect(reply).not.toHaveProperty('error')
})

test('a client that gives up, and close(), end the waiting, free the sockets, and say nothing to the log', async () => {
  const server = await upstreamThat(() => [])
  const forwarder = forwarderTo([server])
  // Those of the tests before may still be closing; the upstream has one.
  await expect.poll(() => openUdpSockets()).toBe(1)
  const before = 1
  const client = new AbortController()
  const givenUp = forwarder.forward(clientQuery('www.example. A', { signal: client.signal }))
  const closed = forwarder.forward(clientQuery('ftp.example. A'))
  await expect.poll(() => openUdpSockets()).toBe(before + 2)
  client.abort()
  expect(await givenUp).not.toHaveProperty('error')
  await expect.poll(() => openUdpSockets()).toBe(before + 1)
  forwarder.close()
  expect(await closed).not.toHaveProperty('error')
  await expect.poll(() => openUdpSockets()).toBe(before)
  expect((await forwarder.forward(clientQuery('www.example. A'))).rcode).toBe(2)
})

function openUdpSockets(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'UDPWrap').length
}

function cname(owner: string, target: string): RRset {
  const rdatas = [{ kind: 'CNAME' as const, target: nameOf(target) }]
  return { owner: nameOf(owner), rrtype: 5, ttlSeconds: 5, rdatas }
}
