import { describe, expect, test } from 'vitest'

import { loadbalance } from '../../src/plugins/loadbalance.ts'
import type { Rdata } from '../../src/wire/rdata.ts'
import type { Reply } from '../../src/zone/responder.ts'
import type { RRset } from '../../src/zone/rrset.ts'
import { clientQuery, nameOf } from '../forward/client-query.ts'
import { chainOf, errorOf, setUp, testHost } from './plugin-harness.ts'

const rrset = (rrtype: number, rdatas: readonly Rdata[], owner = 'www.example.'): RRset => ({
  owner: nameOf(owner),
  rrtype,
  ttlSeconds: 5,
  rdatas,
})
const addresses = (count: number) =>
  rrset(
    1,
    Array.from({ length: count }, (_each, address) => ({ kind: 'A', address }) as const),
  )
const mails = rrset(
  15,
  [10, 20, 30].map((preference) => ({ kind: 'MX', preference, exchange: nameOf('mx.') })),
)
const alias = rrset(5, [{ kind: 'CNAME', target: nameOf('www.example.') }], 'alias.example.')
const services = rrset(
  33,
  [1, 2, 3].map((port) => ({ kind: 'SRV', priority: 0, weight: 1, port, target: nameOf('t.') })),
)
const reply = (answer: readonly RRset[], additional: readonly RRset[] = []): Reply => ({
  rcode: 0,
  authoritativeAnswer: true,
  answer,
  authority: [],
  additional,
})

function shuffled(from: Reply | Promise<Reply>, random: () => number): Promise<Reply> {
  const chain = chainOf(setUp(loadbalance, 'loadbalance', testHost({ random })), from)
  return Promise.resolve(chain(clientQuery('www.example.')))
}

/** A small generator that repeats (Park and Miller 1988), so that the test never fails by chance. */
function repeatable(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

describe('loadbalance', () => {
  test('every order of the addresses is equally likely', async () => {
    const random = repeatable(20_260)
    const counts = new Map<string, number>()
    for (let run = 0; run < 6_000; run++) {
      const { answer } = await shuffled(reply([addresses(3)]), random)
      const order = JSON.stringify(answer[0]?.rdatas)
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(6)
    // 1,000 each; four standard deviations are 115.
    for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(115)
  })

  test('spreads answer and additional section, of replies that come late too', async () => {
    const back = await shuffled(Promise.resolve(reply([addresses(2)], [mails])), () => 0)
    expect(back.answer[0]?.rdatas).toEqual(addresses(2).rdatas.toReversed())
    expect(back.additional[0]?.rdatas).not.toEqual(mails.rdatas)
    expect(back.additional[0]?.rdatas).toHaveLength(3)
  })

  test('T19 CNAMEs stay in front, SRV as they are, and the stored RRset too', async () => {
    const stored = addresses(3)
    const before = structuredClone(stored)
    const { answer } = await shuffled(reply([alias, stored, services]), () => 0)
    expect(answer.map(({ rrtype }) => rrtype)).toEqual([5, 1, 33])
    expect(answer[2]).toBe(services)
    expect(answer[1]?.rdatas).not.toEqual(before.rdatas)
    expect(stored).toEqual(before)
  })

  test('a reply without anything to spread is the same one', async () => {
    const single = reply([alias, addresses(1)])
    expect(await shuffled(single, () => 0)).toBe(single)
  })

  test.for(['loadbalance', 'loadbalance round_robin', 'loadbalance\nloadbalance round_robin'])(
    '%s',
    (text) => {
      expect(errorOf(loadbalance, text)).toBe('no error')
    },
  )

  test.for([
    [
      'loadbalance weighted weights.txt',
      'SLICEDNS_CONFIG_PROPERTY_NOT_SUPPORTED Corefile:2:13: policy "weighted" of "loadbalance" is not supported; write loadbalance round_robin',
    ],
    [
      'loadbalance {\n  prefer 10.0.0.0/8\n}',
      'SLICEDNS_CONFIG_PROPERTY_NOT_SUPPORTED Corefile:3:3: property "prefer"',
    ],
    [
      'loadbalance roundrobin',
      'SLICEDNS_CONFIG_VALUE Corefile:2:13: "roundrobin" is not "round_robin"; did you mean "round_robin"?',
    ],
    [
      'loadbalance round_robin x',
      'SLICEDNS_CONFIG_ARGUMENT Corefile:2:25: "loadbalance" takes at most 1 argument',
    ],
  ] as const)('%s is an error', ([text, expected]) => {
    expect(errorOf(loadbalance, text)).toContain(expected)
  })
})
