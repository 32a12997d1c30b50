import { describe, expect, onTestFinished, test } from 'vitest'

import { startServer } from '../../src/index.ts'
import { timeouts } from '../../src/plugins/timeouts.ts'
import { COREDNS, startCoredns } from '../helpers/coredns.ts'
import { rawQuery, TcpClient } from '../server/harness.ts'
import { errorOf, setUp } from './plugin-harness.ts'

describe('timeouts', () => {
  test.for([
    ['timeouts {\n read 2s\n}', { readMs: 2_000 }],
    ['timeouts {\n write 1m\n idle 24h\n}', { writeMs: 60_000, idleMs: 86_400_000 }],
    ['timeouts {\n idle 15\n}', { idleMs: 15_000 }],
    ['timeouts {\n maxtcpqueries 128\n}', { maxQueries: 128 }],
    ['timeouts {\n maxtcpqueries -1\n}', { maxQueries: Infinity }],
    ['timeouts {\n idle 2s\n idle 3s\n}', { idleMs: 3_000 }],
    ['timeouts {\n idle 2s\n}\ntimeouts {\n read 3s\n idle 4s\n}', { idleMs: 4_000, readMs: 3_000 }],
  ] as const)('%j', ([text, expected]) => {
    expect(setUp(timeouts, text).tcp).toEqual(expected)
  })

  test.for([
    [
      'timeouts',
      'SLICEDNS_CONFIG_EMPTY_BLOCK Corefile:2:1: "timeouts" needs a property in braces; write timeouts {',
    ],
    ['timeouts 5s {\n read 2s\n}', 'SLICEDNS_CONFIG_ARGUMENT Corefile:2:10: "timeouts" takes no argument'],
    [
      'timeouts {\n read\n}',
      'SLICEDNS_CONFIG_ARGUMENT Corefile:3:2: "read" needs an argument; write read DURATION',
    ],
    ['timeouts {\n read 1s 2s\n}', 'SLICEDNS_CONFIG_ARGUMENT Corefile:3:10: "read" takes at most 1 argument'],
    [
      'timeouts {\n write 999ms\n}',
      'SLICEDNS_CONFIG_VALUE Corefile:3:8: "999ms" is not a time from 1s to 24h',
    ],
    ['timeouts {\n write 0\n}', 'SLICEDNS_CONFIG_VALUE Corefile:3:8: "0" is not a time'],
    ['timeouts {\n idle 24h1s\n}', 'SLICEDNS_CONFIG_VALUE Corefile:3:7: "24h1s" is not a time'],
    ['timeouts {\n idle long\n}', 'SLICEDNS_CONFIG_VALUE Corefile:3:7: "long" is not a duration'],
    ['timeouts {\n maxtcpqueries 0\n}', 'SLICEDNS_CONFIG_VALUE Corefile:3:16: "0" is not a whole number'],
    ['timeouts {\n maxtcpqueries -2\n}', 'SLICEDNS_CONFIG_VALUE Corefile:3:16: "-2" is not a whole number'],
    ['timeouts {\n wait 2s\n}', 'SLICEDNS_CONFIG_UNKNOWN_PROPERTY Corefile:3:2: unknown property "wait"'],
  ] as const)('%j is an error', ([text, expected]) => {
    expect(errorOf(timeouts, text)).toContain(expected)
  })
})

const block = (key: string, directives: string) => `${key} {\n bind 127.0.0.1\n ${directives}\n whoami\n}\n`

async function serve(corefileText: string): Promise<number> {
  const server = await startServer({ corefileText })
  onTestFinished(() => server.close())
  return server.port
}

/** How many queries of three, sent one by one, are answered before the connection ends. */
async function answeredOfThree(port: number): Promise<number> {
  using client = await TcpClient.open(port)
  for (let count = 0; count < 3 && !client.ended; count++) {
    client.send(rawQuery())
    if (await client.endsWithin(200)) break
  }
  return client.replies.length
}

describe('timeouts served', () => {
  test('maxtcpqueries: so many are answered, then the connection ends', async () => {
    expect(await answeredOfThree(await serve(block('.:0', 'timeouts {\n maxtcpqueries 2\n }')))).toBe(2)
    expect(await answeredOfThree(await serve(block('.:0', 'timeouts {\n maxtcpqueries -1\n }')))).toBe(3)
  })

  test('read: a message that stops half way ends the connection, a quiet one goes on', async () => {
    const port = await serve(block('.:0', 'timeouts {\n read 1s\n }'))
    using half = await TcpClient.open(port)
    using quiet = await TcpClient.open(port)
    half.socket.write(Buffer.of(0))
    expect(await half.endsWithin(3_000)).toBe(true)
    expect(quiet.ended).toBe(false)
  })

  test('where blocks of one port differ, the last counts', async () => {
    const one = block('example.:0', 'timeouts {\n maxtcpqueries 1\n idle 5s\n }')
    const two = block('.:0', 'timeouts {\n maxtcpqueries 2\n }')
    expect(await answeredOfThree(await serve(one + two))).toBe(2)
    expect(await answeredOfThree(await serve(two + one))).toBe(1)
  })
})

const corefile = (port: number) => block(`.:${port}`, 'timeouts {\n idle 1s\n maxtcpqueries 2\n }')

describe.skipIf(COREDNS === undefined)('timeouts beside CoreDNS', () => {
  test('idle: both end a connection that has had its answer; maxtcpqueries: after as many queries', async () => {
    for (const port of [await serve(corefile(0)), (await startCoredns(corefile)).port]) {
      using client = await TcpClient.open(port)
      await client.exchange(rawQuery())
      expect(await client.endsWithin(500)).toBe(false)
      expect(await client.endsWithin(3_000)).toBe(true)
      expect(await answeredOfThree(port)).toBe(2)
    }
  })
})
