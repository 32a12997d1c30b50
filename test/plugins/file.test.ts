import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

import { ConfigError } from '../../src/config/config-error.ts'
import { file } from '../../src/plugins/file.ts'
import type { ZoneFile } from '../../src/plugins/file/zone-file.ts'
import type { PluginHost } from '../../src/plugins/plugin.ts'
import { rdataToText } from '../../src/wire/rdata-text.ts'
import type { QueryMetadata, Reply } from '../../src/zone/responder.ts'
import { clientQuery } from '../forward/client-query.ts'
import { COREDNS } from '../helpers/coredns.ts'
import { ZONE_SEEDS, ZONE_TYPES, zoneFileSet } from '../helpers/directive-sets/zone-file-sets.ts'
import { ROOT } from '../helpers/source-tree.ts'
import type { Outline } from './beside-coredns.ts'
import { startPair, startSet } from './beside-coredns.ts'
import { differences, questionsOf } from './differences-from-coredns.ts'
import type { TestHost } from './plugin-harness.ts'
import { chainOf, setUp, testHost } from './plugin-harness.ts'

const PASSED: Reply = { rcode: 5, authoritativeAnswer: false, answer: [], authority: [], additional: [] }

const SOA = '@ 60 IN SOA ns.net. admin.net. 1 3600 600 86400 60\n@ 60 IN NS ns.net.\n'
const WEB = `${SOA}web 60 IN A 10.0.0.1\na.b.c 60 IN A 10.0.0.2\nout 60 IN CNAME web.elsewhere.\n`

/** A host whose files are in memory and can be changed; `tick` lets time pass. */
function hostWith(files: Record<string, string>): TestHost & { readonly tick: () => Promise<void> } {
  const tasks: (() => void | Promise<void>)[] = []
  const host = testHost({
    readFile: (path) => {
      const text = files[path]
      if (text === undefined) throw new Error(`no file ${path}`)
      return text
    },
    fileStamp: (path) => files[path],
    every: (_intervalMs, task) => void tasks.push(task),
  })
  return Object.assign(host, {
    tick: async () => {
      for (const task of tasks) await task()
    },
  })
}

/** What a `file` says to a question; `passed` where it passes it on. */
async function said(text: string, question: string, host: TestHost): Promise<string> {
  const resolve = (): Reply => ({ ...PASSED, rcode: 3 })
  const parts = setUp(file, text, host)
  await host.prepare()
  const reply = await chainOf(parts, PASSED)(clientQuery(question, { resolve }))
  if (reply === PASSED) return 'passed'
  const records = reply.answer.flatMap(({ owner, rdatas }) =>
    rdatas.map((rdata) => `${owner} ${rdataToText(rdata)}`),
  )
  return [`${reply.rcode}${reply.authoritativeAnswer ? ' aa' : ''}`, ...records].join('; ')
}

/** The ConfigError of a `file`, set up or prepared, as errorOf has it. */
async function refusal(text: string, host: TestHost, root?: string): Promise<string> {
  try {
    setUp(file, text, host, { root })
    await host.prepare()
    return 'no error'
  } catch (error) {
    if (error instanceof ConfigError) return `${error.code} ${error.message}`
    throw error
  }
}

