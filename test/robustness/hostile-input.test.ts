import { createSocket } from 'node:dgram'
import { expect, onTestFinished, test } from 'vitest'

import { testForwarder } from '../forward/forwarder-options.ts'
import { startServer } from '../../src/index.ts'
import { parseMessage } from '../../src/wire/message.ts'
import { startScriptedUpstream } from '../helpers/scripted-upstream.ts'
import type { Behaviour, ScriptedUpstream } from '../helpers/scripted-upstream.ts'
import {
  addresses,
  headerOf,
  rawName,
  rawOpt,
  rawOption,
  rawQuery,
  startTestServer,
  TcpClient,
  udpReply,
  uint16,
  until,
} from '../server/harness.ts'

const NSID = 3
const COOKIE = 10
const PADDING = 12

test.each([
  ['16,000 empty options', Array.from({ length: 16_000 }, () => rawOption(0))],
  [
    '1,000 each of NSID, COOKIE and PADDING',
    [NSID, COOKIE, PADDING].flatMap((code) =>
      Array.from({ length: 1_000 }, () => rawOption(code, Buffer.alloc(code === COOKIE ? 8 : 0))),
    ),
  ],
])('E12 %s over TCP get one of each at most, in no time', async (_, options) => {
  await using server = await startTestServer([addresses(1)])
  using client = await TcpClient.open(server.port)
  const query = rawQuery({ edns: { options: Buffer.concat(options) } })
  await client.exchange(query)
  const took: number[] = []
  for (let run = 0; run < 5; run++) {
    const started = performance.now()
    const reply = parseMessage(await client.exchange(query))
    took.push(performance.now() - started)
    expect(reply).toMatchObject({ ok: true, message: { rcode: 0 } })
    const codes = reply.message?.opt?.options.map(({ code }) => code) ?? []
    expect(codes).toEqual([...new Set(codes)])
  }
  expect(Math.min(...took)).toBeLessThan(200)
})

test('E12 time grows with the number of options and not faster', async () => {
  await using server = await startTestServer([addresses(1)])
  using client = await TcpClient.open(server.port)
  const shortestMs = async (count: number): Promise<number> => {
    const options = Buffer.concat(Array.from({ length: count }, () => rawOption(COOKIE)))
    const query = rawQuery({ edns: { options } })
    const took: number[] = []
    for (let run = 0; run < 20; run++) {
      const started = performance.now()
      await client.exchange(query)
      took.push(performance.now() - started)
    }
    return Math.min(...took)
  }
  await shortestMs(16_000)
  expect(await shortestMs(16_000)).toBeLessThan(4 + 8 * (await shortestMs(4_000)))
})

/** NXDOMAIN with the question, for whatever is asked. */
const nxdomain = (query: Uint8Array): Uint8Array => {
  const reply = Buffer.from(query)
  reply.writeUInt16BE(0x8183, 2)
  return reply
}

async function startForwardingServer(
  behaviour: (query: Uint8Array) => Uint8Array,
): Promise<{ readonly port: number; readonly upstream: ScriptedUpstream }> {
  const upstream = await startScriptedUpstream((query) => [{ do: 'send', octets: behaviour(query) }])
  const server = await startServer({
    corefileText: `.:0 {\n  bind 127.0.0.1\n  forward . 127.0.0.1:${upstream.port}\n}\n`,
  })
  onTestFinished(async () => {
    await server.close()
    await upstream.close()
  })
  return { port: server.port, upstream }
}

test('E21 an OPT that is not last, with options and junk behind it, reaches the upstream as one OPT of our own', async () => {
  const { port, upstream } = await startForwardingServer(nxdomain)
  const options = Buffer.concat([
    rawOption(8, Buffer.of(0, 1, 24, 0, 10, 0, 0)),
    rawOption(65_001, Buffer.from('secret')),
  ])
  const other = Buffer.concat([rawName('smuggled.example'), uint16(1, 1, 0, 5, 4), Buffer.of(6, 6, 6, 6)])
  const opt = rawOpt({ size: 4096, flags: 0x8000, options })
  for (const tail of [
    Buffer.concat([opt, other]),
    Buffer.concat([opt, other, Buffer.from('junk'), rawOpt({})]),
  ]) {
    const query = rawQuery({ name: 'www.example', counts: [1, 0, 0, 2], tail })
    expect(headerOf(await udpReply(port, query)).rcode).toBe(3)
  }
  expect(upstream.queries.length).toBe(2)
  for (const { octets } of upstream.queries) {
    const parsed = parseMessage(octets)
    expect(parsed).toMatchObject({
      ok: true,
      message: { additional: [], opt: { udpPayloadSize: 1232, version: 0, dnssecOk: true, options: [] } },
    })
    const expected = rawQuery({ name: 'www.example', edns: { flags: 0x8000 } }).length
    expect(octets.length).toBe(expected)
  }
})

