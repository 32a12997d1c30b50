import { describe, expect, onTestFinished, test } from 'vitest'

import { startServer } from '../../src/index.ts'
import { nsid } from '../../src/plugins/nsid.ts'
import { parseMessage } from '../../src/wire/message.ts'
import { COREDNS } from '../helpers/coredns.ts'
import type { RawQueryOptions } from '../helpers/raw-query.ts'
import { askRaw } from '../helpers/raw-query.ts'
import { startPair } from './beside-coredns.ts'
import { errorOf, setUp } from './plugin-harness.ts'

const EMPTY = { ednsData: [0, 3, 0, 0] }
const FILLED = { ednsData: [0, 3, 0, 2, 65, 66] }
const dataOf = (text: string) => Buffer.from(setUp(nsid, text).nsid ?? []).toString()

describe('nsid', () => {
  test.for([
    ['nsid', 'host-1'],
    ['nsid Use The Force', 'Use The Force'],
    ['nsid "a  b"', 'a  b'],
    ['nsid é', 'é'],
  ] as const)('%s', ([text, expected]) => {
    expect(dataOf(text)).toBe(expected)
  })

  test.for([
    [
      `nsid ${'x'.repeat(100)} ${'y'.repeat(28)}`,
      'SLICEDNS_CONFIG_VALUE Corefile:2:6: the data of "nsid" has 129 octets; give at most 128',
    ],
    ['nsid {\n  x\n}', 'SLICEDNS_CONFIG_BLOCK Corefile:3:3: "nsid" takes no properties in braces'],
    ['nsid a\nnsid b', 'SLICEDNS_CONFIG_DIRECTIVE_TWICE Corefile:3:1: a server block takes one "nsid" only'],
  ] as const)('%s is an error', ([text, expected]) => {
    expect(errorOf(nsid, text)).toContain(expected)
  })
})

describe('nsid served', () => {
  const longest = 'x'.repeat(128)

  test('E14 NSID, empty or not, gets our id; no NSID, none', async () => {
    expect(await optionsFor('nsid replica 1', 'example. A', EMPTY)).toEqual([[3, 'replica 1']])
    expect(await optionsFor('nsid replica 1', 'example. A', FILLED)).toEqual([[3, 'replica 1']])
    expect(await optionsFor('nsid replica 1', 'example. A', {})).toEqual([])
    expect(await optionsFor('nsid replica 1', 'example. A', { edns: false })).toBeUndefined()
  })

  test('stands before the Extended DNS Error, and is told in a failure too', async () => {
    const options = await optionsFor('nsid replica 1', 'example. AXFR', EMPTY)
    expect(options).toEqual([
      [3, 'replica 1'],
      [15, expect.stringContaining('zone transfers are not served')],
    ])
  })

  test('the longest fits beside the longest name at 512 octets', async () => {
    const label = 'a'.repeat(63)
    const question = `${label}.${label}.${label}.${'a'.repeat(61)}. A`
    const options = { ...EMPTY, sizeOctets: 512 }
    expect(await optionsFor(`nsid ${longest}`, question, options)).toEqual([[3, longest]])
  })
})

describe.skipIf(COREDNS === undefined)('nsid beside CoreDNS', () => {
  test.for(['nsid', 'nsid Use The Force'])('%s says the same', async (directive) => {
    const pair = await startPair(`${directive}\n whoami`)
    for (const options of [EMPTY, FILLED, {}]) {
      const { ours, theirs } = await pair.ask('www.example. A', options)
      expect(ours.nsid).toBe(theirs.nsid)
    }
  })

  test('differs where nothing answers, and where nothing is configured', async () => {
    const failing = await (await startPair('nsid abc\n minimal')).ask('www.example. A', EMPTY)
    expect([failing.ours.nsid, failing.theirs.nsid]).toEqual(['abc', ''])
    const unset = await (await startPair('whoami')).ask('www.example. A', EMPTY)
    expect([unset.ours.nsid, unset.theirs.nsid]).toEqual([undefined, ''])
  })
})

/** The options of a reply's OPT record, as code and text. */
async function optionsFor(directive: string, question: string, options: RawQueryOptions): Promise<unknown> {
  const server = await startServer({ corefileText: `.:0 {\n bind 127.0.0.1\n ${directive}\n whoami\n}\n` })
  onTestFinished(() => server.close())
  const octets = await askRaw(
    { address: '127.0.0.1', port: server.port, transport: 'udp' },
    question,
    options,
  )
  const parsed = parseMessage(octets)
  return parsed.message?.opt?.options.map(({ code, data }) => [code, Buffer.from(data).toString()])
}