describe('file', () => {
  test.for([
    ['file db', 'web.example. A', '0 aa; web.example. 10.0.0.1'],
    ['file db', 'WEB.example. A', '0 aa; WEB.example. 10.0.0.1'],
    ['file db', 'web.example. TXT', '0 aa'],
    ['file db', 'b.c.example. A', '0 aa'],
    ['file db', 'none.example. A', '3 aa'],
    ['file db', 'web.other. A', 'passed'],
    ['file db other', 'web.example. A', 'passed'],
    ['file db other', 'web.other. A', '0 aa; web.other. 10.0.0.1'],
    ['file db {\n fallthrough\n}', 'none.example. A', 'passed'],
    ['file db {\n fallthrough\n}', 'b.c.example. A', 'passed'],
    ['file db {\n fallthrough\n}', 'web.example. TXT', '0 aa'],
    ['file db {\n fallthrough c.example\n}', 'none.example. A', '3 aa'],
    ['file db {\n fallthrough c.example\n}', 'none.c.example. A', 'passed'],
    ['file db {\n upstream\n reload_by_mtime\n}', 'web.example. A', '0 aa; web.example. 10.0.0.1'],
  ] as const)('%j: answers %s', async ([text, question, expected]) => {
    expect(await said(text, question, hostWith({ db: WEB }))).toBe(expected)
  })

  test.for([
    ['x.w.example. A', '*.w.example.'],
    ['x.w.example. TXT', '*.w.example.'],
    ['to.example. A', '*.w.example.'],
    ['web.example. A', undefined],
  ] as const)('notes the wildcard that answers %s: %s', async ([question, expected]) => {
    const host = hostWith({ db: `${WEB}*.w 60 IN A 10.0.0.7\nto 60 IN CNAME y.w\n` })
    const parts = setUp(file, 'file db', host)
    await host.prepare()
    let noted: string | undefined
    const metadata: QueryMetadata = {
      get: () => undefined,
      note: (label, value) => (noted = `${label} ${value()}`),
    }
    await chainOf(parts)(clientQuery(question, { metadata }))
    expect(noted).toBe(expected && `zone/wildcard ${expected}`)
  })

  test('takes the rest of a chain that leaves the zone from the block that has it', async () => {
    expect(await said('file db', 'out.example. A', hostWith({ db: WEB }))).toBe(
      '3 aa; out.example. web.elsewhere.',
    )
  })

  test('of two files for one zone, and of two fallthrough, the last counts', async () => {
    const host = hostWith({ one: WEB, two: `${SOA}web 60 IN A 10.0.0.9\n` })
    const text = 'file one {\n fallthrough\n}\nfile two {\n fallthrough none.example\n}'
    expect(await said(text, 'web.example. A', host)).toBe('0 aa; web.example. 10.0.0.9')
    expect(await said(text, 'x.example. A', host)).toBe('3 aa')
  })

  test('names its zones as our own, for chains of upstreams that lead there', () => {
    const zones: string[] = []
    const host = {
      ...hostWith({ db: WEB }),
      addOwnZones: (own: readonly string[]) => void zones.push(...own),
    }
    setUp(file, 'file db a.example b.example', host)
    expect(zones).toEqual(['a.example.', 'b.example.'])
  })

  test('a relative path starts from root, an absolute one does not', async () => {
    const host = hostWith({ 'zones/db': WEB, '/db': WEB })
    expect(await refusal('file db {\n reload 0\n}', host)).toContain('cannot be read')
    expect(await refusal('file db {\n reload 0\n}', host, 'zones')).toBe('no error')
    expect(await refusal('file /db {\n reload 0\n}', host, 'zones')).toBe('no error')
  })

  test('reads a file again when it changes; a bad one, and one that is gone, leave the zone as it was', async () => {
    const files: Record<string, string> = { db: WEB }
    const host = hostWith(files)
    const chain = chainOf(setUp(file, 'file db', host), PASSED)
    await host.prepare()
    const answer = async (): Promise<string> =>
      (await chain(clientQuery('web.example.'))).answer
        .flatMap(({ rdatas }) => rdatas.map(rdataToText))
        .join()
    const { lines } = host
    expect(await answer()).toBe('10.0.0.1')

    files['db'] = WEB.replace('10.0.0.1', '10.0.0.3')
    expect(await answer()).toBe('10.0.0.1')
    await host.tick()
    expect(await answer()).toBe('10.0.0.3')
    expect(lines.splice(0)).toEqual(['info read zone file db again: it has changed'])

    files['db'] = `${SOA}web 60 IN A 10.0.0\n`
    await host.tick()
    await host.tick()
    expect(await answer()).toBe('10.0.0.3')
    expect(lines.splice(0)).toEqual([
      expect.stringMatching(/^error db:3:13: .*; the zone as it was before is served$/),
    ])

    delete files['db']
    await host.tick()
    await host.tick()
    expect(await answer()).toBe('10.0.0.3')
    expect(lines.splice(0)).toEqual([
      'warn zone file db cannot be read; it is tried again; the zone as it was before is served',
    ])

    files['db'] = WEB.replace('10.0.0.1', '10.0.0.4')
    await host.tick()
    expect(await answer()).toBe('10.0.0.4')
  })

  test('another configuration keeps a zone whose file has become bad', async () => {
    const files: Record<string, string> = { db: WEB }
    const kept = new Map<string, ZoneFile>()
    const zoneFiles: PluginHost['zoneFiles'] = {
      get: (key, create) => kept.get(key) ?? kept.set(key, create()).get(key) ?? create(),
    }
    const host = { ...hostWith(files), zoneFiles }
    expect(await said('file db', 'web.example. A', host)).toContain('10.0.0.1')
    files['db'] = 'nonsense'
    expect(await said('file db', 'web.example. A', host)).toContain('10.0.0.1')
    expect(host.lines.some((line) => line.startsWith('error db:1:1: '))).toBe(true)
  })

  test('waits with SERVFAIL for a file that is not there yet', async () => {
    const files: Record<string, string> = {}
    const host = hostWith(files)
    const chain = chainOf(setUp(file, 'file db', host), PASSED)
    await host.prepare()
    expect(host.lines).toEqual(['warn zone file db cannot be read; it is tried again'])
    const reply = await chain(clientQuery('web.example.'))
    expect([reply.rcode, reply.extendedError?.text]).toEqual([
      2,
      'the file of zone example. could not be read yet',
    ])
    files['db'] = WEB
    await host.tick()
    expect((await chain(clientQuery('web.example.'))).rcode).toBe(0)
  })

  test.for([
    ['file', 'SLICEDNS_CONFIG_ARGUMENT Corefile:2:1: "file" needs an argument'],
    ['file bad', 'SLICEDNS_CONFIG_ZONE_FILE Corefile:2:6: zone example. cannot be served: bad:1:1: '],
    [
      'file none {\n reload 0\n}',
      'SLICEDNS_CONFIG_ZONE_FILE Corefile:2:6: zone example. cannot be served: file "none"',
    ],
    ['file db {\n reload x\n}', 'SLICEDNS_CONFIG_VALUE Corefile:3:9:'],
    ['file db {\n reload\n}', 'SLICEDNS_CONFIG_ARGUMENT Corefile:3:2:'],
    ['file db {\n reload_by_mtime yes\n}', 'SLICEDNS_CONFIG_ARGUMENT Corefile:3:18:'],
    ['file db {\n fallthru\n}', 'SLICEDNS_CONFIG_UNKNOWN_PROPERTY Corefile:3:2:'],
  ] as const)('%j is an error', async ([text, expected]) => {
    expect(await refusal(text, hostWith({ db: WEB, bad: 'nonsense' }))).toContain(expected)
  })
})

