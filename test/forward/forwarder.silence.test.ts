import { setTimeout } from 'node:timers/promises'
import { afterAll, describe, test } from 'vitest'

import type { ForwarderOptions } from '../../src/forward/forwarder-options.ts'
import type { Reply } from '../../src/zone/responder.ts'
import { closedPort, startScriptedUpstream } from '../helpers/scripted-upstream.ts'
import type { Behaviour, ScriptedUpstream } from '../helpers/scripted-upstream.ts'
import { clientQuery } from './client-query.ts'
import { testForwarder } from './forwarder-options.ts'
import { qnameOf, replyTo } from './reply-octets.ts'

const SILENT: Behaviour = () => []
const RUBBISH: Behaviour = () => [{ do: 'send', octets: Buffer.from('rubbish') }]

const cleanups: (() => unknown)[] = []

afterAll(async () => {
  for (const cleanup of cleanups) await cleanup()
})

/** Answers clients after so long, and probes after so long. */
const answering =
  (afterMs: number, probesAfterMs: number): Behaviour =>
  (query) => {
    const isProbe = qnameOf(query) === '.'
    const answer = [`${qnameOf(query)} 60 A 192.0.2.1`]
    return [{ do: 'send', octets: replyTo(query, { answer }), afterMs: isProbe ? probesAfterMs : afterMs }]
  }

async function upstreamsThat(...behaviours: readonly Behaviour[]): Promise<readonly ScriptedUpstream[]> {
  const servers = await Promise.all(behaviours.map((behaviour) => startScriptedUpstream(behaviour)))
  for (const server of servers) cleanups.unshift(() => server.close())
  return servers
}

/** Asks in the order given. */
function ask(
  upstreams: readonly { address: string; port: number }[],
  options: Partial<ForwarderOptions> = {},
): Promise<Reply> {
  const forwarder = testForwarder(upstreams, { options })
  cleanups.unshift(() => forwarder.close())
  return forwarder.forward(clientQuery('www.example. A'))
}

const repeat = (count: number, behaviour: Behaviour): readonly Behaviour[] =>
  Array.from({ length: count }, () => behaviour)

const clientQueries = ({ queries }: ScriptedUpstream) =>
  queries.filter(({ octets }) => qnameOf(octets) !== '.')

/** A timer of this process stands for the clock: a busy machine delays it as it delays the reply. */
const within = (reply: Promise<Reply>, limitMs: number): Promise<Reply | 'late'> =>
  Promise.race([reply, setTimeout(limitMs, 'late' as const)])

describe.concurrent('all the time that a client waits', () => {
  test('F08 F09 F37 all upstreams are dead: SERVFAIL with code 22 within 2 s of the first query, however many', async ({
    expect,
  }) => {
    const one = await upstreamsThat(SILENT)
    const five = await upstreamsThat(...repeat(3, RUBBISH), ...repeat(2, SILENT))
    const fifteen = await upstreamsThat(...repeat(15, SILENT))
    const refused = { address: '127.0.0.1', port: await closedPort() }
    const cases = [one, five, fifteen, [refused, ...one], five.slice(0, 2)]
    const overTcp = ask(one, { forceTcp: true })
    const replies = await Promise.all(
      [...cases.map((each) => ask(each)), overTcp].map((each) => within(each, 2_000)),
    )
    for (const reply of replies)
      expect(reply).toMatchObject({ rcode: 2, answer: [], extendedError: { code: 22 } })
    for (const server of [...five, ...fifteen]) expect(clientQueries(server).length).toBeLessThanOrEqual(4)
  })

  test('F09 slow upstreams are waited for as long as they answer probes, or all within 1.2 s', async ({
    expect,
  }) => {
    const slow = await upstreamsThat(answering(1_200, 1_200))
    const recursing = await upstreamsThat(answering(2_500, 0))
    const lastOfFifteen = await upstreamsThat(...repeat(14, SILENT), answering(0, 0))
    const secondOfTwo = await upstreamsThat(SILENT, answering(1_200, 0))
    const all = [slow, recursing, lastOfFifteen, secondOfTwo].map((each) => ask(each))
    // The last of fifteen is found by its probe, and asked before those that are dead.
    expect(await within(all[2] ?? Promise.reject(new Error('there are four')), 2_000)).toMatchObject({
      rcode: 0,
    })
    for (const reply of await Promise.all(all)) expect(reply.rcode).toBe(0)
  })
})
