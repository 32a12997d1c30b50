import { once } from 'node:events'
import { createServer } from 'node:tls'
import type { TlsOptions } from 'node:tls'
import { createSecureContext } from 'node:tls'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'

import { exchange } from '../../src/forward/exchange.ts'
import type { UpstreamResult } from '../../src/forward/exchange.ts'
import { createIdSource } from '../../src/forward/message-id.ts'
import { createStreamPool } from '../../src/forward/stream-pool.ts'
import type { StreamOptions, StreamPool } from '../../src/forward/stream-pool.ts'
import type { Upstream } from '../../src/forward/upstream-address.ts'
import { composeFrame, createFrameReader } from '../../src/wire/frame.ts'
import { startScriptedUpstream } from '../helpers/scripted-upstream.ts'
import type { Behaviour, ScriptedUpstream } from '../helpers/scripted-upstream.ts'
import { makeCertificate } from '../helpers/test-certificates.ts'
import { clientQuery } from './client-query.ts'
import { STREAM_OPTIONS } from './forwarder-options.ts'
import { qnameOf, replyTo } from './reply-octets.ts'

const pools: StreamPool[] = []

afterEach(() => {
  for (const pool of pools.splice(0)) pool.close()
})

function poolWith(options: Partial<StreamOptions> = {}): StreamPool {
  const pool = createStreamPool({ ...STREAM_OPTIONS, ...options }, () => performance.now())
  pools.push(pool)
  return pool
}

async function upstreamThat(behaviour: Behaviour): Promise<ScriptedUpstream> {
  const server = await startScriptedUpstream(behaviour)
  onTestFinished(() => server.close())
  return server
}

interface AskOptions {
  readonly name?: string
  readonly queries?: number
  readonly timeoutMs?: number
  readonly nextId?: () => number
  readonly signal?: AbortSignal
  readonly onMismatch?: () => void
  readonly onConnection?: (what: string) => void
}

async function ask(
  streams: StreamPool,
  upstream: Upstream,
  options: AskOptions = {},
): Promise<UpstreamResult> {
  let left = options.queries ?? 2
  const { address, port, tls } = upstream
  return exchange({
    upstream: { address, port, ...(tls === undefined ? {} : { tls }) },
    query: clientQuery(`${options.name ?? 'www.example.'} A`),
    transport: 'stream',
    sourceAddress: undefined,
    onConnection: (proto, isReused) => options.onConnection?.(`${proto} ${isReused ? 'reused' : 'new'}`),
    streams,
    nextId: options.nextId ?? createIdSource(),
    spend: () => left-- > 0,
    onMismatch: options.onMismatch ?? (() => {}),
    nowMs: () => performance.now(),
    deadlineMs: performance.now() + (options.timeoutMs ?? 3_000),
    signal: options.signal ?? new AbortController().signal,
  })
}

/** The last octet of the address in the reply. */
function addressOf(result: UpstreamResult): number | string {
  if (result.kind !== 'reply') return `${result.kind}${result.kind === 'aborted' ? '' : `: ${result.text}`}`
  const rdata = result.reply.answer[0]?.rdata
  return rdata?.kind === 'A' ? rdata.address & 0xff : 'no address'
}

/** Says 192.0.2.N to the name `N.example.` */
const numbered = (query: Uint8Array) =>
  replyTo(query, { answer: [`${qnameOf(query)} 60 A 192.0.2.${Number.parseInt(qnameOf(query), 10) || 1}`] })

const connectionsOf = ({ queries }: ScriptedUpstream) => new Set(queries.map(({ sourcePort }) => sourcePort))