test('N08 a reply of 64 KiB of records that point at pointers is taken in milliseconds, through the whole forwarder', async () => {
  const { port, upstream } = await startForwardingServer(nxdomain)
  upstream.behave((query, transport) =>
    transport === 'udp'
      ? [{ do: 'send', octets: truncated(query) }]
      : [{ do: 'send', octets: pointerHeavy(query) }],
  )
  const took: number[] = []
  for (let id = 0; id < 5; id++) {
    const started = performance.now()
    const reply = await udpReply(port, rawQuery({ id, name: 'www.example' }))
    took.push(performance.now() - started)
    expect(headerOf(reply)).toMatchObject({ id, qr: true, rcode: 0 })
  }
  // Two exchanges and their sockets are in it.
  expect(Math.min(...took)).toBeLessThan(300)
})

function truncated(query: Uint8Array): Uint8Array {
  const reply = Buffer.from(query)
  reply.writeUInt16BE(0x8380, 2)
  return reply
}

/** An answer, and then as many records as fit whose owners are pointers to pointers, 127 deep, and lead nowhere useful. */
function pointerHeavy(query: Uint8Array): Uint8Array {
  const question = Buffer.from(query.subarray(12, query.indexOf(0, 12) + 5))
  const pieces = [question, Buffer.concat([uint16(0xc00c, 1, 1, 0, 5, 4), Buffer.of(192, 0, 2, 1)])]
  let size = 12 + question.length + 16
  let previous = 12
  for (let depth = 0; size < 65_000; depth++) {
    const start = depth % 100 === 0 ? 12 : previous
    // Each owner is one label and a pointer to the owner before it.
    const owner =
      depth % 100 === 0 ? uint16(0xc00c) : Buffer.concat([Buffer.from('\u0001a'), uint16(0xc000 | start)])
    previous = size
    const record = Buffer.concat([owner, uint16(1, 1, 0, 5, 4), Buffer.of(192, 0, 2, 2)])
    if (size > 0x3fff) previous = 12
    pieces.push(record)
    size += record.length
  }
  const header = Buffer.concat([
    Buffer.from(query.subarray(0, 2)),
    uint16(0x8180, 1, pieces.length - 1, 0, 0),
  ])
  return Buffer.concat([header, ...pieces])
}

test('U09 at twice what the upstream can answer the surplus fails at once, and the rest waits no longer than the bound', async () => {
  const serviceMs = 2.5
  const maxInFlight = 20
  const { behaviour, mostWaiting } = oneAfterAnother(serviceMs)
  const upstream = await startScriptedUpstream(behaviour)
  const forwarder = testForwarder([upstream])
  onTestFinished(async () => {
    forwarder.close()
    await upstream.close()
  })
  await using server = await startTestServer([(query) => forwarder.forward(query)], {
    queryLimits: { maxInFlight },
  })
  const { servedMs, failed } = await askSteadily(server.port, { count: 2_400, everyMs: serviceMs / 2 })
  // Some that gave way to others: the upstream is not told.
  expect(mostWaiting()).toBeLessThanOrEqual(3 * maxInFlight)
  // Without the bound half of the queries would be waiting when the last one is asked, for three seconds.
  const p99 = servedMs.toSorted((a, b) => a - b)[Math.floor(servedMs.length * 0.99)] ?? Infinity
  expect(p99).toBeLessThan(1_500)
  expect(servedMs.length).toBeGreaterThan(500)
  expect(failed).toBeGreaterThan(500)
  expect(server.counters.shed).toBeGreaterThanOrEqual(failed)
}, 30_000)

/** NXDOMAIN to one query every so often, however many wait. */
function oneAfterAnother(serviceMs: number): {
  readonly behaviour: Behaviour
  readonly mostWaiting: () => number
} {
  let freeAtMs = 0
  let most = 0
  const behaviour: Behaviour = (query) => {
    const now = performance.now()
    freeAtMs = Math.max(now, freeAtMs) + serviceMs
    most = Math.max(most, Math.floor((freeAtMs - now) / serviceMs))
    return [{ do: 'send', octets: nxdomain(query), afterMs: freeAtMs - now }]
  }
  return { behaviour, mostWaiting: () => most }
}

/** Asks as ten clients in turn. How long each NXDOMAIN took, and how many failed. */
async function askSteadily(
  port: number,
  { count, everyMs }: { readonly count: number; readonly everyMs: number },
): Promise<{ readonly servedMs: readonly number[]; readonly failed: number }> {
  const sentMs = new Map<number, number>()
  const servedMs: number[] = []
  let failed = 0
  const clients = Array.from({ length: 10 }, (_, host) => createSocket('udp4').bind(0, `127.0.0.${host + 1}`))
  for (const client of clients) {
    client.on('message', (reply) => {
      const { id, rcode } = headerOf(reply)
      if (rcode === 3) servedMs.push(performance.now() - (sentMs.get(id) ?? 0))
      else failed++
    })
  }
  const startedMs = performance.now()
  for (let id = 0; id < count; id++) {
    await until(() => performance.now() - startedMs >= id * everyMs, 5_000)
    sentMs.set(id, performance.now())
    clients[id % clients.length]?.send(rawQuery({ id, name: `n${id}.cluster.local` }), port, '127.0.0.1')
  }
  await until(() => servedMs.length + failed === count, 3_000)
  for (const client of clients) client.close()
  return { servedMs, failed }
}
