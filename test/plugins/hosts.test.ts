import { describe, expect, test } from 'vitest'

import { hosts } from '../../src/plugins/hosts.ts'
import type { HostsFile } from '../../src/plugins/hosts/hosts-file.ts'
import { rdataToText } from '../../src/wire/rdata-text.ts'
import type { Reply } from '../../src/zone/responder.ts'
import { clientQuery } from '../forward/client-query.ts'
import { COREDNS } from '../helpers/coredns.ts'
import { HOSTS_SEEDS, hostsSet } from '../helpers/directive-sets/hosts-sets.ts'
import { startSet } from './beside-coredns.ts'
import { differences, errorsByRcode } from './differences-from-coredns.ts'
import { chainOf, errorOf, setUp, testHost } from './plugin-harness.ts'

const PASSED: Reply = { rcode: 5, authoritativeAnswer: false, answer: [], authority: [], additional: [] }

/** What a `hosts` with this in its braces says to a question; `passed` where it passes it on. */
async function said(text: string, question: string, host = testHost()): Promise<string> {
  const parts = setUp(hosts, text, host)
  await host.prepare()
  const reply = await chainOf(parts, PASSED)(clientQuery(question))
  if (reply === PASSED) return 'passed'
  const records = reply.answer.flatMap(({ owner, ttlSeconds, rdatas }) =>
    rdatas.map((rdata) => `${owner} ${ttlSeconds} ${rdataToText(rdata)}`),
  )
  return [`${reply.rcode}${reply.authoritativeAnswer ? ' aa' : ''}`, ...records].join('; ')
}

const INLINE = `hosts /none . {
  10.0.0.1 web.example. web2.example # a comment
  10.0.0.2 Web.example
  fd00::1 web.example
  ::ffff:10.0.0.3 mapped.example
  fe80::1%eth0 local.example
  10.0.0.9 *.wild.example
`