describe('connections', () => {
  test('queries one after another go over one', async () => {
    const server = await upstreamThat((query) => [{ do: 'send', octets: numbered(query) }])
    const pool = poolWith()
    for (let round = 1; round <= 20; round++)
      expect(addressOf(await ask(pool, server, { name: `${round}.example.` }))).toBe(round)
    expect(connectionsOf(server).size).toBe(1)
  })

  test('F16 many at a time share at most four; replies in any order go to their queries', async () => {
    const server = await upstreamThat((query) => [
      { do: 'send', octets: numbered(query), afterMs: (Number.parseInt(qnameOf(query), 10) * 37) % 100 },
    ])
    const pool = poolWith()
    const numbers = Array.from({ length: 200 }, (_none, index) => index + 1)
    const results = await Promise.all(
      numbers.map((number) => ask(pool, server, { name: `${number}.example.` })),
    )
    expect(results.map(addressOf)).toEqual(numbers)
    expect(connectionsOf(server).size).toBe(4)
  })

  test('F16 two queries with the same id on one connection are told apart by their questions', async () => {
    const server = await upstreamThat((query) => [
      { do: 'send', octets: numbered(query), afterMs: qnameOf(query) === '7.example.' ? 60 : 20 },
    ])
    const pool = poolWith()
    const numbers = [7, 8, 9, 10, 11, 12]
    const asked = numbers.map((number) => ask(pool, server, { name: `${number}.example.`, nextId: () => 99 }))
    expect((await Promise.all(asked)).map(addressOf)).toEqual(numbers)
    expect(connectionsOf(server).size).toBeLessThan(numbers.length)
  })

  test('F15 one that the other end closes is replaced, and the query goes once more', async () => {
    let count = 0
    const server = await upstreamThat((query) =>
      ++count === 2 ? [{ do: 'close' }] : [{ do: 'send', octets: numbered(query) }],
    )
    const pool = poolWith()
    await ask(pool, server)
    expect(addressOf(await ask(pool, server, { name: '5.example.' }))).toBe(5)
    expect(server.queries).toHaveLength(3)
    expect(connectionsOf(server).size).toBe(2)
  })

  test('F15 F37 once more only where the query may still be sent', async () => {
    let count = 0
    const server = await upstreamThat((query) =>
      ++count === 2 ? [{ do: 'close' }] : [{ do: 'send', octets: numbered(query) }],
    )
    const pool = poolWith()
    await ask(pool, server)
    expect(addressOf(await ask(pool, server, { queries: 1 }))).toMatch(
      /^network: .*closed before the whole reply/,
    )
    expect(server.queries).toHaveLength(2)
  })

  test('F15 a half-dead one, over which nothing comes any more, is noticed after a second', async () => {
    const dead = new Set<number>()
    const server = await upstreamThat((query) => {
      const { sourcePort = 0 } = server.queries.at(-1) ?? {}
      if (dead.has(sourcePort)) return []
      dead.add(sourcePort)
      return [{ do: 'send', octets: numbered(query) }]
    })
    const pool = poolWith()
    await ask(pool, server)
    const started = performance.now()
    expect(addressOf(await ask(pool, server, { name: '5.example.' }))).toBe(5)
    expect(performance.now() - started).toBeLessThan(2_000)
    await expect.poll(() => server.connectionCount()).toBe(1)
  })

  test('a slow reply over one that is alive is waited for', async () => {
    const server = await upstreamThat((query) => [
      { do: 'send', octets: numbered(query), afterMs: qnameOf(query) === '5.example.' ? 1_500 : 0 },
    ])
    const pool = poolWith()
    await ask(pool, server)
    const slow = ask(pool, server, { name: '5.example.', queries: 1 })
    const others = Array.from({ length: 4 }, (_none, index) =>
      ask(pool, server, { name: `${index + 6}.example.` }),
    )
    await Promise.all(others)
    const timer = setInterval(() => void ask(pool, server), 100)
    onTestFinished(() => clearInterval(timer))
    expect([5, expect.stringContaining('timeout')]).toContainEqual(addressOf(await slow))
  })

  test('an idle one is closed in time, and one that was of no use at once', async () => {
    const server = await upstreamThat((query) => [{ do: 'send', octets: numbered(query) }])
    const pool = poolWith({ idleMs: 100 })
    await ask(pool, server)
    expect(server.connectionCount()).toBe(1)
    await expect.poll(() => server.connectionCount()).toBe(0)
    server.behave(() => [])
    expect(addressOf(await ask(pool, server, { timeoutMs: 50 }))).toMatch(/timeout/)
    await expect.poll(() => server.connectionCount()).toBe(0)
  })

  test('one that is too old takes no further query, and is closed', async () => {
    const server = await upstreamThat((query) => [{ do: 'send', octets: numbered(query), afterMs: 60 }])
    const pool = poolWith({ maxAgeMs: 100 })
    const [first, slow] = [await ask(pool, server), ask(pool, server)]
    expect([addressOf(first), addressOf(await slow)]).toEqual([1, 1])
    expect(connectionsOf(server).size).toBe(1)
    await expect.poll(() => server.connectionCount()).toBe(0)
    await ask(pool, server)
    expect(connectionsOf(server).size).toBe(2)
  })

  test('of those that nobody uses only so many are kept', async () => {
    const server = await upstreamThat((query) => [{ do: 'send', octets: numbered(query), afterMs: 20 }])
    const pool = poolWith({ maxIdle: 1 })
    const told: string[] = []
    const onConnection = (what: string) => void told.push(what)
    await Promise.all([1, 2, 3].map(() => ask(pool, server, { onConnection })))
    expect(told).toEqual(['tcp new', 'tcp new', 'tcp new'])
    await expect.poll(() => server.connectionCount()).toBe(1)
    await ask(pool, server, { onConnection })
    expect(told.at(-1)).toBe('tcp reused')
    expect(connectionsOf(server).size).toBe(3)
  })

  test('a reply that comes after its query was given up is no guess', async () => {
    let mismatches = 0
    const server = await upstreamThat((query) => [
      { do: 'send', octets: numbered(query), afterMs: qnameOf(query) === '9.example.' ? 50 : 0 },
    ])
    const pool = poolWith()
    await ask(pool, server)
    for (let round = 0; round < 120; round++) {
      const controller = new AbortController()
      const asked = ask(pool, server, { name: '9.example.', signal: controller.signal })
      controller.abort()
      expect((await asked).kind).toBe('aborted')
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(addressOf(await ask(pool, server, { onMismatch: () => mismatches++ }))).toBe(1)
    expect(connectionsOf(server).size).toBe(1)
    expect(mismatches).toBe(0)
  })

  test('F28 one over which only wrong replies come is closed after a hundred', async () => {
    const server = await upstreamThat((query) =>
      Array.from({ length: 150 }, () => ({
        do: 'send' as const,
        octets: replyTo(query, { question: 'other.example. A' }),
      })),
    )
    let mismatches = 0
    const result = await ask(poolWith(), server, { onMismatch: () => mismatches++ })
    expect(result).toMatchObject({
      kind: 'unusable',
      text: expect.stringContaining('too many wrong replies'),
    })
    expect(mismatches).toBe(100)
  })
})

describe('TLS', () => {
  test('asks where the certificate is for the name of the upstream, of the directive, or for the address', async () => {
    const named = makeCertificate({ name: 'dns.example' })
    const server = await tlsUpstream(named)
    const trust = { secureContext: createSecureContext({ ca: named.ca }) }
    expect(addressOf(await ask(poolWith(trust), at(server.port, 'dns.example')))).toBe(1)
    const pool = poolWith({ ...trust, serverName: 'dns.example' })
    for (let number = 1; number <= 5; number++)
      expect(addressOf(await ask(pool, at(server.port), { name: `${number}.example.` }))).toBe(number)
    const addressed = makeCertificate({ name: '127.0.0.1' })
    const other = await tlsUpstream(addressed)
    const pinned = poolWith({ secureContext: createSecureContext({ ca: addressed.ca }) })
    expect(addressOf(await ask(pinned, at(other.port)))).toBe(1)
  })

  test('F35 sends no query where the name is another, the time is over or to come, or nobody vouches for it', async () => {
    const good = makeCertificate({ name: 'dns.example' })
    const expired = makeCertificate({ name: 'dns.example', validity: ['20200101000000Z', '20200201000000Z'] })
    const early = makeCertificate({ name: 'dns.example', validity: ['20900101000000Z', '20900201000000Z'] })
    const faults = [
      { certificate: good, ca: good.ca, name: 'dns.example.org', text: /does not match/ },
      { certificate: good, ca: good.ca, name: undefined, text: /does not match/ },
      { certificate: expired, ca: expired.ca, name: 'dns.example', text: /expired/ },
      { certificate: early, ca: early.ca, name: 'dns.example', text: /not yet valid/ },
      { certificate: good, ca: expired.ca, name: 'dns.example', text: /certificate/ },
      { certificate: good, ca: undefined, name: 'dns.example', text: /certificate/ },
    ]
    for (const { certificate, ca, name, text } of faults) {
      const server = await tlsUpstream(certificate)
      const secureContext = ca === undefined ? undefined : createSecureContext({ ca })
      const result = await ask(poolWith({ secureContext }), at(server.port, name))
      expect(addressOf(result)).toMatch(/^network: read tls:\/\/127\.0\.0\.1/)
      expect(addressOf(result)).toMatch(text)
      expect(server.queries()).toBe(0)
    }
  })

  test('C23 refuses a server that speaks nothing newer than TLS 1.1', async () => {
    const good = makeCertificate({ name: 'dns.example' })
    const server = await tlsUpstream({ ...good, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })
    const pool = poolWith({ secureContext: createSecureContext({ ca: good.ca }) })
    expect((await ask(pool, at(server.port, 'dns.example'))).kind).toBe('network')
    expect(server.queries()).toBe(0)
  })

  test('shows its own certificate to a server that asks for one', async () => {
    const good = makeCertificate({ name: 'dns.example' })
    const client = makeCertificate({ name: 'client.example' })
    const server = await tlsUpstream({ ...good, ca: client.ca, requestCert: true, rejectUnauthorized: true })
    const { cert, key } = client
    const shown = poolWith({ secureContext: createSecureContext({ ca: good.ca, cert, key }) })
    expect(addressOf(await ask(shown, at(server.port, 'dns.example')))).toBe(1)
    const hidden = poolWith({ secureContext: createSecureContext({ ca: good.ca }) })
    expect((await ask(hidden, at(server.port, 'dns.example'))).kind).toBe('network')
  })

  test('a server that never answers the handshake is given up at the deadline', async () => {
    const silent = await upstreamThat(() => [])
    const started = performance.now()
    expect(addressOf(await ask(poolWith(), at(silent.port), { timeoutMs: 200 }))).toMatch(/timeout/)
    expect(performance.now() - started).toBeLessThan(1_000)
    await expect.poll(() => silent.connectionCount()).toBe(0)
  })
})

async function tlsUpstream(options: TlsOptions): Promise<{ port: number; queries: () => number }> {
  let count = 0
  const server = createServer(options, (socket) => {
    socket.on('error', () => socket.destroy())
    const read = createFrameReader((query) => {
      count++
      socket.write(composeFrame(numbered(query)))
    })
    socket.on('data', read)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    queries: () => count,
  }
}
function at(port: number, serverName?: string): Upstream {
  return { address: '127.0.0.1', port, tls: { serverName } }
}
