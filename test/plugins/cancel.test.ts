import { performance } from 'node:perf_hooks'

import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'

import { startServer } from '../../src/index.ts'
import { cancel } from '../../src/plugins/cancel.ts'
import type { Reply } from '../../src/zone/responder.ts'
import { clientQuery } from '../forward/client-query.ts'
import { COREDNS } from '../helpers/coredns.ts'
import { dnsClient } from '../helpers/dns-client.ts'
import { startScriptedUpstream } from '../helpers/scripted-upstream.ts'
import { startPair } from './beside-coredns.ts'
import { chainOf, errorOf, setUp } from './plugin-harness.ts'

const REPLY: Reply = { rcode: 0, authoritativeAnswer: true, answer: [], authority: [], additional: [] }

describe('cancel', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test.for([
    ['cancel', 5001],
    ['cancel 1s', 1000],
    ['cancel 250ms\ncancel 1m30s', 90_000],
    ['cancel 24h', 86_400_000],
  ] as const)('%j gives SERVFAIL and gives the query up after %i ms', async ([text, timeoutMs]) => {
    let givenUp = 0
    const query = { ...clientQuery('www.example.'), giveUp: () => void givenUp++ }
    const never = Promise.withResolvers<Reply>()
    const reply = chainOf(setUp(cancel, text), never.promise)(query)
    await vi.advanceTimersByTimeAsync(timeoutMs - 1)
    expect(givenUp).toBe(0)
    await vi.advanceTimersByTimeAsync(1)
    expect(givenUp).toBe(1)
    expect(await reply).toMatchObject({
      rcode: 2,
      answer: [],
      extendedError: { code: 0, text: `no answer within ${timeoutMs} ms` },
    })
  })

  test('an answer in time is the answer, and no timer is left', async () => {
    const pending = Promise.withResolvers<Reply>()
    const reply = chainOf(setUp(cancel, 'cancel 1s'), pending.promise)(clientQuery('www.example.'))
    await vi.advanceTimersByTimeAsync(999)
    expect(vi.getTimerCount()).toBe(1)
    pending.resolve(REPLY)
    expect(await reply).toBe(REPLY)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('an answer that waits for nothing has no timer', () => {
    expect(chainOf(setUp(cancel, 'cancel'), REPLY)(clientQuery('www.example.'))).toBe(REPLY)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('what is asked on behalf of another question has no time of its own', () => {
    const never = Promise.withResolvers<Reply>()
    const nested = { ...clientQuery('www.example.'), depth: 1 }
    expect(chainOf(setUp(cancel, 'cancel'), never.promise)(nested)).toBe(never.promise)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('what fails in time fails as it does', async () => {
    const failing = chainOf(setUp(cancel, 'cancel'), Promise.reject(new Error('broken')))
    await expect(failing(clientQuery('www.example.'))).rejects.toThrow('broken')
    expect(vi.getTimerCount()).toBe(0)
  })

  test.for([
    [
      'cancel 0',
      'SLICEDNS_CONFIG_VALUE Corefile:2:8: "0" is not a time to wait for an answer; write one above 0 and up to 24h',
    ],
    ['cancel 25h', 'SLICEDNS_CONFIG_VALUE Corefile:2:8: "25h"'],
    ['cancel -1s', 'SLICEDNS_CONFIG_VALUE Corefile:2:8: "-1s" is not a duration'],
    ['cancel 5', 'SLICEDNS_CONFIG_VALUE Corefile:2:8: "5" is not a duration'],
    ['cancel 1s 2s', 'SLICEDNS_CONFIG_ARGUMENT Corefile:2:11: "cancel" takes at most 1 argument'],
    ['cancel {\n  x\n}', 'SLICEDNS_CONFIG_BLOCK Corefile:3:3: "cancel" takes no properties in braces'],
  ] as const)('%j is an error', ([text, expected]) => {
    expect(errorOf(cancel, text)).toContain(expected)
  })
})

async function silentUpstream(): Promise<number> {
  const upstream = await startScriptedUpstream(() => [])
  onTestFinished(() => upstream.close())
  return upstream.port
}

test('cancel served: SERVFAIL with the reason in time, and the server closes at once', async () => {
  const corefileText = `.:0 {\n bind 127.0.0.1\n cancel 200ms\n forward . 127.0.0.1:${await silentUpstream()}\n}\n`
  const server = await startServer({ corefileText })
  const startMs = performance.now()
  const reply = await dnsClient(server.port).ask('www.example A')
  await server.close()
  expect([reply.rcode, reply.extendedError?.text]).toEqual(['SERVFAIL', 'no answer within 200 ms'])
  expect(performance.now() - startMs).toBeLessThan(1_500)
})

describe.skipIf(COREDNS === undefined)('cancel beside CoreDNS', () => {
  test('a silent upstream is SERVFAIL for both', async () => {
    const pair = await startPair(`cancel 300ms\n forward . 127.0.0.1:${await silentUpstream()}`)
    const { ours, theirs } = await pair.ask('www.example. A', { edns: false })
    expect(ours.rcode).toBe(2)
    expect(theirs.rcode).toBe(2)
  })
})