describe('hosts', () => {
  test.for([
    ['web.example. A', '0 aa; web.example. 3600 10.0.0.1; web.example. 3600 10.0.0.2'],
    ['WEB.example. AAAA', '0 aa; WEB.example. 3600 fd00::1'],
    ['mapped.example. A', '0 aa; mapped.example. 3600 10.0.0.3'],
    ['local.example. AAAA', '0 aa; local.example. 3600 fe80::1'],
    ['web.example. ANY', '0 aa; web.example. 3600 10.0.0.1; web.example. 3600 10.0.0.2'],
    ['web.example. TXT', '0 aa'],
    ['web2.example. AAAA', '0 aa'],
    ['web2.example. PTR', '0 aa'],
    [
      '1.0.0.10.in-addr.arpa. PTR',
      '0 aa; 1.0.0.10.in-addr.arpa. 3600 web.example.; 1.0.0.10.in-addr.arpa. 3600 web2.example.',
    ],
    ['1.0.0.10.in-addr.arpa. A', '0 aa'],
    ['a.wild.example. A', '0 aa; a.wild.example. 3600 10.0.0.9'],
    ['b.a.wild.example. A', '2'],
    ['wild.example. A', '2'],
    ['9.0.0.10.in-addr.arpa. PTR', 'passed'],
    ['no.example. A', '2'],
  ] as const)('answers %s', async ([question, expected]) => {
    expect(await said(`${INLINE}}`, question)).toBe(expected)
  })

  test.for([
    ['fallthrough', 'no.example. A', 'passed'],
    ['fallthrough', 'web.example. TXT', '0 aa'],
    ['fallthrough in-addr.arpa', 'no.example. A', '2'],
    ['fallthrough\n fallthrough_unsupported', 'web.example. TXT', 'passed'],
    ['fallthrough\n fallthrough_unsupported', 'web2.example. AAAA', '0 aa'],
    ['ttl 60', 'web2.example. A', '0 aa; web2.example. 60 10.0.0.1'],
    ['no_reverse', '1.0.0.10.in-addr.arpa. PTR', 'passed'],
  ] as const)('%s: answers %s', async ([property, question, expected]) => {
    expect(await said(`${INLINE}\n${property}\n}`, question)).toBe(expected)
  })

  test('passes names outside its zones on, and leaves them out of reverse names', async () => {
    const text = 'hosts /none other.example {\n 10.0.0.1 web.example web.other.example\n}'
    expect(await said(text, 'web.example. A')).toBe('passed')
    expect(await said(text, 'web.other.example. A')).toContain('10.0.0.1')
    expect(await said(text, '1.0.0.10.in-addr.arpa. PTR')).toBe(
      '0 aa; 1.0.0.10.in-addr.arpa. 3600 web.other.example.',
    )
  })

  test('says why it knows nothing', async () => {
    const reply = await chainOf(setUp(hosts, 'hosts /none .'))(clientQuery('no.example.'))
    expect(reply.extendedError?.text).toBe('no.example. is not in the hosts of this server block')
  })

  test('reads the file again when it changes, and keeps what it held when it is gone', async () => {
    let stamp: string | undefined = '1'
    let text = '10.0.0.1 web.example'
    const ticks: { intervalMs: number; task: () => void | Promise<void> }[] = []
    const host = testHost({
      fileStamp: () => stamp,
      readFile: () => text,
      every: (intervalMs, task) => void ticks.push({ intervalMs, task }),
    })
    const chain = chainOf(setUp(hosts, 'hosts names.txt . {\n 10.0.0.7 web.example\n}', host))
    await host.prepare()
    const addresses = async () =>
      (await chain(clientQuery('web.example.'))).answer.flatMap(({ rdatas }) => rdatas.map(rdataToText))
    expect(ticks.map(({ intervalMs }) => intervalMs)).toEqual([5_000])
    expect(await addresses()).toEqual(['10.0.0.1', '10.0.0.7'])

    text = '10.0.0.2 web.example'
    await ticks[0]?.task()
    expect(await addresses(), 'the same stamp is not read again').toEqual(['10.0.0.1', '10.0.0.7'])
    stamp = '2'
    await ticks[0]?.task()
    expect(await addresses()).toEqual(['10.0.0.2', '10.0.0.7'])
    stamp = undefined
    await ticks[0]?.task()
    expect(await addresses()).toEqual(['10.0.0.2', '10.0.0.7'])
  })

  test.for([
    ['reload 15s', [15_000]],
    ['reload 0', []],
  ] as const)('%s says how often the file is looked at', ([property, expected]) => {
    const intervals: number[] = []
    setUp(
      hosts,
      `hosts x . {\n ${property}\n}`,
      testHost({ every: (intervalMs) => void intervals.push(intervalMs) }),
    )
    expect(intervals).toEqual(expected)
  })

  test('warns of a file that is not there', async () => {
    const host = testHost()
    setUp(hosts, 'hosts /etc/coredns/NodeHosts', host)
    await host.prepare()
    expect(host.lines).toEqual(['warn hosts file /etc/coredns/NodeHosts cannot be read; it is tried again'])
  })

  test.for([
    ['hosts\nhosts', 'SLICEDNS_CONFIG_DIRECTIVE_TWICE Corefile:3:1:'],
    ['hosts {\n fallthru\n}', 'SLICEDNS_CONFIG_UNKNOWN_PROPERTY Corefile:3:2: unknown property "fallthru"'],
    ['hosts {\n ttl 0\n}', 'SLICEDNS_CONFIG_VALUE Corefile:3:6:'],
    ['hosts {\n reload x\n}', 'SLICEDNS_CONFIG_VALUE Corefile:3:9:'],
    [
      'hosts {\n fallthrough_unsupported\n}',
      'SLICEDNS_CONFIG_PROPERTY_CONFLICT Corefile:3:2: "fallthrough_unsupported" needs',
    ],
  ] as const)('%s is an error', ([text, expected]) => {
    expect(errorOf(hosts, text)).toContain(expected)
  })
})

describe('hosts over a reload', () => {
  test('keeps the table of a file, and reads it again where it has changed', async () => {
    const files = new Map<string, HostsFile>()
    let text = '10.0.0.1 web.example'
    let reads = 0
    const host = testHost({
      hostsFiles: { get: (key, create) => kept(files, key, create) },
      fileStamp: () => text,
      modifiedSeconds: () => 1_700_000_000.5,
      readFile: () => {
        reads++
        return text
      },
    })
    expect(await said('hosts /f', 'web.example. A', host)).toContain('10.0.0.1')
    expect(await said('hosts /f', 'web.example. A', host)).toContain('10.0.0.1')
    expect(reads).toBe(1)
    text = '10.0.0.2 web.example'
    expect(await said('hosts /f {\n ttl 5\n}', 'web.example. A', host)).toBe('0 aa; web.example. 5 10.0.0.2')
    expect(await said('hosts /f other', 'web.example. A', host)).toBe('passed')
    expect([reads, files.size]).toEqual([3, 2])
    const time = host.metrics.gauge({ name: 'coredns_hosts_reload_timestamp_seconds', help: '' })
    expect(time.with().value).toBe(1_700_000_000.5)
  })
})

function kept<Value>(values: Map<string, Value>, key: string, create: () => Value): Value {
  const value = values.get(key) ?? create()
  values.set(key, value)
  return value
}

describe.skipIf(COREDNS === undefined)('hosts beside CoreDNS', () => {
  test.for(HOSTS_SEEDS)('answers generated files the same, seed %i', async (seed) => {
    const { questions, ...set } = hostsSet(seed)
    const pair = await startSet(set)
    expect(await differences(pair, questions, { normalize: errorsByRcode })).toEqual([])
  })
})