/**
 * Why it may differ: CoreDNS adds the zone's NS to every positive answer, we keep replies short. At the end of a chain
 * that leads to nothing we say so (differences.md 13), CoreDNS often NOERROR.
 */
const normalize = (reply: Outline): Partial<Outline> => {
  const { answer, authority } = reply
  if (answer.length > 0 && answer.every((line) => / in cname /.test(line))) return { answer }
  return answer.length === 0
    ? reply
    : { ...reply, authority: authority.filter((line) => !/ in ns /.test(line)) }
}

describe.skipIf(COREDNS === undefined)('file beside CoreDNS', () => {
  test('answers the example zone the same', async () => {
    const pair = await startPair(
      `file ${join(ROOT, 'zones/example.org.zone')} example.org\n hosts {\n 192.0.2.77 pages.example.net\n}`,
    )
    const names = [
      '@',
      'www',
      'blog',
      'docs',
      'mail',
      '_imaps._tcp',
      '_sip._udp',
      '_udp',
      'apps',
      'x.apps',
      'y.x.apps',
    ]
    const more = [
      'admin.apps',
      'x.admin.apps',
      'sub',
      'x.sub',
      'ns.sub',
      'old',
      'host.old',
      'new',
      'dhcp-012',
      'none',
    ]
    const owners = [...names, ...more].map((name) => (name === '@' ? 'example.org.' : `${name}.example.org.`))
    expect(await differences(pair, questionsOf(owners, ZONE_TYPES), { normalize })).toEqual([])
  })

  test.for(ZONE_SEEDS)('answers generated zones the same, seed %i', async (seed) => {
    const { questions, ...set } = zoneFileSet(seed)
    expect(questions.length).toBeGreaterThan(15 * ZONE_TYPES.length)
    const pair = await startSet(set)
    expect(await differences(pair, questions, { normalize })).toEqual([])
  })
})
