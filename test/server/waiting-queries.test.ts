import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { WaitingQueries } from '../../src/server/waiting-queries.ts'
import type { WaitingQuery } from '../../src/server/waiting-queries.ts'

/** Waiting queries by name, such as `a1`: the first letter is the client. */
function room(limits: { maxInFlight: number; maxInFlightPerClient: number }) {
  const waiting = new WaitingQueries<WaitingQuery>(limits)
  const gaveWay: string[] = []
  const places = new Map<string, ReturnType<typeof waiting.add>>()
  const ask = (name: string): string => {
    const clientAddress = name.charAt(0)
    const answer = waiting.roomFor(clientAddress)
    if (answer !== 'free') return answer
    places.set(name, waiting.add({ clientAddress, giveWay: () => void gaveWay.push(name) }))
    return answer
  }
  const finish = (name: string): boolean => {
    const place = places.get(name)
    return place !== undefined && waiting.delete(place)
  }
  return { waiting, gaveWay, ask, finish }
}

describe('WaitingQueries', () => {
  test('a client has no more than its own bound, others are not touched', () => {
    const { ask, gaveWay } = room({ maxInFlight: 10, maxInFlightPerClient: 2 })
    expect(['a1', 'a2', 'a3', 'b1'].map(ask)).toEqual(['free', 'free', 'clientFull', 'free'])
    expect(gaveWay).toEqual([])
  })

  test('when all is full, the oldest of the client with the most gives way to one that has a quarter of it', () => {
    const { ask, gaveWay } = room({ maxInFlight: 9, maxInFlightPerClient: 9 })
    for (const name of ['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7', 'a8', 'b1']) ask(name)
    expect(ask('b2')).toBe('free')
    expect(gaveWay).toEqual(['a1'])
    expect(ask('b3')).toBe('full')
    expect(ask('c1')).toBe('free')
    expect(gaveWay).toEqual(['a1', 'a2'])
  })

  test('when all is full of clients that have about the same, nobody is put out', () => {
    const { ask, gaveWay } = room({ maxInFlight: 6, maxInFlightPerClient: 6 })
    for (const name of ['a1', 'a2', 'a3', 'b1', 'b2', 'c1']) ask(name)
    expect(['c2', 'd1'].map(ask)).toEqual(['full', 'full'])
    expect(gaveWay).toEqual([])
  })

  test('when all is full, the client with the most gets nothing more', () => {
    const { ask, gaveWay } = room({ maxInFlight: 4, maxInFlightPerClient: 4 })
    for (const name of ['a1', 'a2', 'a3', 'b1']) ask(name)
    expect(ask('a4')).toBe('full')
    expect(gaveWay).toEqual([])
  })

  test('when all is full of clients with one query each, nobody is put out for another', () => {
    const { ask, gaveWay } = room({ maxInFlight: 3, maxInFlightPerClient: 3 })
    for (const name of ['a1', 'b1', 'c1']) ask(name)
    expect(ask('d1')).toBe('full')
    expect(gaveWay).toEqual([])
  })

  test('a query that is answered makes room once', () => {
    const { ask, finish } = room({ maxInFlight: 2, maxInFlightPerClient: 1 })
    ask('a1')
    expect(ask('a2')).toBe('clientFull')
    expect([finish('a1'), finish('a1')]).toEqual([true, false])
    expect(ask('a3')).toBe('free')
  })

  test('IPv6 clients of one /64 share their bound', () => {
    const waiting = new WaitingQueries({ maxInFlight: 10, maxInFlightPerClient: 1 })
    waiting.add({ clientAddress: '2001:db8::1', giveWay: () => {} })
    expect(waiting.roomFor('2001:db8::ffff:2')).toBe('clientFull')
    expect(waiting.roomFor('2001:db8:0:1::1')).toBe('free')
  })

  test('keeps both bounds and every share, whatever comes and goes', () => {
    const step = fc.record({
      client: fc.constantFrom('a', 'b', 'c', 'd'),
      asks: fc.boolean(),
      pick: fc.nat(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const { waiting, gaveWay, ask, finish } = room({ maxInFlight: 8, maxInFlightPerClient: 5 })
        const open = new Map<string, string[]>()
        for (const [index, { client, asks, pick }] of steps.entries()) {
          const own = open.get(client) ?? []
          const most = Math.max(0, ...[...open.values()].map((names) => names.length))
          const before = gaveWay.length
          if (!asks) {
            const [name] = own.splice(pick % Math.max(1, own.length), 1)
            if (name !== undefined) expect(finish(name)).toBe(true)
          } else if (ask(`${client}${index}`) === 'free') {
            own.push(`${client}${index}`)
          }
          open.set(client, own)
          for (const name of gaveWay.slice(before)) {
            const losing = open.get(name.charAt(0)) ?? []
            expect(losing.length).toBe(most)
            expect(losing.shift()).toBe(name)
          }
          const counts = [...open.values()].map((names) => names.length)
          expect(Math.max(...counts)).toBeLessThanOrEqual(5)
          const total = counts.reduce((sum, count) => sum + count, 0)
          expect(total).toBeLessThanOrEqual(8)
          expect([...waiting].length).toBe(total)
        }
      }),
    )
  })
})
