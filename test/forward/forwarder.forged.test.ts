import { createSocket } from 'node:dgram'
import { expect, onTestFinished, test } from 'vitest'

import { startScriptedUpstream } from '../helpers/scripted-upstream.ts'
import type { Behaviour, ScriptedUpstream } from '../helpers/scripted-upstream.ts'
import { clientQuery } from './client-query.ts'
import { FORWARDER_OPTIONS, testForwarder } from './forwarder-options.ts'
import type { TestForwarder } from './forwarder-options.ts'
import { qnameOf, replyTo } from './reply-octets.ts'

const FORGERIES = 10_000
const POISON = (query: Uint8Array) => ({ answer: [`${qnameOf(query)} 60 A 192.0.2.66`] })
const RIGHT = (query: Uint8Array) => ({ answer: [`${qnameOf(query)} 60 A 192.0.2.1`] })

/** An upstream that sends `forged` over UDP, from where it was asked, and the right reply over TCP. */
async function attacked(
  overUdp: (query: Uint8Array, port: number) => ReturnType<Behaviour>,
): Promise<{ upstream: ScriptedUpstream; forwarder: TestForwarder }> {
  const upstream: ScriptedUpstream = await startScriptedUpstream((query, transport) =>
    transport === 'tcp'
      ? [{ do: 'send', octets: replyTo(query, RIGHT(query)) }]
      : overUdp(query, upstream.queries.at(-1)?.sourcePort ?? 0),
  )
  // One attempt a query: this process is busy sending forgeries, so replies are late.
  const health = { ...FORWARDER_OPTIONS.health, maxFails: 0 }
  const forwarder = testForwarder([upstream], { options: { health, maxConnectAttempts: 1 } })
  onTestFinished(async () => {
    forwarder.close()
    await upstream.close()
  })
  return { upstream, forwarder }
}

const many = (octets: (guess: number) => Uint8Array): ReturnType<Behaviour> =>
  Array.from({ length: FORGERIES }, (_none, guess) => ({ do: 'send' as const, octets: octets(guess) }))

async function addressOf(forwarder: TestForwarder, text: string): Promise<number> {
  const { answer } = await forwarder.forward(clientQuery(text))
  const rdata = answer[0]?.rdatas[0]
  return rdata?.kind === 'A' ? rdata.address & 0xff : -1
}

test('F01 F28 10,000 replies a query from the right address with wrong ids: none counts, TCP after 100', async () => {
  const { upstream, forwarder } = await attacked((query) => {
    const octets = replyTo(query, POISON(query))
    const id = Buffer.from(query).readUInt16BE(0)
    return many((guess) => {
      const forged = Buffer.from(octets)
      forged.writeUInt16BE((id + 1 + guess) & 0xffff, 0)
      return forged
    })
  })
  for (let round = 1; round <= 3; round++) {
    expect(await addressOf(forwarder, `n${round}.example. A`)).toBe(1)
    expect(forwarder.counts().mismatches).toBe(100 * round)
  }
  expect(upstream.queries.map(({ transport }) => transport).join()).toBe('udp,tcp,udp,tcp,udp,tcp')
})

test('F02 F28 10,000 replies a query with the right id and another question: none counts, TCP after 100', async () => {
  const { forwarder } = await attacked((query) => {
    const octets = replyTo(query, { ...POISON(query), question: 'victim.example. A' })
    return many(() => octets)
  })
  expect(await addressOf(forwarder, 'www.example. A')).toBe(1)
  expect(forwarder.counts().mismatches).toBe(100)
})

test('F03 10,000 replies a query with the right id and question from another port: none is even seen', async () => {
  const attacker = createSocket('udp4')
  onTestFinished(() => void attacker.close())
  const { upstream, forwarder } = await attacked((query, port) => {
    const octets = replyTo(query, POISON(query))
    for (let sent = 0; sent < FORGERIES; sent++) attacker.send(octets, port, '127.0.0.1')
    return [{ do: 'send', octets: replyTo(query, RIGHT(query)), afterMs: 300 }]
  })
  expect(await addressOf(forwarder, 'www.example. A')).toBe(1)
  expect(forwarder.counts().mismatches).toBe(0)
  expect(upstream.queries.map(({ transport }) => transport)).toEqual(['udp'])
})
